// What the pictures of a recurrent matrix share: one frame of an array over frames (spectral
// radii, or updates of a training), and the logarithmic plot over the gap.
import { element } from "./dom.js";
import { svgElement } from "./dom.js";
import { powerLabel } from "./log_axis.js";
import { powersBetween } from "./log_axis.js";

const SPECTRUM_MARGIN = { left: 46, right: 10, top: 8, bottom: 40 };
const SPECTRUM_LEAST_PITCH = 34;

/** Frame `at` of an array (frames, ...): a view. What has one frame only is the same in all. */
export function frameOf(recording, name, at) {
  const { shape, data } = recording.array(name);
  const size = data.length / shape[0];
  const frame = Math.min(at, shape[0] - 1);
  return data.subarray(frame * size, (frame + 1) * size);
}

/** The plot inside its margins: x(gap) and y(log10 of a size) in pixels, `decades` up and down. */
export function spectrumPlot(sheet, decades, steps, top = 0) {
  const { left, right, bottom } = SPECTRUM_MARGIN;
  const box = { left, right: sheet.width - right, top: top + SPECTRUM_MARGIN.top };
  box.bottom = Math.max(sheet.height - bottom, box.top + 1);
  const height = box.bottom - box.top;
  box.x = (gap) => left + (gap / Math.max(steps - 1, 1)) * (box.right - left);
  box.y = (power) => box.top + ((decades - power) / (2 * decades)) * height;
  box.steps = steps;
  box.decades = decades;
  return box;
}

/** Powers of ten, the line at 1 (nothing lost, nothing gained), and the gaps. */
export function paintSpectrumAxes(context, plot, theme, title, label = String) {
  const { left, right, top, bottom, decades } = plot;
  context.font = `13px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const most = Math.max(3, Math.floor((bottom - top) / 24));
  for (const power of powersBetween(10 ** -decades, 10 ** decades, most)) {
    const y = plot.y(power);
    context.strokeStyle = power === 0 ? theme.muted : theme.faint;
    context.lineWidth = power === 0 ? 1.5 : 1;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillStyle = theme.text;
    context.fillText(powerLabel(power), left - 6, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const pitch = (right - left) / Math.max(plot.steps - 1, 1);
  const every = [1, 2, 5, 10, 20, 50].find((step) => step * pitch >= SPECTRUM_LEAST_PITCH) ?? 100;
  for (let gap = 0; gap < plot.steps; gap += every) {
    context.fillText(label(gap), plot.x(gap), bottom + 4);
  }
  context.fillStyle = theme.muted;
  context.fillText(title, (left + right) / 2, bottom + 22);
}

/** A line through log10 values at `places`, cut at the plot's edges; breaks where there is none. */
export function paintSpectrumLine(context, plot, places, values, { color, width = 1, dash = [], alpha = 1 }) {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = width;
  context.globalAlpha = alpha;
  context.setLineDash(dash);
  context.lineJoin = "round";
  context.beginPath();
  let open = false;
  values.forEach((value, at) => {
    const here = value === -Infinity ? -1e3 : value;
    if (!Number.isFinite(here)) return (open = false);
    const [x, y] = [plot.x(places[at]), plot.y(Math.max(Math.min(here, 1e3), -1e3))];
    if (open) context.lineTo(x, y);
    else context.moveTo(x, y);
    open = true;
  });
  context.stroke();
  context.restore();
}

/** What the lines of a plot mean, into `node`; lines: [label, {color, width, dash}]. */
export function paintLineKeys(node, lines) {
  node.replaceChildren(...lines.map(([label, { color, width, dash = [] }]) => {
    const stroke = svgElement("line", { x1: 1, x2: 25, y1: 6, y2: 6, "stroke-dasharray": dash.join(" ") });
    Object.assign(stroke.style, { stroke: color, strokeWidth: width });
    const sign = svgElement("svg", { width: 26, height: 12, "aria-hidden": "true" }, stroke);
    return element("span", { class: "curves-key" }, sign, label);
  }));
}
