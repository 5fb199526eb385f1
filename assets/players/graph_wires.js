// The arrows of the unrolled graph, those that the cell declares. One weight has one letter and one
// colour at every step: the copies are the same weights. Backward, the recurrent arrows turn round
// and carry the gradient.
import { linkPath, passes, uprightPath } from "./graph_links.js";
import { weightLetter } from "./graph_model.js";
import { nodeBox, partBox } from "./graph_nodes.js";
import { subscript } from "./log_axis.js";

const WIRES_START_ROOM = 21;
const WIRES_ROOMY = 80;

/** All arrows of the columns in sight, with the neighbours just outside. */
export function paintWires(scene) {
  const [first, last] = scene.view.range;
  for (let time = first; time <= last; time += 1) paintColumn(scene, time);
  for (const row of scene.layout.rows) {
    for (const link of scene.model.linksBack) {
      // also those that begin or end outside of what can be seen
      for (let time = first - link.back; time <= last + link.back; time += 1) {
        if (time >= 0 && time < scene.model.steps) paintLink(scene, row, link, time);
      }
    }
    paintStart(scene, row);
  }
}

// One of the arrows that end at step `after` of a row, from `link.back` steps before.
function paintLink(scene, row, link, after) {
  const { model, inks, theme, cursor } = scene;
  const before = after + (row.direction === 1 ? link.back : -link.back);
  if (before < 0 || before >= model.steps) return;
  const to = scene.backward ? before : after;
  const path = linkPath(scene, row, link, before, after);
  const line = scene.backward ? path.toReversed() : path;
  const reached = model.isReached(cursor, row.direction, to);
  // What is handed on without a matrix is a broad line: the cell state's own road.
  const width = link.weight ? 2 : 3.2;
  let style = { color: theme.border, width: 1.5, head: 6 };
  if (reached && !scene.backward) style = { color: inks.recurrent, width, head: 7 };
  if (reached && scene.backward) style = gradientStyle(scene, row, to, link.source);
  const glows = to === cursor.time && reached;
  // Long arcs lie over each other; those of other steps step back.
  scene.context.globalAlpha = link.back > 1 && !glows ? 0.35 : 1;
  if (glows) paintGlow(scene, line, style.color);
  paintArrow(scene.context, line, style);
  scene.context.globalAlpha = 1;
  if (glows && scene.progress < 1) paintSpark(scene, line, style.color);
  nameLink(scene, row, link, line, reached, glows);
}

function gradientStyle({ model, inks, theme }, row, time, node) {
  const size = model.gradient(row.layer, row.direction, time, node);
  const share = Math.max(model.gradientScale.position(size) || 0, 0);
  const color = inks.at(model.gradientScale, size) ?? theme.border;
  return { color, width: 1.2 + 6 * share, head: 6 + 8 * share };
}

function nameLink(scene, row, link, line, reached, glows) {
  if (!scene.layout.letters || !link.weight || (link.back > 1 && !glows)) return;
  // Where it is crowded a letter is said once, on the straight arrow.
  if (link.source !== link.target && scene.model.sharesLetter(link) && isCrowded(scene)) return;
  const name = weightName(scene.model, link.weight, row.layer, row.direction);
  const [fromX, toX] = [line[0][0], line.at(-1)[0]];
  const place = { room: Math.abs(toX - fromX) + 6, align: "center" };
  const lift = scene.backward ? 9 : 6;
  if (link.back > 1) {
    const [x, y] = line[Math.floor(line.length / 2)];
    return nameWire(scene, name, x, y - 3, scene.inks.recurrent, reached, place);
  }
  const [fromY, toY] = [line[0][1], line.at(-1)[1]];
  const y = Math.min(fromY, toY) + Math.abs(fromY - toY) * 0.3 - lift;
  // With two directions an upright wire crosses near one end; the letter keeps clear of it.
  const clear = scene.layout.node.shift * (row.direction === 1 ? -0.35 : 0.45);
  nameWire(scene, name, (fromX + toX) / 2 + clear, y, scene.inks.recurrent, reached, place);
}

function isCrowded({ layout }) {
  return layout.node.height < WIRES_ROOMY;
}

// The states before the first step read, of all that goes on from step to step.
function paintStart(scene, row) {
  const { model, context, theme, inks, layout } = scene;
  if (!layout.letters || scene.backward) return;
  const first = row.direction === 1 ? model.steps - 1 : 0;
  const side = row.direction === 1 ? 1 : -1;
  for (const { source, target, back } of model.linksBack) {
    if (back > 1 || source !== target) continue;
    const box = partBox(scene, row, first, target);
    const node = nodeBox(scene, row, first);
    const [edge, end] = side > 0 ? [node.right, box.right] : [node.left, box.left];
    // The room between the node and the end of its column.
    if (scene.view.pitch / 2 - Math.abs(edge - scene.view.x(first)) < WIRES_START_ROOM) continue;
    const line = [[edge + side * 19, box.middle], [end + side * 4, box.middle]];
    paintArrow(context, line, { color: inks.recurrent, width: 2, head: 7 });
    context.font = inks.font(13);
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    context.fillText(`${model.letterOf(source)}₀`, edge + side * 12, box.middle - 8);
  }
}

// All that is upright in one column: from the token through the layers to the predictions.
function paintColumn(scene, time) {
  const { layout, model } = scene;
  const wire = (...parts) => paintUpright(scene, time, ...parts);
  if (model.directions > 1) return paintJoinedColumn(scene, time, wire);
  const x = scene.view.x(time);
  layout.rows.forEach((row, at) => {
    const below = at === 0 ? layout.tokens.top : layout.rows[at - 1].high;
    paintWithin(scene, time, row, below - 2, wire);
  });
  const top = layout.rows.at(-1);
  if (!layout.predictions) return;
  const end = layout.predictions.bottom + 3;
  wire(model.answersItself ? "" : "V", top, [[x, top.high - 2], [x, end]]);
}

// What one step of a row computes from what: the arrows inside its column.
function paintWithin(scene, time, row, below, wire) {
  for (const link of scene.model.linksWithin) {
    const unnamed = passes(row, link) && isCrowded(scene);
    wire(link.weight, row, uprightPath(scene, row, link, time, below), row.layer, unnamed);
  }
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
      if (row.layer === level) paintWithin(scene, time, row, y, wire);
      if (row.layer === level - 1) wire("", row, [[center, row.high - 2], [center, y]]);
    }
  });
  const anyRow = { direction: 0, layer: 0 };
  wire("", anyRow, [[x, layout.tokens.top - 2], [x, layout.bars[0]]]);
  if (!layout.predictions) return;
  wire("V", anyRow, [[x, layout.bars[model.layers]], [x, layout.predictions.bottom + 3]]);
}

function paintBar({ context, theme }, left, right, y) {
  context.strokeStyle = theme.muted;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.stroke();
}

// The ink of each upright weight; what goes up without one is grey.
const WIRES_INKS = { W: "input", V: "output" };

function paintUpright(scene, time, weight, row, [from, to], layer = null, unnamed = false) {
  const { inks, theme, model, cursor, context } = scene;
  const reached = !scene.backward && model.isReached(cursor, row.direction, time);
  const bright = inks[WIRES_INKS[weight]] ?? theme.muted;
  const color = reached ? bright : theme.border;
  // Only an arrow of the cell's own has a head where it has no matrix.
  const head = (weight || layer !== null) && from[1] - to[1] >= 8 ? 6 : 0;
  paintArrow(context, [from, to], { color, width: reached ? 1.8 : 1.2, head });
  if (unnamed || !weight || !scene.layout.letters || from[1] - to[1] < 18) return;
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

// "U", "U₂" where there are several layers, "U′" for the weights of the other direction. Where the
// number says how far back it reaches, the layer is told in brackets.
function weightName({ layers }, weight, layer, direction) {
  const letter = weightLetter(weight);
  const several = layers > 1 && layer !== null;
  const index = several && letter.length === 1 ? subscript(layer + 1) : several ? ` (${layer + 1})` : "";
  return `${letter}${index}${direction === 1 ? "′" : ""}`;
}

function paintArrow(context, points, { color, width, head }) {
  const [toX, toY] = points.at(-1);
  const [fromX, fromY] = points.at(-2);
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = width;
  traceWire(context, [...points.slice(0, -1), [toX - cos * head * 0.8, toY - sin * head * 0.8]]);
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

function traceWire(context, points) {
  context.beginPath();
  points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
}

function paintGlow({ context }, points, color) {
  context.globalAlpha = 0.28;
  context.strokeStyle = color;
  context.lineWidth = 12;
  context.lineCap = "round";
  traceWire(context, points);
  context.stroke();
  context.lineCap = "butt";
  context.globalAlpha = 1;
}

// What travels along the arrow while the step arrives.
function paintSpark({ context, progress }, points, color) {
  const place = progress * (points.length - 1);
  const at = Math.min(Math.floor(place), points.length - 2);
  const [[fromX, fromY], [toX, toY]] = [points[at], points[at + 1]];
  const share = place - at;
  context.fillStyle = color;
  context.beginPath();
  context.arc(fromX + (toX - fromX) * share, fromY + (toY - fromY) * share, 5, 0, 2 * Math.PI);
  context.fill();
}
