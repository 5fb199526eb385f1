// The nodes of the unrolled graph: a state as a grid of unit colours, or the size of its gradient.
import { paintHatch } from "./graph_inks.js";
import { formatSize } from "./log_axis.js";

const NODES_LEAST_UNIT = 2;

/** Rectangle of a node: {left, right, top, bottom, middle, center, width, height}. */
export function nodeBox({ view, layout }, row, time) {
  const { width, height, shift } = layout.node;
  const center = view.x(time) + (row.direction === 1 ? shift : -shift);
  const left = center - width / 2;
  return { left, right: left + width, center, width, height, ...rowSpan(row) };
}

/** The width of the lane that strips leave free for the arrows that pass them. */
export function laneOf({ layout }) {
  return layout.passed ? Math.min(layout.node.width * 0.22, 22) : 0;
}

/** The same for one of the states of a step: the main one is the node itself, the others are
 * strips that leave a lane free at the left where an arrow passes them. */
export function partBox(scene, row, time, name) {
  const box = nodeBox(scene, row, time);
  const part = row.parts.find((one) => one.name === name);
  if (part.middle === row.middle) return box;
  const lane = laneOf(scene);
  const { top, bottom, middle } = part;
  const place = { left: box.left + lane, width: box.width - lane, height: bottom - top };
  return { ...box, ...place, top, bottom, middle };
}

/** Are the nodes large enough for the eye to tell one unit from the next? */
export function showsUnits({ layout, sprites }) {
  const { width, height } = layout.node;
  const fits = width / sprites.columns >= NODES_LEAST_UNIT && height / sprites.rows >= NODES_LEAST_UNIT;
  return fits;
}

/** All nodes of the columns in sight, for the levels "near" and "middle". */
export function paintNodes(scene) {
  const [first, last] = scene.view.range;
  const units = showsUnits(scene);
  for (const row of scene.layout.rows) {
    for (let time = first; time <= last; time += 1) paintNode(scene, row, time, units);
  }
}

function paintNode(scene, row, time, units) {
  const box = nodeBox(scene, row, time);
  const reached = scene.model.isReached(scene.cursor, row.direction, time);
  if (!reached) return paintGhosts(scene, row, time);
  const { context } = scene;
  const arriving = time === scene.cursor.time;
  if (arriving && scene.progress < 1) paintGhosts(scene, row, time);
  context.globalAlpha = arriving ? scene.progress : 1;
  if (scene.backward) paintGradient(scene, row, time, box);
  else paintState(scene, row, time, box, units);
  context.globalAlpha = 1;
  paintStrips(scene, row, time);
}

/** One colour for a whole node: the gradient's size, or the chosen unit. */
export function cellColor({ model, inks, backward, cursor }, row, time) {
  if (backward) {
    return inks.at(model.gradientScale, model.gradient(row.layer, row.direction, time));
  }
  const unit = model.unitOf(cursor);
  const value = model.recording.at("hidden", row.layer, row.direction, time, unit);
  return inks.at(model.stateScale, value);
}

function paintGhosts(scene, row, time) {
  for (const { name } of row.parts) paintGhost(scene, partBox(scene, row, time, name));
}

function paintGhost({ context, theme }, box) {
  context.strokeStyle = theme.border;
  context.lineWidth = 1.2;
  context.setLineDash([3, 3]);
  roundBox(context, box, 4);
  context.stroke();
  context.setLineDash([]);
}

function paintState(scene, row, time, box, units) {
  const { context, theme, sprites, model } = scene;
  hatchMissing(scene, model.recording.at("hidden", row.layer, row.direction, time, 0), box);
  if (units) {
    sprites.draw(context, row.layer, row.direction, time, box.left, box.top, box.width, box.height);
    markUnit(scene, box);
  } else {
    context.fillStyle = cellColor(scene, row, time) ?? theme.secondary;
    context.fillRect(box.left, box.top, box.width, box.height);
  }
  frameBox(context, box, theme.muted, 1);
}

function hatchMissing({ context, theme }, value, box) {
  if (Number.isNaN(value)) paintHatch(context, box.left, box.top, box.width, box.height, theme.border);
}

// The chosen unit, which the other pictures show, can be found in every node.
function markUnit({ context, theme, sprites, model, cursor }, { left, top, ...box }) {
  const [x, y, width, height] = sprites.cell(model.unitOf(cursor), left, top, box.width, box.height);
  if (width < 5 || height < 5) return;
  context.strokeStyle = theme.text;
  context.lineWidth = 1.4;
  context.strokeRect(x + 0.7, y + 0.7, width - 1.4, height - 1.4);
}

function paintGradient(scene, row, time, box) {
  const { context, model, inks, theme } = scene;
  const size = model.gradient(row.layer, row.direction, time);
  const color = inks.at(model.gradientScale, size);
  context.fillStyle = color ?? theme.background;
  roundBox(context, box, 4);
  context.fill();
  if (color === null) paintHatch(context, box.left, box.top, box.width, box.height, theme.border);
  frameBox(context, box, theme.muted, 1, 4);
  const label = formatSize(size);
  context.font = inks.font(13, 600);
  if (box.height < 16 || scene.sheet.widthOf(label) > box.width - 4) return;
  context.fillStyle = inks.on(model.gradientScale, size);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(label, box.center, box.middle + 1);
}

// The other states of a step, each a strip: an LSTM's cell state, the output that Jordan feeds back.
function paintStrips(scene, row, time) {
  for (const { name } of row.parts) {
    if (name === scene.model.main) continue;
    const box = partBox(scene, row, time, name);
    if (scene.backward) paintStripGradient(scene, row, time, name, box);
    else paintStripState(scene, row, time, name, box);
    frameBox(scene.context, box, scene.theme.muted, 1);
  }
}

function paintStripState({ context, model, inks, theme }, row, time, name, box) {
  const values = model.recording.row(name, row.layer, row.direction, time);
  const width = box.width / values.length;
  const scale = model.scaleOf(name);
  values.forEach((value, unit) => {
    context.fillStyle = inks.at(scale, value) ?? theme.faint;
    context.fillRect(box.left + unit * width, box.top, width + 0.5, box.height);
  });
}

function paintStripGradient({ context, model, inks, theme }, row, time, name, box) {
  const size = model.gradient(row.layer, row.direction, time, name);
  context.fillStyle = inks.at(model.gradientScale, size) ?? theme.background;
  context.fillRect(box.left, box.top, box.width, box.height);
}

/** A frame around the node where the cursor is, and a thin one around that under the pointer. */
export function paintChosen(scene) {
  const { cursor, layout, context, theme } = scene;
  const row = layout.rows.find(
    ({ layer, direction }) => layer === cursor.layer && direction === cursor.direction,
  );
  if (!row) return;
  const box = nodeBox(scene, row, cursor.time);
  if (layout.level === "far") {
    const spare = Math.max(5 - box.width, 0) / 2;
    box.left -= spare;
    box.width += 2 * spare;
  }
  frameBox(context, growBox(box, 2.5), theme.primary, 3, layout.level === "far" ? 1 : 6);
  if (scene.hover) paintHover(scene);
}

function paintHover(scene) {
  const { hover, context, theme, layout } = scene;
  if (!hover.row || layout.level === "far") return;
  frameBox(context, growBox(nodeBox(scene, hover.row, hover.time), 2), theme.text, 1.5, 6);
}

function growBox(box, by) {
  const size = { width: box.width + 2 * by, height: box.height + 2 * by };
  return { ...box, ...size, left: box.left - by, top: box.top - by };
}

function frameBox(context, box, color, lineWidth, radius = 1) {
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  roundBox(context, box, radius);
  context.stroke();
}

function roundBox(context, { left, top, width, height }, radius) {
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
}

function rowSpan({ top, bottom, middle }) {
  return { top, bottom, middle };
}
