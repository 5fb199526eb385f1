// The line above the unrolled graph: where the cursor stands, the colour scale, zoom buttons.
import { element } from "./dom.js";
import { GRAPH_HEADER } from "./graph_layout.js";
import { iconButton } from "./icons.js";
import { createScaleBar } from "./scale_bar.js";

const HEADER_NARROW = 620;

/** zoom: {closer(), wider(), all()}. -> {node, scale, draw(line, note, playing), showZoom(view),
 * resize(width)}. */
export function createGraphHeader(text, zoom) {
  const line = element("div");
  const note = element("div");
  const readout = element("div", { role: "status" }, line, note);
  const scale = createScaleBar();
  const buttons = zoomButtons(text, zoom);
  const node = element("div", {}, readout, scale.node, buttons.node);
  styleHeader(node, readout, line, note);
  const draw = (said, aside, playing) => {
    setHeaderLine(line, said);
    setHeaderLine(note, aside);
    // While it plays a screen reader would never finish a sentence.
    const live = playing ? "off" : "polite";
    if (readout.getAttribute("aria-live") !== live) readout.setAttribute("aria-live", live);
  };
  const resize = (width) => {
    const narrow = width < HEADER_NARROW;
    scale.node.style.display = narrow ? "none" : "flex";
    line.style.fontSize = narrow ? "13px" : "15px";
  };
  return { node, scale, draw, resize, showZoom: buttons.show };
}

function zoomButtons(text, zoom) {
  const wider = iconButton("slower", text.graph_zoom_out, zoom.wider);
  const closer = iconButton("faster", text.graph_zoom_in, zoom.closer);
  const all = element("button", { type: "button", class: "u-button u-word" }, text.graph_fit);
  all.title = text.graph_fit_title;
  all.addEventListener("click", zoom.all);
  const group = { class: "u-group", role: "group", "aria-label": text.graph_zoom };
  const node = element("div", group, wider, closer, all);
  Object.assign(node.style, { flex: "none", pointerEvents: "auto" });
  // aria-disabled rather than disabled: the focus stays where it is.
  const show = ({ showsAll, isClosest }) => {
    for (const [button, off] of [[wider, showsAll], [all, showsAll], [closer, isClosest]]) {
      if (button.getAttribute("aria-disabled") === String(off)) continue;
      button.setAttribute("aria-disabled", String(off));
      button.style.opacity = off ? "0.45" : "";
    }
  };
  return { node, show };
}

function styleHeader(node, readout, line, note) {
  Object.assign(node.style, {
    position: "absolute",
    inset: "0 0 auto 0",
    height: `${GRAPH_HEADER - 6}px`,
    display: "flex",
    alignItems: "center",
    gap: "16px",
  });
  Object.assign(readout.style, { flex: "1", minWidth: "0" });
  const oneLine = { whiteSpace: "nowrap", overflow: "hidden", textOverflow: "ellipsis" };
  for (const part of [line, note]) Object.assign(part.style, oneLine);
  Object.assign(line.style, { fontWeight: "600", lineHeight: "18px" });
  Object.assign(note.style, { fontSize: "13px", lineHeight: "17px", color: "var(--u-muted)" });
}

function setHeaderLine(node, text) {
  if (node.textContent === text) return;
  node.textContent = text;
  // What does not fit can still be read.
  node.title = text;
}
