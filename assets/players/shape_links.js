// Where the parts and the arrows of one shape of sequence stand: pure geometry. What depends on
// what is read from the cell's own declaration, as in the unrolled graph (see graph_links.js).
import { passes } from "./graph_links.js";

const SHAPE_BOX = { height: 24, gap: 16, most: 84 };
const SHAPE_STRIP = { height: 12, gap: 14, lane: 9 };

/** Boxes {left, right, top, bottom} by column: {x(at), wide, input, answer, parts: [{name, ...}]};
 * parts are the states from below, in the order in which a step computes them. `nodes` are their
 * names; the output, where it is one of them, is the answer itself. */
export function shapePlaces(width, height, count, nodes, links) {
  const each = Math.min(width / count, 2 * SHAPE_BOX.most);
  const start = (width - each * count) / 2;
  const { height: box, gap } = SHAPE_BOX;
  const wide = Math.min(each * 0.9, SHAPE_BOX.most);
  const strip = Math.min(wide * 0.5, 30);
  const inside = nodes.filter((name) => name !== "output");
  const low = height - 2 - box - gap;
  const small = (inside.length - 1) * (SHAPE_STRIP.height + SHAPE_STRIP.gap);
  const main = low - small - (2 + box + gap);
  const parts = stacked(inside, low, main);
  const lane = links.some((link) => passes({ parts }, link)) ? SHAPE_STRIP.lane : 0;
  const x = (at) => start + each * (at + 0.5);
  const around = (at, half, top, bottom, left = 0) => {
    return { left: x(at) - half + left, right: x(at) + half, top, bottom };
  };
  const column = (at) => ({
    x: x(at),
    input: around(at, wide / 2, height - 2 - box, height - 2),
    answer: around(at, wide / 2, 2, 2 + box),
    parts: parts.map(({ name, top, bottom }) => {
      return { name, ...around(at, strip / 2, top, bottom, name === "hidden" ? 0 : lane) };
    }),
    // where arrows that pass a strip run
    lane: x(at) - strip / 2 + lane / 2,
  });
  return { columns: Array.from({ length: count }, (_, at) => column(at)) };
}

function stacked(names, low, main) {
  let bottom = low;
  return names.map((name) => {
    const part = { name, top: bottom - (name === "hidden" ? main : SHAPE_STRIP.height), bottom };
    bottom = part.top - SHAPE_STRIP.gap;
    return part;
  });
}

/** All arrows: [{points, at, heavy, dashed}], `at` the column that they end in. columns: those of
 * the shape; heavy where another network takes over. */
export function shapeArrows(places, columns, links) {
  const found = [];
  columns.forEach((column, at) => {
    for (const link of links) {
      const points = link.back ? pathBack(places, link, at) : pathWithin(places, link, at, column);
      if (points) found.push({ points, at, heavy: link.back > 0 && column.part === true });
    }
    if (column.output !== "" && !links.some(({ target }) => target === "output")) {
      found.push({ points: toAnswer(places.columns[at]), at });
    }
    if (at && column.fed) found.push({ points: fedAgain(places, at), at, dashed: true });
  });
  return found;
}

function pathBack({ columns }, { source, target, back }, at) {
  if (at < back) return null;
  const [from, to] = [boxOf(columns[at - back], source), boxOf(columns[at], target)];
  const [low, high] = [(from.top + from.bottom) / 2, (to.top + to.bottom) / 2];
  if (back > 1) {
    const over = Math.min(from.top, to.top) - 3 - 3 * back;
    return [[from.right - 4, from.top - 1], [from.right - 4, over], [to.left + 4, over], [to.left + 4, to.top - 2]];
  }
  const lean = source === target ? 0 : Math.sign(high - low);
  return [[from.right + 1, low + lean * (from.bottom - from.top) * 0.3], [to.left - 2, high - lean * (to.bottom - to.top) * 0.25]];
}

function pathWithin({ columns }, link, at, column) {
  const place = columns[at];
  if (link.source === "input" && column.input === "") return null;
  if (link.target === "output") return column.output === "" ? null : toAnswer(place);
  const to = boxOf(place, link.target);
  const from = link.source === "input" ? place.input : boxOf(place, link.source);
  const x = passes(place, link) ? place.lane : (to.left + to.right) / 2;
  return [[x, from.top - 1], [x, to.bottom + 2]];
}

function toAnswer({ x, answer, parts }) {
  return [[x, parts.at(-1).top - 1], [x, answer.bottom + 2]];
}

// The answer of the step before is what this step reads.
function fedAgain({ columns }, at) {
  const [before, here] = [columns[at - 1], columns[at]];
  const between = (before.x + here.x) / 2;
  const [high, low] = [(before.answer.top + before.answer.bottom) / 2, here.input.top - 5];
  return [[before.x + 8, high], [between, high], [between, low], [here.x - 6, low]];
}

function boxOf({ parts, answer }, name) {
  return name === "output" ? answer : parts.find((part) => part.name === name);
}
