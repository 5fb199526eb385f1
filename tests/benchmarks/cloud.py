"""The cloud of words against plotly's ``scatter3d``: the same points, browser, window and hand.

Both are turned by the same made-up mouse: one move a frame of the screen, for as long as a fixed
time lasts. A frame counts once the page has drawn the points in it; what the browser still has
queued at the end is waited for and belongs to the time.
"""

from __future__ import annotations

import base64
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.language import texts_of
from explorer.players.bundle import PLAYERS, bundle
from explorer.players.cloud import cloud_arrays
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from tests.benchmarks.result import Result

if TYPE_CHECKING:
    from playwright.sync_api import Page

POINTS, GROUPS = 100_000, 12
WIDTH, HEIGHT = 1280, 620
FIRST_PICTURE_LIMIT = 2.0
FPS_OVER_PLOTLY = 10.0
RUNS, SECONDS = 3, 4

OUR_PAGE = """<!doctype html><meta charset="utf-8"><style>{css} body {{ margin: 0 }}</style>
<main style="height: {height}px"></main><script type="text/plain">{payload}</script>
<script type="module">{js}
window.bytes = Uint8Array.from(atob(document.querySelector("[type='text/plain']").textContent),
  (sign) => sign.charCodeAt(0));
window.first = () => mountStage(document.querySelector("main"), window.bytes);
window.surface = () => document.querySelector(".cloud-body");
</script>"""

PLOTLY_PAGE = """<!doctype html><meta charset="utf-8"><body style="margin: 0">
<main style="height: {height}px"></main><script type="text/plain">{payload}</script>
<script>{js}</script><script type="module">
const bytes = Uint8Array.from(atob(document.querySelector("[type='text/plain']").textContent),
  (sign) => sign.charCodeAt(0));
const numbers = new Float32Array(bytes.buffer);
const row = (at) => numbers.subarray(at * {points}, (at + 1) * {points});
const marker = {{ size: 2, color: row(3), colorscale: "Viridis" }};
const trace = {{ type: "scatter3d", mode: "markers", x: row(0), y: row(1), z: row(2), marker }};
const layout = {{ margin: {{ l: 0, r: 0, t: 0, b: 0 }} }};
window.first = () => Plotly.newPlot(document.querySelector("main"), [trace], layout);
window.surface = () => document.querySelector("main canvas");
</script>"""

# The page's own frame counter, set before any of its scripts runs.
COUNT_DRAWINGS = """(() => {
  window.drawn = false;
  const watch = (prototype, name, isDrawing) => {
    const call = prototype[name];
    prototype[name] = function (...values) {
      if (isDrawing(values)) window.drawn = true;
      return call.apply(this, values);
    };
  };
  const many = ([, , count]) => count >= LEAST;
  watch(WebGLRenderingContext.prototype, "drawArrays", many);
  watch(WebGL2RenderingContext.prototype, "drawArrays", many);
  watch(CanvasRenderingContext2D.prototype, "putImageData", ([image]) => image.width > 300);
})()""".replace("LEAST", str(POINTS // 2))

FIRST = """async () => {
  const start = performance.now();
  await window.first();
  if (!window.drawn) throw new Error("nothing was drawn");
  await window.waitForGraphics();
  return (performance.now() - start) / 1000;
}"""

WAIT = """window.waitForGraphics = async () => {
  for (const canvas of document.querySelectorAll("canvas")) {
    const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}"""

TURN = """async (seconds) => {
  const surface = window.surface();
  const { left, top, width, height } = surface.getBoundingClientRect();
  const fire = (name, x, y) => {
    for (const [Kind, device] of [[PointerEvent, "pointer"], [MouseEvent, "mouse"]]) {
      surface.dispatchEvent(new Kind(device + name, {
        bubbles: true, cancelable: true, composed: true, pointerId: 1, isPrimary: true,
        clientX: left + x, clientY: top + y, button: 0, buttons: name === "up" ? 0 : 1 }));
    }
  };
  fire("down", width / 2, height / 2);
  const start = performance.now();
  let frames = 0;
  for (let step = 1; performance.now() - start < seconds * 1000; step += 1) {
    window.drawn = false;
    fire("move", width / 2 + 120 * Math.sin(step / 9), height / 2 + 60 * Math.sin(step / 7));
    await new Promise(requestAnimationFrame);
    frames += window.drawn;
  }
  await window.waitForGraphics();
  const passed = (performance.now() - start) / 1000;
  fire("up", width / 2, height / 2);
  return frames / passed;
}"""


def cloud_player() -> list[Result]:
    """Seconds to the first picture of 100,000 points, and frames a second while turning, over
    plotly's.

    Where the machine has no graphics processor, the player sets the pixels itself; how fast it is
    with the browser's imitation of one is printed beside it.
    """
    missing = _missing()
    if missing:
        print(f"cloud: not measured, {missing}", file=sys.stderr)
        return []
    places = _places()
    with tempfile.TemporaryDirectory() as folder, _browser() as new_page:
        pages = {
            "ours": _write(Path(folder), "ours", _our_page(places)),
            "webgl": _write(Path(folder), "webgl", _our_page(places, drawer="webgl")),
            "plotly": _write(Path(folder), "plotly", _plotly_page(places)),
        }
        found = {
            name: [_measured(new_page(), page) for _ in range(RUNS)] for name, page in pages.items()
        }
    firsts, speeds = (
        {name: statistics.median(run[at] for run in runs) for name, runs in found.items()}
        for at in (0, 1)
    )
    print(
        f"cloud: first picture {firsts['ours']:.2f} s (WebGL {firsts['webgl']:.2f} s, plotly "
        f"{firsts['plotly']:.2f} s), turning {speeds['ours']:.1f} frames/s (WebGL "
        f"{speeds['webgl']:.1f}, plotly {speeds['plotly']:.2f})",
        file=sys.stderr,
    )
    ratio = speeds["ours"] / speeds["plotly"]
    return [
        Result(
            "cloud-100k-first-picture",
            firsts["ours"],
            firsts["plotly"],
            firsts["ours"] / firsts["plotly"],
            FIRST_PICTURE_LIMIT,
            firsts["ours"] <= FIRST_PICTURE_LIMIT,
        ),
        Result(
            "cloud-100k-fps-over-plotly",
            speeds["ours"],
            speeds["plotly"],
            ratio,
            FPS_OVER_PLOTLY,
            ratio >= FPS_OVER_PLOTLY,
        ),
    ]


def _missing() -> str:
    """What is needed and not there, or nothing."""
    try:
        import playwright.sync_api  # noqa: F401  (only whether it is installed)
    except ImportError:
        return "playwright is not installed (pip install -r tests/requirements.txt)"
    return "" if _chromium() else "no Chromium on this machine"


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        yield lambda: browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        browser.close()


def _measured(page: Page, file: Path) -> tuple[float, float]:
    """Seconds to the first picture, frames a second while turning."""
    page.add_init_script(COUNT_DRAWINGS)
    page.add_init_script(WAIT)
    page.goto(file.as_uri())
    page.wait_for_function("window.first !== undefined")
    first = page.evaluate(FIRST)
    speed = page.evaluate(TURN, SECONDS)
    page.close()
    return first, speed


def _places() -> np.ndarray:
    """(point, 4): three coordinates in clusters, and the cluster."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(GROUPS, 3)) * 2.2
    group = random.integers(0, GROUPS, POINTS)
    places = centres[group] + random.normal(size=(POINTS, 3)) * 0.55
    return np.column_stack([places, group]).astype(np.float32)


def _our_page(places: np.ndarray, **options: Any) -> str:
    arrays = cloud_arrays(
        places[:, :3],
        [f"word{point}" for point in range(POINTS)],
        group=places[:, 3].astype(np.int32),
        frequency=1e6 / np.arange(2, POINTS + 2),
    )
    spec = plain_spec(
        [Panel("cloud", "a", options={"colour": "group", "card": False, **options})],
        Layout("'a'", "1fr", "minmax(0, 1fr)", HEIGHT),
        texts_of("en"),
        group="benchmark",
        tokens=["still"],
        units=POINTS,
        cursor={},
    )
    return OUR_PAGE.format(
        css=(PLAYERS / "stage.css").read_text(encoding="utf-8"),
        height=HEIGHT,
        payload=base64.b64encode(pack(arrays, spec)).decode(),
        js=bundle(),
    )


def _plotly_page(places: np.ndarray) -> str:
    from plotly.offline import get_plotlyjs

    payload = base64.b64encode(np.ascontiguousarray(places.T).tobytes()).decode()
    return PLOTLY_PAGE.format(height=HEIGHT, payload=payload, js=get_plotlyjs(), points=POINTS)


def _write(folder: Path, name: str, page: str) -> Path:
    file = folder / f"{name}.html"
    file.write_text(page, encoding="utf-8")
    return file


BENCHMARKS = {("cloud-100k-first-picture", "cloud-100k-fps-over-plotly"): cloud_player}
