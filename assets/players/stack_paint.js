// A stack of parts over time: what is positive above zero, what is negative below, each part in
// the colour of its name, which stands in its band where there is room.
import { categoryColor } from "./categories.js";
import { formatTick } from "./words.js";

const STACK_MARGIN = { left: 52, right: 10, top: 8, bottom: 24 };
const STACK_FONT = 13;
const STACK_TALL = 15;

/** The plot inside a sheet of this size. */
export function stackPlot(width, height, steps) {
  const { left, right, top, bottom } = STACK_MARGIN;
  const plot = { x: left, y: top };
  plot.width = Math.max(width - left - right, 1);
  plot.height = Math.max(height - top - bottom, 1);
  plot.across = plot.width / steps;
  return plot;
}

/** Where the parts of every step begin and end: {from, to} (steps x count), low and high. */
export function stackBands(matrix, steps, count) {
  const from = new Float32Array(matrix.length);
  const to = new Float32Array(matrix.length);
  let [low, high] = [0, 0];
  for (let t = 0; t < steps; t += 1) {
    let [above, below] = [0, 0];
    for (let at = t * count; at < (t + 1) * count; at += 1) {
      const value = matrix[at] || 0;
      from[at] = value >= 0 ? above : below;
      to[at] = from[at] + value;
      if (value >= 0) above = to[at];
      else below = to[at];
    }
    low = Math.min(low, below);
    high = Math.max(high, above);
  }
  return { from, to, low, high };
}

/** {low, high, ticks, y(value)} of an axis that holds the bands. */
export function stackScale(low, high, plot, percent) {
  const [bottom, top] = percent && low > -1e-6 ? [0, 1] : [low, high > low ? high : low + 1];
  const y = (value) => plot.y + (1 - (value - bottom) / (top - bottom)) * plot.height;
  const step = stackTick((top - bottom) / 4);
  const ticks = [];
  for (let at = Math.ceil(bottom / step - 1e-9); at * step <= top + 1e-9; at += 1) ticks.push(at * step);
  const label = (value) => (percent ? `${formatTick(Math.round(100 * value))}%` : formatTick(Number(value.toPrecision(6))));
  return { low: bottom, high: top, ticks, y, label };
}

export function paintStack(context, { bands, names, steps, first = 0 }, plot, scale, theme) {
  const count = names.length;
  for (let part = 0; part < count; part += 1) {
    context.fillStyle = stackColor(part, first, theme);
    for (let t = 0; t < steps; t += 1) {
      const at = t * count + part;
      const [top, bottom] = [scale.y(Math.max(bands.from[at], bands.to[at])), scale.y(Math.min(bands.from[at], bands.to[at]))];
      if (bottom - top < 0.05) continue;
      const x = plot.x + t * plot.across;
      context.fillRect(x, top, plot.across + (plot.across < 6 ? 0.5 : -1), bottom - top - (bottom - top > 3 ? 0.6 : 0));
    }
  }
}

/** The names over it, each where its band is thickest, if it fits there. */
export function nameStack(context, { bands, names, steps }, plot, scale, theme) {
  const count = names.length;
  names.forEach((name, part) => labelBand(context, { bands, name, part, count, steps }, plot, scale, theme));
}

export function stackColor(part, first, theme) {
  return categoryColor(part + first, theme);
}

export function paintStackAxes(context, plot, scale, theme) {
  context.font = `${STACK_FONT}px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of scale.ticks) {
    const y = scale.y(tick);
    context.fillStyle = Math.abs(tick) < 1e-9 && scale.low < 0 ? theme.muted : theme.faint;
    context.fillRect(plot.x, y - 0.5, plot.width, 1);
    context.fillStyle = theme.muted;
    context.fillText(scale.label(tick), plot.x - 8, y);
  }
}

function labelBand(context, { bands, name, part, count, steps }, plot, scale, theme) {
  if (!name) return;
  context.font = `600 ${STACK_FONT}px ${theme.font}`;
  const wanted = context.measureText(name).width + 6;
  const run = Math.max(1, Math.ceil(wanted / plot.across));
  let [best, middle, centre] = [STACK_TALL, 0, -1];
  for (let start = 0; start + run <= steps; start += 1) {
    let [top, bottom] = [-Infinity, Infinity];
    for (let t = start; t < start + run; t += 1) {
      const at = t * count + part;
      top = Math.max(top, scale.y(Math.max(bands.from[at], bands.to[at])));
      bottom = Math.min(bottom, scale.y(Math.min(bands.from[at], bands.to[at])));
    }
    if (bottom - top > best) [best, middle, centre] = [bottom - top, (top + bottom) / 2, start + run / 2];
  }
  if (centre < 0) return;
  context.fillStyle = theme.dark ? "#10131a" : "#ffffff";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(name, plot.x + centre * plot.across, middle);
}

function stackTick(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-12)));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999);
}
