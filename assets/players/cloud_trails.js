// What lies over the points: the trails of marked words through the frames, lines between words,
// and rings around the words that matter now.

const TRAIL_HEAD = 9;
const TRAIL_RINGS = { chosen: [9, 3], pinned: [7.5, 2.2], neighbour: [6, 1.8], hover: [8, 2] };

/** The way of every marked word so far, fading into the past; what is to come is dotted. */
export function paintTrails(scene) {
  const { model, marks } = scene;
  if (model.frames < 2) return;
  for (const point of new Set([...marks.pinned, marks.chosen])) paintTrail(scene, point);
}

function paintTrail({ context, view, motion, model, marks, theme, zoom, colors }, point) {
  const now = motion.frame;
  const here = view.project(...motion.at(point));
  const spot = (frame) => {
    const start = (frame * model.count + point) * 3;
    return view.project(...model.places.subarray(start, start + 3));
  };
  const isChosen = point === marks.chosen;
  context.strokeStyle = isChosen ? theme.primary : pointColor(colors, point);
  context.lineWidth = (isChosen ? 2.6 : 2) * zoom;
  let before = spot(0);
  for (let frame = 1; frame <= now; frame += 1) {
    const next = frame === now ? here : spot(frame);
    context.globalAlpha = 0.2 + 0.7 * (frame / now) ** 1.5;
    strokeSegment(context, before, next);
    before = next;
  }
  context.globalAlpha = 0.4;
  context.lineWidth = 1.2 * zoom;
  context.setLineDash([1.5 * zoom, 5 * zoom]);
  before = here;
  for (let frame = now + 1; frame < model.frames; frame += 1) {
    const next = spot(frame);
    strokeSegment(context, before, next);
    before = next;
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** options.lines: [from, to] or [from, to, "arrow" | "dashed"] by the words' numbers. */
export function paintLinks({ context, view, motion, model, theme, zoom }) {
  context.strokeStyle = context.fillStyle = theme.text;
  context.lineWidth = 2.2 * zoom;
  for (const [from, to, style = "line"] of model.options.lines ?? []) {
    const [start, end] = [from, to].map((point) => view.project(...motion.at(point)));
    context.setLineDash(style === "dashed" ? [6 * zoom, 5 * zoom] : []);
    strokeSegment(context, start, end);
    context.setLineDash([]);
    if (style === "arrow") paintHead(context, start, end, TRAIL_HEAD * zoom);
  }
}

/** Rings around neighbours, marked words, the chosen word, and the one under the pointer. */
export function paintMarks(scene) {
  const { marks } = scene;
  for (const point of marks.neighbours) paintRing(scene, point, "neighbour");
  for (const point of marks.pinned) paintRing(scene, point, "pinned");
  for (const point of marks.lines) paintRing(scene, point, "pinned");
  if (marks.hover >= 0) paintRing(scene, marks.hover, "hover");
  paintRing(scene, marks.chosen, "chosen");
}

function paintRing({ context, view, motion, theme, zoom, colors, pointRadius }, point, kind) {
  const [x, y, , w] = view.project(...motion.at(point));
  if (Number.isNaN(x)) return;
  const [size, width] = TRAIL_RINGS[kind];
  const inner = Math.min(pointRadius(point, w) + 2, 14 * zoom);
  const radius = Math.max(inner, (size - 3) * zoom);
  context.beginPath();
  context.arc(x, y, radius - 1, 0, 2 * Math.PI);
  context.fillStyle = pointColor(colors, point);
  context.fill();
  context.beginPath();
  context.arc(x, y, radius + width * 0.5, 0, 2 * Math.PI);
  context.lineWidth = (width + 2) * zoom;
  context.strokeStyle = theme.background;
  context.stroke();
  context.lineWidth = width * zoom;
  context.strokeStyle = kind === "chosen" ? theme.primary : theme.text;
  context.stroke();
}

function strokeSegment(context, [fromX, fromY], [toX, toY]) {
  if (Number.isNaN(fromX) || Number.isNaN(toX)) return;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

function paintHead(context, [fromX, fromY], [toX, toY], size) {
  if (Number.isNaN(fromX) || Number.isNaN(toX)) return;
  const angle = Math.atan2(toY - fromY, toX - fromX);
  // The tip stops at the ring of the word it points to.
  const [x, y] = [toX - Math.cos(angle) * size, toY - Math.sin(angle) * size];
  context.beginPath();
  context.moveTo(x, y);
  for (const side of [-0.45, 0.45]) {
    context.lineTo(x - Math.cos(angle + side) * size * 1.5, y - Math.sin(angle + side) * size * 1.5);
  }
  context.fill();
}

function pointColor(colors, point) {
  const at = point * 4;
  return `rgb(${colors[at]}, ${colors[at + 1]}, ${colors[at + 2]})`;
}
