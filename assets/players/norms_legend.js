// The line above the panels: what the strokes mean, only as far as they occur.
import { element, svgElement } from "./dom.js";
import { curveDash, curveInk } from "./norms_paint.js";
import { fillText } from "./words.js";

const NORMS_FLOOR_SHAPES = {
  zero: "M4 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  missing: "M4 3l8 8M12 3l-8 8",
  tiny: "M4 4l4 5l4-5",
};

/** -> {node, draw(theme, layer)} */
export function createNormsLegend(model, text) {
  const node = element("div");
  Object.assign(node.style, {
    position: "absolute",
    inset: "0 0 auto 0",
    display: "flex",
    flexWrap: "wrap",
    gap: "2px 18px",
    fontSize: "13px",
    lineHeight: "20px",
    color: "var(--u-muted)",
  });
  const draw = (theme, layer) => node.replaceChildren(...legendItems(model, text, theme, layer));
  return { node, draw };
}

function legendItems(model, text, theme, layer) {
  const items = [legendTitle(text.norms_title)];
  for (const signal of model.signals) {
    const ink = curveInk({ signal, layer: model.layers - 1 }, model.layers, theme);
    items.push(legendItem(legendStroke(ink, curveDash(signal)), model.symbol(signal)));
  }
  if (model.layers > 1) items.push(...legendLayers(model, text, theme, layer));
  items.push(legendItem(legendPatch(theme), text.norms_below));
  const floors = { zero: text.norms_zero, missing: text.norms_missing, tiny: text.norms_tiny };
  for (const [state, name] of Object.entries(floors)) {
    if (model.seen[state]) items.push(legendItem(floorSign(state, theme.text), name));
  }
  items.push(element("span", {}, text.norms_share));
  return items;
}

function legendLayers(model, text, theme, chosen) {
  return Array.from({ length: model.layers }, (_, layer) => {
    const ink = curveInk({ signal: model.signals[0], layer }, model.layers, theme);
    const name = element("span", {}, fillText(text.norms_layer, { n: layer + 1 }));
    if (layer === Math.min(chosen, model.layers - 1)) name.style.fontWeight = "700";
    return legendItem(legendStroke(ink, [], layer === chosen ? 3 : 1.8), name);
  });
}

function legendTitle(words) {
  const node = element("span", {}, words);
  Object.assign(node.style, { color: "var(--u-text)", fontWeight: "600" });
  return node;
}

function legendItem(sign, name) {
  const node = element("span", {}, sign, name);
  Object.assign(node.style, { display: "inline-flex", alignItems: "center", gap: "6px" });
  return node;
}

function legendStroke(color, dash, width = 2.6) {
  const line = { x1: 0, y1: 7, x2: 26, y2: 7, "stroke-dasharray": dash.join(" ") };
  return legendSign(26, svgElement("line", { ...line, stroke: color, "stroke-width": width }));
}

function legendPatch(theme) {
  const opacity = theme.dark ? 0.22 : 0.14;
  return legendSign(18, svgElement("rect", { width: 18, height: 14, fill: theme.text, opacity }));
}

function floorSign(state, color) {
  const shape = { d: NORMS_FLOOR_SHAPES[state], fill: "none", stroke: color, "stroke-width": 1.6 };
  return legendSign(16, svgElement("path", shape));
}

function legendSign(width, shape) {
  const box = { width, height: 14, viewBox: `0 0 ${width} 14`, "aria-hidden": "true" };
  const node = svgElement("svg", box, shape);
  node.style.flex = "none";
  return node;
}
