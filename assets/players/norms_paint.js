// Painting the panels of gradient sizes: what stands still (axes, curves) and what follows the
// cursor (line, numbers, marks).
import { powerLabel, powersBetween } from "./log_axis.js";
import { panelScale } from "./norms_layout.js";
import { NORMS_SHARES, findFaded } from "./norms_model.js";

const NORMS_INKS = {
  light: { grad_hidden: "#1f5fbf", grad_cell: "#b4530a", grad_output: "#0f766e" },
  dark: { grad_hidden: "#7fb2ff", grad_cell: "#ffb066", grad_output: "#4fd1c0" },
};
const NORMS_DASHES = { grad_cell: [6, 4], grad_output: [2, 3] };
const NORMS_MARK_ROOM = 10;

/** Colour of a curve; deeper layers are paler than the last. */
export function curveInk({ signal, layer }, layers, theme) {
  const inks = NORMS_INKS[theme.dark ? "dark" : "light"];
  const share = layers === 1 ? 100 : Math.round(42 + (58 * (layer + 1)) / layers);
  return `color-mix(in srgb, ${inks[signal] ?? theme.text} ${share}%, ${theme.background})`;
}

export function curveDash(signal) {
  return NORMS_DASHES[signal] ?? [];
}

/** Grid, axis numbers and reference lines. */
export function paintNormsBase(context, scene) {
  scene.panels.forEach((panel, at) => {
    paintGrid(context, scene, panel);
    paintReferences(context, scene, panel, scene.model.series[at]);
  });
}

function paintGrid(context, { model, theme, font }, panel) {
  const scale = panelScale(panel, model);
  const { low, high } = model.range;
  context.font = font(13);
  context.textAlign = "right";
  context.textBaseline = "middle";
  const most = Math.max(Math.floor((panel.bottom - panel.top) / 26), 2);
  for (const power of powersBetween(low, high, most)) {
    const y = Math.round(scale.y(10 ** power)) + 0.5;
    strokeLine(context, [panel.left, y], [panel.right, y], theme.faint, 1);
    context.fillStyle = theme.muted;
    const clear = !model.hasFloor || y < panel.floor - 14;
    if (panel.isFirst && clear) context.fillText(powerLabel(power), panel.left - 7, y);
  }
  const foot = Math.round(model.hasFloor ? panel.floor : panel.bottom) + 0.5;
  strokeLine(context, [panel.left, foot], [panel.right, foot], theme.border, 1);
  if (model.hasFloor && panel.isFirst) context.fillText("0", panel.left - 7, foot);
}

function paintReferences(context, { model, theme, font, layer }, panel, series) {
  const [curve] = model.chosen(series, layer);
  const scale = panelScale(panel, model);
  context.font = font(12);
  context.textAlign = "right";  // there the curve is high above these lines
  context.textBaseline = "alphabetic";
  for (const share of NORMS_SHARES) {
    const size = share * curve.last;
    if (!(size > model.range.low)) continue;
    const y = Math.round(scale.y(size)) + 0.5;
    strokeLine(context, [panel.left, y], [panel.right, y], theme.muted, 1, [2, 4]);
    haloText(context, `${share * 100}%`, panel.right - 3, y - 4, theme.muted, theme.background);
  }
}

/** The faded stretch and all curves with their marks at the floor. */
export function paintNormsCurves(context, scene) {
  scene.panels.forEach((panel, at) => {
    const series = scene.model.series[at];
    paintFaded(context, scene, panel, series);
    for (const curve of series.curves) paintCurve(context, scene, panel, curve);
  });
}

function paintFaded(context, { model, theme, layer }, panel, series) {
  const [curve] = model.chosen(series, layer);
  const scale = panelScale(panel, model);
  const foot = model.hasFloor ? panel.floor : panel.bottom;
  context.fillStyle = theme.text;
  context.globalAlpha = theme.dark ? 0.12 : 0.07;
  for (const [first, last] of findFaded(curve, NORMS_SHARES[0])) {
    const left = scale.x(first) - scale.pitch / 2;
    context.fillRect(left, panel.top, (last - first + 1) * scale.pitch, foot - panel.top);
  }
  context.globalAlpha = 1;
}

function paintCurve(context, { model, theme, layer }, panel, curve) {
  const scale = panelScale(panel, model);
  const ink = curveInk(curve, model.layers, theme);
  context.strokeStyle = ink;
  context.lineWidth = curve.layer === Math.min(layer, model.layers - 1) ? 2.6 : 1.6;
  context.lineJoin = "round";
  context.setLineDash(curveDash(curve.signal));
  context.beginPath();
  let pen = false;
  curve.values.forEach((value, time) => {
    // A line through "no value" would be an invention; towards zero it drops to the floor.
    if (model.stateOf(value) === "missing") pen = false;
    else if (pen) context.lineTo(scale.x(time), scale.y(value));
    else context.moveTo(scale.x(time), scale.y(value));
    if (model.stateOf(value) !== "missing") pen = true;
  });
  context.stroke();
  context.setLineDash([]);
  if (scale.pitch > 12) paintDots(context, model, scale, curve, ink);
  paintFloor(context, model, scale, panel, curve, ink, theme);
}

function paintDots(context, model, scale, { values }, ink) {
  values.forEach((value, time) => {
    if (model.stateOf(value) === "value") fillDot(context, scale.x(time), scale.y(value), 3, ink);
  });
}

// In long runs at the floor only as many marks as can be told apart.
function paintFloor(context, model, scale, panel, { values }, ink, theme) {
  let [shown, lastX] = ["", -Infinity];
  values.forEach((value, time) => {
    const state = model.stateOf(value);
    const x = scale.x(time);
    if (state !== "value" && (state !== shown || x - lastX >= NORMS_MARK_ROOM)) {
      paintFloorMark(context, state, x, panel.floor, ink, theme);
      lastX = x;
    }
    shown = state;
  });
}

/** At the floor: a ring for exactly 0, a cross for no value, an arrow for below the axis. */
function paintFloorMark(context, state, x, y, ink, theme) {
  context.strokeStyle = ink;
  context.fillStyle = theme.background;
  context.lineWidth = 1.6;
  context.beginPath();
  if (state === "zero") {
    context.arc(x, y, 3.4, 0, 2 * Math.PI);
    context.fill();
  } else if (state === "missing") {
    for (const side of [-1, 1]) {
      context.moveTo(x - 3.5, y - 3.5 * side);
      context.lineTo(x + 3.5, y + 3.5 * side);
    }
  } else {
    context.moveTo(x - 3.5, y - 4);
    context.lineTo(x, y + 1);
    context.lineTo(x + 3.5, y - 4);
  }
  context.stroke();
}

export function insidePanel(x, half, { left, right }) {
  return Math.min(Math.max(x, left + half), right - half);
}

export function strokeLine(context, [fromX, fromY], [toX, toY], color, width, dash = []) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
  context.setLineDash([]);
}

export function fillDot(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Text that stays readable where it crosses a line. */
export function haloText(context, text, x, y, color, background) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = background;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
