// The arrows of the unrolled graph. One weight has one letter and one colour at every step: the
// copies are the same weights. Backward, the recurrent arrows turn round and carry the gradient.
import { nodeBox } from "./graph_nodes.js";
import { subscript } from "./log_axis.js";

const WIRES_START_ROOM = 21;

/** All arrows of the columns in sight, with the neighbours just outside. */
export function paintWires(scene) {
  const [first, last] = scene.view.range;
  for (let time = first; time <= last; time += 1) paintColumn(scene, time);
  for (const row of scene.layout.rows) {
    for (let time = first; time <= last + 1; time += 1) paintLink(scene, row, time - 1, time);
    paintStart(scene, row);
  }
}

// The arrow between the columns `left` and `right` of one row.
function paintLink(scene, row, left, right) {
  const { model, inks, theme, cursor } = scene;
  if (left < 0 || right >= model.steps) return;
  const [before, after] = row.direction === 1 ? [right, left] : [left, right];
  const to = scene.backward ? before : after;
  const ends = linkEnds(scene, row, before, after);
  const line = scene.backward ? ends.reverse() : ends;
  const reached = model.isReached(cursor, row.direction, to);
  let style = { color: theme.border, width: 1.5, head: 6 };
  if (reached && !scene.backward) style = { color: inks.recurrent, width: 2, head: 7 };
  if (reached && scene.backward) style = gradientStyle(scene, row, to);
  const glows = to === cursor.time && reached;
  if (glows) paintGlow(scene, line, style.color);
  paintArrow(scene.context, line, style);
  if (glows && scene.progress < 1) paintSpark(scene, line, style.color);
  nameLink(scene, row, line, reached);
}

// A Jordan cell's arrow starts at its output, all others at the state itself.
function linkEnds(scene, row, before, after) {
  const [one, other] = [nodeBox(scene, row, before), nodeBox(scene, row, after)];
  const side = before < after ? 1 : -1;
  const y = scene.layout.output ? row.outputTop + scene.layout.output.height / 2 : row.middle;
  return [
    [side > 0 ? one.right + 3 : one.left - 3, y],
    [side > 0 ? other.left - 4 : other.right + 4, row.middle],
  ];
}

function gradientStyle({ model, inks, theme }, row, time) {
  const size = model.gradient(row.layer, row.direction, time);
  const share = Math.max(model.gradientScale.position(size) || 0, 0);
  const color = inks.at(model.gradientScale, size) ?? theme.border;
  return { color, width: 1.2 + 6 * share, head: 6 + 8 * share };
}

function nameLink(scene, row, [[fromX, fromY], [toX, toY]], reached) {
  if (!scene.layout.letters) return;
  const name = weightName(scene.model, "recurrent", row.layer, row.direction);
  const lift = scene.backward ? 9 : 6;
  const y = Math.min(fromY, toY) + Math.abs(fromY - toY) * 0.3 - lift;
  // With two directions an upright wire crosses near one end; the letter keeps clear of it.
  const clear = scene.layout.node.shift * (row.direction === 1 ? -0.35 : 0.45);
  nameWire(scene, name, (fromX + toX) / 2 + clear, y, scene.inks.recurrent, reached, {
    room: Math.abs(toX - fromX) + 6,
    align: "center",
  });
}

// The state before the first step read.
function paintStart(scene, row) {
  const { model, context, theme, inks, layout } = scene;
  if (!layout.letters || scene.backward || layout.output) return;
  const first = row.direction === 1 ? model.steps - 1 : 0;
  const box = nodeBox(scene, row, first);
  const side = row.direction === 1 ? 1 : -1;
  const edge = side > 0 ? box.right : box.left;
  // The room between the node and the end of its column.
  if (scene.view.pitch / 2 - Math.abs(edge - scene.view.x(first)) < WIRES_START_ROOM) return;
  const line = [[edge + side * 19, row.middle], [edge + side * 4, row.middle]];
  paintArrow(context, line, { color: inks.recurrent, width: 2, head: 7 });
  context.font = inks.font(13);
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText("h₀", edge + side * 12, row.middle - 8);
}

// All that is upright in one column: from the token through the layers to the predictions.
function paintColumn(scene, time) {
  const { layout, model } = scene;
  const wire = (...parts) => paintUpright(scene, time, ...parts);
  if (model.directions > 1) return paintJoinedColumn(scene, time, wire);
  const x = scene.view.x(time);
  layout.rows.forEach((row, at) => {
    const below = at === 0 ? layout.tokens.top : layout.rows[at - 1].outputTop;
    wire("input", row, [x, below - 2], [x, row.bottom + 3], row.layer);
    const strip = row.outputTop + (layout.output?.height ?? 0);
    if (layout.output) wire("output", row, [x, row.top - 2], [x, strip + 3]);
  });
  const top = layout.rows.at(-1);
  if (!layout.predictions) return;
  const end = layout.predictions.bottom + 3;
  wire(layout.output ? "none" : "output", top, [x, top.outputTop - 2], [x, end]);
}

// Two directions: a bar below and above each layer, where their wires part and join.
function paintJoinedColumn(scene, time, wire) {
  const { layout, view, model } = scene;
  const x = view.x(time);
  const { shift } = layout.node;
  layout.bars.forEach((y, level) => {
    paintBar(scene, x - shift, x + shift, y);
    for (const row of layout.rows) {
      const center = x + (row.direction === 1 ? shift : -shift);
      if (row.layer === level) wire("input", row, [center, y], [center, row.bottom + 3], row.layer);
      if (row.layer === level - 1) wire("none", row, [center, row.outputTop - 2], [center, y]);
    }
  });
  const anyRow = { direction: 0, layer: 0 };
  wire("none", anyRow, [x, layout.tokens.top - 2], [x, layout.bars[0]]);
  if (!layout.predictions) return;
  wire("output", anyRow, [x, layout.bars[model.layers]], [x, layout.predictions.bottom + 3]);
}

function paintBar({ context, theme }, left, right, y) {
  context.strokeStyle = theme.muted;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.stroke();
}

function paintUpright(scene, time, weight, row, from, to, layer = null) {
  const { inks, theme, model, cursor, context } = scene;
  const reached = !scene.backward && model.isReached(cursor, row.direction, time);
  const bright = weight === "none" ? theme.muted : inks[weight];
  const color = reached ? bright : theme.border;
  const head = weight === "none" || from[1] - to[1] < 8 ? 0 : 6;
  paintArrow(context, [from, to], { color, width: reached ? 1.8 : 1.2, head });
  if (weight === "none" || !scene.layout.letters || from[1] - to[1] < 18) return;
  const name = weightName(model, weight, layer, layer === null ? 0 : row.direction);
  const place = { room: 60, align: "left" };
  // The last part of the wire is free even where it has passed another row.
  const free = model.directions > 1 && row.direction === 1 ? scene.layout.gap * 0.6 : from[1] - to[1];
  if (free < 18) return;
  nameWire(scene, name, from[0] + 6, to[1] + free / 2 + 4, bright, reached, place);
}

function nameWire({ context, inks, theme, sheet }, name, x, y, color, bright, { room, align }) {
  context.font = `italic ${inks.font(14, 600)}`;
  if (sheet.widthOf(name) > room) return;
  context.fillStyle = bright ? color : theme.muted;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.fillText(name, x, y);
}

// "W", "W₂" where there are several layers, "W′" for the weights of the other direction.
function weightName({ letters, layers }, weight, layer, direction) {
  const index = layers > 1 && layer !== null ? subscript(layer + 1) : "";
  return `${letters[weight]}${index}${direction === 1 ? "′" : ""}`;
}

function paintArrow(context, [[fromX, fromY], [toX, toY]], { color, width, head }) {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX - cos * head * 0.8, toY - sin * head * 0.8);
  context.stroke();
  if (!head) return;
  const half = head * 0.5;
  context.beginPath();
  context.moveTo(toX, toY);
  context.lineTo(toX - cos * head - sin * half, toY - sin * head + cos * half);
  context.lineTo(toX - cos * head + sin * half, toY - sin * head - cos * half);
  context.closePath();
  context.fill();
}

function paintGlow({ context }, [[fromX, fromY], [toX, toY]], color) {
  context.globalAlpha = 0.28;
  context.strokeStyle = color;
  context.lineWidth = 12;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
  context.lineCap = "butt";
  context.globalAlpha = 1;
}

// What travels along the arrow while the step arrives.
function paintSpark({ context, progress }, [[fromX, fromY], [toX, toY]], color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(fromX + (toX - fromX) * progress, fromY + (toY - fromY) * progress, 5, 0, 2 * Math.PI);
  context.fill();
}
