// The unrolled graph from far away, where a step is a few pixels wide: rows become bands.
import { paintHatch } from "./graph_inks.js";
import { cellColor } from "./graph_nodes.js";

const FAR_LEAST_UNIT = 1.2;

/** Is a band high enough to show every unit as a line of its own? */
export function bandShowsUnits({ layout, sprites, backward }) {
  return !backward && layout.node.height / sprites.units >= FAR_LEAST_UNIT;
}

/** One band a row: what is reached in colour, the rest as an empty outline. */
export function paintBands(scene) {
  const units = bandShowsUnits(scene);
  for (const row of scene.layout.rows) {
    const { reached, ahead } = splitRange(scene, row.direction);
    if (ahead) paintEmpty(scene, row, ahead);
    if (!reached) continue;
    if (units) paintStrip(scene, row, reached);
    else paintCells(scene, row, reached);
  }
}

// The columns in sight, parted at the cursor: {reached: [first, last] or null, ahead: the same}.
function splitRange({ view, model, cursor }, direction) {
  const [first, last] = view.range;
  const { time } = cursor;
  const fromLeft = model.comesFromLeft(cursor, direction);
  const reached = fromLeft ? [first, Math.min(time, last)] : [Math.max(time, first), last];
  const ahead = fromLeft ? [Math.max(time + 1, first), last] : [first, Math.min(time - 1, last)];
  const some = (range) => (range[0] <= range[1] ? range : null);
  return { reached: some(reached), ahead: some(ahead) };
}

function runEdges({ view, sheet }, [first, last]) {
  // Edges on whole screen pixels, or thin background lines would show between the columns.
  const snap = (x) => Math.round(x * sheet.ratio) / sheet.ratio;
  return [snap(view.x(first) - view.pitch / 2), snap(view.x(last) + view.pitch / 2)];
}

function paintEmpty(scene, row, range) {
  const { context, theme } = scene;
  const [left, right] = runEdges(scene, range);
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.setLineDash([4, 4]);
  context.strokeRect(left + 0.5, row.top + 0.5, right - left - 1, row.bottom - row.top - 1);
  context.setLineDash([]);
}

function paintStrip(scene, row, [first, last]) {
  const { context, strips, theme, model } = scene;
  const [left, right] = runEdges(scene, [first, last]);
  const height = row.bottom - row.top;
  if (model.hasMissing) paintHatch(context, left, row.top, right - left, height, theme.border);
  strips.drawRun(context, row, first, last, [left, row.top, right - left, height]);
}

function paintCells(scene, row, [first, last]) {
  const { context, theme } = scene;
  const height = row.bottom - row.top;
  for (let time = first; time <= last; time += 1) {
    const [left, right] = runEdges(scene, [time, time]);
    const color = cellColor(scene, row, time);
    if (color === null) {
      paintHatch(context, left, row.top, right - left, height, theme.border);
      continue;
    }
    context.fillStyle = color;
    context.fillRect(left, row.top, right - left, height);
  }
}

/** One bar a step: the probability that the true next token was given. */
export function paintLikelihoods(scene) {
  const { context, layout, view, theme, cursor, model, backward, inks } = scene;
  const { top, bottom } = layout.predictions;
  const [first, last] = view.range;
  paintScaleLines(scene, top, bottom);
  const width = Math.max(view.pitch * 0.8, 0.75);
  for (let time = first; time <= last; time += 1) {
    const value = model.likelihood(time);
    if (Number.isNaN(value) || (!backward && time > cursor.time)) continue;
    context.fillStyle = model.isRight(time) ? inks.right : theme.muted;
    if (time === cursor.time) context.fillStyle = theme.primary;
    const height = Math.max((bottom - top) * value, 1);
    context.fillRect(view.x(time) - width / 2, bottom - height, width, height);
  }
}

function paintScaleLines({ context, layout, theme }, top, bottom) {
  context.fillStyle = theme.faint;
  for (const y of [top, (top + bottom) / 2, bottom]) {
    context.fillRect(layout.plot.left, Math.round(y), layout.plot.width, 1);
  }
}
