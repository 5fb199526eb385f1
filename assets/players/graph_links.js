// Which arrows the unrolled graph draws, read from what the cell declares, and where each runs:
// pure geometry. An arrow is {source, target, back, weight}: state `target` of a step is computed
// from state `source` of the step `back` steps before; back 0: of the same step.
import { laneOf, nodeBox, partBox } from "./graph_nodes.js";

const LINKS_HEAD_ROOM = 4;
const LINKS_ARC_POINTS = 14;
const LINKS_ARC_LIFT = { first: 14, each: 13 };

/** [[source, target, back, weight], ...] of a recording's spec, as objects. */
export function linksOf(cell) {
  return (cell?.arrows ?? []).map(([source, target, back, weight]) => {
    return { source, target, back, weight };
  });
}

/** The states that are drawn, in the order in which a step computes them; at least the hidden one. */
export function nodesOf(links, has) {
  const states = [...new Set(links.map(({ target }) => target))].filter(has);
  return states.length ? states : ["hidden"];
}

/** The points of the arrow from step `before` to step `after` of one row. */
export function linkPath(scene, row, link, before, after) {
  const [from, to] = [partBox(scene, row, before, link.source), partBox(scene, row, after, link.target)];
  const side = after > before ? 1 : -1;
  if (link.back > 1) return arcPath(scene, from, to, side, link.back);
  const [low, high] = [from.middle, to.middle];
  const lean = link.source === link.target ? 0 : Math.sign(high - low);
  return [
    [side > 0 ? from.right + 3 : from.left - 3, low + lean * from.height * 0.3],
    [side > 0 ? to.left - LINKS_HEAD_ROOM : to.right + LINKS_HEAD_ROOM, high - lean * to.height * 0.25],
  ];
}

// Over what lies between, the higher the further it reaches.
function arcPath({ layout }, from, to, side, back) {
  const start = [from.center + side * from.width * 0.3, from.top - 2];
  const end = [to.center - side * to.width * 0.3, to.top - LINKS_HEAD_ROOM];
  const wanted = LINKS_ARC_LIFT.first + LINKS_ARC_LIFT.each * (back - 1);
  // A cubic curve rises to three quarters of its handles.
  const rise = Math.min(wanted, Math.max(layout.headroom - 16, 6)) / 0.75;
  const handles = [[start[0], start[1] - rise], [end[0], end[1] - rise]];
  return Array.from({ length: LINKS_ARC_POINTS + 1 }, (_, at) =>
    onCurve([start, ...handles, end], at / LINKS_ARC_POINTS));
}

function onCurve([a, b, c, d], share) {
  const rest = 1 - share;
  return [0, 1].map((axis) =>
    rest ** 3 * a[axis] + 3 * rest ** 2 * share * b[axis] + 3 * rest * share ** 2 * c[axis] + share ** 3 * d[axis]);
}

/** The points of an arrow inside one step: straight up from part to part, beside whatever stands
 * in between. `below`: where the input of the row comes from. */
export function uprightPath(scene, row, link, time, below) {
  const to = partBox(scene, row, time, link.target);
  const fromInput = link.source === "input";
  const from = fromInput ? null : partBox(scene, row, time, link.source);
  const x = passes(row, link) ? nodeBox(scene, row, time).left + laneOf(scene) / 2 : to.center;
  return [[x, fromInput ? below : from.top - 2], [x, to.bottom + 3]];
}

/** Does the arrow pass another part of its row? Then it runs in the lane at their left edge. */
export function passes({ parts }, { source, target }) {
  return placeIn(parts, target) - placeIn(parts, source) > 1;
}

function placeIn(parts, name) {
  return parts.findIndex((part) => part.name === name); // -1: the input, below them all
}
