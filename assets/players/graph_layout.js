// Where everything of the unrolled graph stands, from the size of the host and the zoom.
// Bottom to top: map of the whole sequence, step numbers, tokens, layers, predictions, header.

export const GRAPH_HEADER = 44;
/** Sequences up to this length are shown whole when the picture opens. */
export const GRAPH_SHORT = 14;

const GRAPH_NEAR_PITCH = 58;
const GRAPH_MIDDLE_PITCH = 24;
const GRAPH_GUESS_HEIGHT = 19;
const GRAPH_MAP_HEIGHT = 26;
const GRAPH_STRIP = { gap: 28, height: 14 };
const GRAPH_FAR_PREDICTIONS = [44, 84];
// From the middle of a recurrent arrow up to the row above.
const GRAPH_LETTER_ROOM = 24;
const GRAPH_MOST_GAP = 52;
const GRAPH_MOST_NODE = 170;

/** "near": every part and number; "middle": nodes without letters; "far": coloured cells. */
function graphLevel(pitch, directions) {
  if (pitch >= GRAPH_NEAR_PITCH) return "near";
  return pitch >= GRAPH_MIDDLE_PITCH * (directions > 1 ? 1.4 : 1) ? "middle" : "far";
}

/** shape: {steps, layers, directions, guesses (0 where nothing is predicted), nodes (the states of
 * one step from below, as they are computed), main (the one that gets most room), passed (whether
 * an arrow has to pass one of them)}. */
export function graphLayout(width, height, gutter, pitch, shape) {
  const level = graphLevel(pitch, shape.directions);
  const plot = { left: gutter, right: width - 6, width: width - 6 - gutter };
  const map = mapBand(plot, height, shape.steps);
  const numbers = { y: (map ? map.top - 8 : height - 2) - 8 };
  const tokens = { height: 26, bottom: numbers.y - 9, top: numbers.y - 35 };
  const room = tokens.top - GRAPH_HEADER;
  const node = nodeWidth(level, pitch, shape.directions);
  const fitted = fitRows(room, node.width, level, shape);
  const predictions = predictionBand(GRAPH_HEADER, fitted);
  const { rows, bars } = placeRows(tokens.top, fitted, shape, room - fitted.above);
  // over a row, up to what stands next; what is left over lies above the last
  const ceiling = predictions?.bottom ?? GRAPH_HEADER;
  const headroom = shape.layers * shape.directions > 1 ? fitted.gap : rows[0].high - ceiling;
  node.height = fitted.node;
  const between = shape.directions > 1 ? fitted.gap * 0.6 : fitted.gap;
  const letters = level === "near" && fitted.node / 2 + between >= GRAPH_LETTER_ROOM;
  return { width, height, level, pitch, plot, map, numbers, tokens, node, predictions, rows, bars,
    letters, gap: fitted.gap, headroom, passed: shape.passed };
}

function mapBand(plot, height, steps) {
  if (steps <= GRAPH_SHORT) return null;
  return { ...plot, top: height - GRAPH_MAP_HEIGHT - 1, bottom: height - 1 };
}

// The two directions stand left and right of the column's middle, so that wires pass between.
function nodeWidth(level, pitch, directions) {
  if (level === "far") return { width: pitch, shift: 0 };
  if (directions > 1) return { width: Math.min(pitch * 0.44, 100), shift: pitch * 0.15 };
  return { width: Math.min(pitch * 0.6, 130), shift: 0 };
}

// As many guesses as leave the nodes a good height; gaps take what nodes do not need.
function fitRows(room, width, level, shape) {
  const { layers, directions, nodes } = shape;
  const strip = (nodes.length - 1) * (GRAPH_STRIP.gap + GRAPH_STRIP.height);
  const count = layers * directions;
  const least = level === "far" ? 14 : 24;
  const gaps = layers + 1 + layers * (directions - 1) * 0.6;
  const wanted = level === "far" ? Infinity : Math.min(width * 1.5, GRAPH_MOST_NODE);
  const guesses = chooseGuesses(room - count * (strip + wanted * 0.8) - gaps * least, shape);
  const above = predictionHeight(guesses, level, room);
  const left = room - above - count * strip;
  const node = Math.max(Math.min((left - gaps * least) / count, wanted), 8);
  const gap = Math.min(Math.max((left - node * count) / gaps, 6), GRAPH_MOST_GAP);
  return { node, gap, guesses, strip, above, height: node * count + gap * gaps + count * strip };
}

function chooseGuesses(room, { guesses, layers, directions }) {
  if (!guesses) return 0;
  const least = layers * directions > 2 ? 1 : 2;
  const fitting = Math.floor((room - GRAPH_GUESS_HEIGHT - 8) / GRAPH_GUESS_HEIGHT);
  return Math.min(Math.max(fitting, least), guesses, 5);
}

function predictionHeight(guesses, level, room) {
  if (!guesses) return 0;
  const [least, most] = GRAPH_FAR_PREDICTIONS;
  if (level === "far") return Math.min(Math.max(room * 0.25, least), most);
  return GRAPH_GUESS_HEIGHT * (guesses + 1) + 8;
}

function predictionBand(top, { guesses, above }) {
  if (!guesses) return null;
  return { top: top + 2, bottom: top + above - 4, guesses, rowHeight: GRAPH_GUESS_HEIGHT };
}

// rows: one per layer and direction, bottom up; bars: where the directions join, below layer 0,
// between the layers, and above the last. top, bottom and middle of a row are those of its main
// part, low and high those of all its parts together.
function placeRows(tokenTop, { node, gap, height }, shape, room) {
  const { layers, directions } = shape;
  const rows = [];
  // What is left over lengthens the wires at both ends alike.
  const spare = Math.max(room - height, 0) / 2;
  const bars = [tokenTop - gap * 0.5];
  let bottom = tokenTop - gap - spare;
  for (let layer = 0; layer < layers; layer += 1) {
    for (let direction = 0; direction < directions; direction += 1) {
      const parts = stackParts(bottom, node, shape);
      const { top, bottom: foot, middle } = parts.find(({ name }) => name === shape.main);
      const high = parts.at(-1).top;
      rows.push({ layer, direction, top, bottom: foot, middle, parts, low: bottom, high });
      bottom = high - (direction < directions - 1 ? gap * 0.6 : gap);
    }
    bars.push(bottom + gap * 0.5);
  }
  return { rows, bars };
}

// The states of one step above each other: the main one a box, the others strips.
function stackParts(low, node, { nodes, main }) {
  let bottom = low;
  return nodes.map((name) => {
    const height = name === main ? node : GRAPH_STRIP.height;
    const part = { name, top: bottom - height, bottom, middle: bottom - height / 2 };
    bottom = part.top - GRAPH_STRIP.gap;
    return part;
  });
}
