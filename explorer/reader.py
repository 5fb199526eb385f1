"""The reader of this session, and what is theirs: it outlives a reload of the page.

The browser carries the reader's token as a cookie, so it stands in no address: a shared link
shares no file.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.belongings import Belongings, bytes_allowed
from explorer.once import once

COOKIE = "unrolled_reader"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}", re.ASCII)
# A second page that was opened at the same moment may have set a token of its own. Where this one
# owns files, its token must be what a reload brings back.
_SCRIPT = """<script>
if ({always} || !document.cookie.includes("{name}="))
  document.cookie = "{name}={token}; path=/; SameSite=Lax" +
    (location.protocol === "https:" ? "; Secure" : "");
</script>"""


def greet() -> None:
    """Give the browser the reader's token, and note that this session is at work."""
    token = _token()
    _store().look(token, _session())
    owns = bool(st.session_state.get("owns"))
    script = _SCRIPT.format(always="true" if owns else "false", name=COOKIE, token=token)
    with st.container(key="reader"):  # takes no room, see the style of the app
        st.html(script, unsafe_allow_javascript=True)


def keep_own(kind: str, name: str, value: Any, size: int) -> None:
    """Keep something that this reader has opened; ``size`` is in bytes.

    Raises NoRoomError, a ValueError, where there is no room for it.
    """
    _store().keep(_token(), _session(), kind, name, value, size)
    st.session_state["owns"] = True


def own(kind: str) -> Mapping[str, Any]:
    """What this reader has opened of one kind, by name, the oldest first."""
    return _store().all_of(_token(), kind)


def drop_own(kind: str, name: str) -> None:
    """Let one thing of this reader's go."""
    _store().drop(_token(), kind, name)


def _token() -> str:
    """The reader's token: of this session, else of the browser, else a new one."""
    if "reader" not in st.session_state:
        sent = str(st.context.cookies.get(COOKIE, ""))
        known = _TOKEN.fullmatch(sent) is not None
        st.session_state["reader"] = sent if known else secrets.token_urlsafe(32)
    return st.session_state["reader"]


def _session() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


def _is_live(session: str) -> bool:
    """Whether a page of the session is open; without a server, as in a script, it always is."""
    return not Runtime.exists() or Runtime.instance().is_active_session(session)


@once
def _store() -> Belongings:
    return Belongings(bytes_allowed(), _is_live)
