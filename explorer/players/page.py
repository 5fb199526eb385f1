"""A stage as one HTML file that plays without a server, also when opened from disk."""

import base64
import hashlib
import html
import re

from explorer.players.bundle import PLAYERS, bundle

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

_PAGE_STYLE = """
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; box-sizing: border-box; padding: 12px 16px;
  background: #ffffff; color: #1d2129; color-scheme: light;
  font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 18px; font-weight: 600; margin: 0 0 8px; }
main { flex: 1; min-height: 0; }
main .u-stage { height: 100%; min-height: 320px; }
@media (prefers-color-scheme: dark) {
  body { background: #14171c; color: #eceef2; color-scheme: dark; }
}
"""

_START = """
const payload = document.getElementById("payload").textContent;
const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
mountStage(document.querySelector("main"), bytes);
"""

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1></header>
<main></main>
<script type="text/plain" id="payload">{payload}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def standalone_page(payload: bytes, *, title: str, language: str) -> str:
    """One self-contained HTML page that shows ``payload`` on a stage.

    Args:
        payload: the recording with its spec, a safetensors file as the stage reads it.
        title: title and heading of the page, plain text.
        language: language of the page as a BCP 47 tag, such as ``"en"`` or ``"zh"``.

    Returns:
        The page. Its policy runs this one script only and allows no network, so whatever
        the recording's tokens hold, nothing can be loaded, sent or run.

    Raises:
        ValueError: the payload is empty or the language is no language tag.
    """
    if not payload:
        raise ValueError("got an empty payload, expected the bytes of a recording")
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f"got language {language!r}, expected a tag such as 'en' or 'zh'")
    style = (PLAYERS / "stage.css").read_text(encoding="utf-8") + _PAGE_STYLE
    script = _script_safe(bundle() + _START)
    return _PAGE.format(
        language=language,
        policy=html.escape(_policy(script)),
        title=html.escape(title),
        style=_style_safe(style),
        payload=base64.b64encode(payload).decode("ascii"),
        script=script,
    )


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'sha256-{digest}' blob:",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _script_safe(script: str) -> str:
    """Inside strings and templates ``\\/`` and ``\\!`` mean ``/`` and ``!``, so nothing changes
    for JavaScript, while the HTML parser no longer sees an end of the script."""
    closed = re.sub(r"</(?=script)", r"<\\/", script, flags=re.IGNORECASE)
    closed = re.sub(r"<(?=script)", r"\\x3c", closed, flags=re.IGNORECASE)
    return closed.replace("<!--", r"<\!--")


def _style_safe(style: str) -> str:
    return re.sub(r"</(?=style)", r"<\\/", style, flags=re.IGNORECASE)
