// What the unrolled graph says about a step: states, gradients, guesses, and what is reached.
import { linksOf, nodesOf, passes } from "./graph_links.js";
import { formatPercent, formatRatio, formatSize, subscript } from "./log_axis.js";
import { tokenLabel } from "./recording.js";
import { scaleOf } from "./theme.js";
import { fillText, formatValue, stepLabel } from "./words.js";

// The letters of the weights from the input, from the states before, and to the output.
const GRAPH_LETTERS = { input: "W", recurrent: "U", output: "V" };
const GRAPH_STATES = { hidden: "h", cell: "c", output: "y" };
const GRAPH_LONGEST_TOKEN = 16;
const GRAPH_LISTED_UNITS = 4;
const GRAPH_LISTED_GUESSES = 5;

export class GraphModel {
  #norms = new Map();
  #missing = null;

  constructor({ recording, text, options }) {
    const { spec } = recording;
    this.recording = recording;
    this.text = text;
    this.options = options ?? {};
    this.steps = spec.steps;
    this.layers = spec.layers;
    this.directions = spec.directions;
    this.units = recording.width("hidden");
    this.links = linksOf(spec.cell);
    this.nodes = nodesOf(this.links, (name) => recording.has(name));
    this.main = this.nodes.includes("hidden") ? "hidden" : this.nodes[0];
    this.hasGradient = recording.has("grad_hidden_norm");
    this.unknown = new Set(spec.unknown ?? []);
    this.stateScale = scaleOf(recording, "hidden");
    this.gradientScale = scaleOf(recording, "grad_hidden_norm");
    this.guessCount = recording.has("prediction_index") ? recording.shape("prediction_index")[1] : 0;
  }

  /** Does the state have gaps (padding) anywhere? */
  get hasMissing() {
    this.#missing ??= this.recording.array("hidden").data.some(Number.isNaN);
    return this.#missing;
  }

  /** Backward only means something where a gradient was recorded. */
  isBackward(cursor) {
    return cursor.mode === "backward" && this.hasGradient;
  }

  /** Has the reading (or the gradient) come to column `time` of a row, for the cursor to be
   * where it is? Direction 1 reads from the end, and its gradient flows to the end. */
  isReached(cursor, direction, time) {
    return this.comesFromLeft(cursor, direction) ? time <= cursor.time : time >= cursor.time;
  }

  /** Does what travels through a row travel from left to right? */
  comesFromLeft(cursor, direction) {
    return (direction === 1) === this.isBackward(cursor);
  }

  /** The colour scale of a state. */
  scaleOf(node) {
    return scaleOf(this.recording, node);
  }

  /** The chosen unit; the cursor may stand on one that only a wider signal has. */
  unitOf(cursor) {
    return Math.min(cursor.unit, this.units - 1);
  }

  /** Arrows from an earlier step, and arrows inside one. */
  get linksBack() {
    return this.links.filter(({ back }) => back > 0);
  }

  get linksWithin() {
    return this.links.filter(({ back }) => back === 0);
  }

  /** Does an arrow have to pass a state that it does not touch? */
  get passed() {
    const parts = this.nodes.map((name) => ({ name }));
    return this.linksWithin.some((link) => passes({ parts }, link));
  }

  /** Is there another arrow with the same letter, from a state to itself? */
  sharesLetter({ weight, back }) {
    return this.links.some((one) => one.source === one.target && one.weight === weight && one.back === back);
  }

  /** Is the state itself the answer, so that nothing is read out of it? */
  get answersItself() {
    return this.nodes.includes("output");
  }

  /** "h", "c"; the output is O where there is no hidden state beside it. */
  letterOf(node) {
    if (node === "output" && !this.nodes.includes("hidden")) return "O";
    return GRAPH_STATES[node] ?? node;
  }

  /** The size of the gradient for a state; what has none of its own lies on the way of h's. */
  gradient(layer, direction, time, node = "hidden") {
    const own = `grad_${node}_norm`;
    const name = this.recording.has(own) ? own : "grad_hidden_norm";
    return this.recording.at(name, layer, direction, time);
  }

  /** ‖h_t‖ of all steps of a row. */
  stateNorms(layer, direction) {
    const key = `${layer} ${direction}`;
    if (!this.#norms.has(key)) {
      const plane = this.recording.plane("hidden", layer, direction);
      const norms = new Float32Array(this.steps);
      for (let at = 0; at < plane.length; at += 1) {
        norms[Math.floor(at / this.units)] += plane[at] ** 2;
      }
      this.#norms.set(key, norms.map(Math.sqrt));
    }
    return this.#norms.get(key);
  }

  /** Whether the next token is predicted; else each step is answered for itself. */
  get readsOn() {
    return this.recording.spec.reads_on !== false;
  }

  /** The token that really follows step `time`, or null where nobody knows. */
  truth(time) {
    const { targets, next } = this.options;
    if (targets) return targets[time] ?? null;
    if (!this.readsOn) return null;
    return this.recording.spec.tokens[time + 1] ?? next ?? null;
  }

  /** [{label, probability, right}], the likeliest first; `right` is null without a truth. */
  guesses(time, most = this.guessCount) {
    if (!this.guessCount) return [];
    const { recording, guessCount } = this;
    const indices = recording.array("prediction_index").data;
    const probabilities = recording.array("prediction_probability").data;
    const truth = this.truth(time);
    const found = [];
    for (let rank = 0; rank < Math.min(most, guessCount); rank += 1) {
      const at = time * guessCount + rank;
      if (indices[at] < 0 || Number.isNaN(probabilities[at])) continue;
      const token = recording.spec.vocabulary[indices[at]];
      const right = truth === null ? null : token === truth;
      found.push({ label: tokenLabel(token), probability: probabilities[at], right });
    }
    return found;
  }

  /** Did the likeliest guess name the token that really came next? */
  isRight(time) {
    const truth = this.truth(time);
    const index = this.recording.array("prediction_index").data[time * this.guessCount];
    return truth !== null && this.recording.spec.vocabulary[index] === truth;
  }

  /** Probability that was given to the true next token; without one, that of the top guess. */
  likelihood(time) {
    const known = this.recording.has("target_probability");
    const value = known ? this.recording.array("target_probability").data[time] : NaN;
    return Number.isNaN(value) ? (this.guesses(time, 1)[0]?.probability ?? NaN) : value;
  }

  rowLabel(layer, direction) {
    const arrow = this.directions > 1 ? (direction === 1 ? " ←" : " →") : "";
    if (this.layers === 1) return this.partLabel(this.main) + arrow;
    return fillText(this.text.graph_layer, { n: layer + 1 }) + arrow;
  }

  /** What one part of a row is called. */
  partLabel(node) {
    const { text } = this;
    return text[`graph_${node}`] ?? text[`signal_${node}`] ?? node;
  }

  /** One line about where the cursor stands. */
  readout(cursor) {
    return this.isBackward(cursor)
      ? this.#sizeLine("grad_hidden_norm", "h", cursor)
      : this.#readingLine(cursor);
  }

  /** What else is to know there: how far each direction has read, the gradient of the cell
   * state, or that the letters stand for the same weights everywhere. */
  note(cursor, showsLetters) {
    const { text, directions, recording } = this;
    if (this.isBackward(cursor)) {
      return recording.has("grad_cell_norm") ? this.#sizeLine("grad_cell_norm", "c", cursor) : "";
    }
    if (directions > 1) {
      const [t, last] = [stepLabel(cursor.time), stepLabel(this.steps - 1)];
      return fillText(text.graph_two_ways, { t, last });
    }
    if (!showsLetters) return "";
    const reads = this.guessCount && (!this.answersItself || this.links.some(({ weight }) => weight === "V"));
    return fillText(reads ? text.graph_tied : text.graph_tied_two, this.letters);
  }

  /** {input, recurrent, output}: "W", "U" or "U₁, U₂, U₃", "V". */
  get letters() {
    const back = new Set(this.linksBack.map(({ weight }) => weight).filter(Boolean));
    const recurrent = [...back].map(weightLetter).join(this.text.graph_letter_gap);
    return { ...GRAPH_LETTERS, recurrent: recurrent || GRAPH_LETTERS.recurrent };
  }

  #sizeLine(name, letter, { layer, direction, time }) {
    const value = this.recording.at(name, layer, direction, time);
    const last = this.recording.at(name, layer, direction, direction === 1 ? 0 : this.steps - 1);
    const line = `‖∂L/∂${letter}${subscript(time + 1)}‖ = ${formatSize(value)}`;
    if (!Number.isFinite(value / last)) return line;
    return `${line} ${fillText(this.text.graph_share, { share: formatRatio(value / last) })}`;
  }

  #readingLine({ time }) {
    const { text } = this;
    const step = { t: stepLabel(time), token: graphToken(this.recording.token(time)) };
    const [guess] = this.guesses(time, 1);
    if (!guess) return fillText(text.graph_reads, step);
    const percent = formatPercent(guess.probability);
    return fillText(text.graph_reads_guesses, { ...step, guess: graphToken(guess.label), percent });
  }

  /** Lines for the tooltip on a node. */
  describe(layer, direction, time) {
    const { recording, text } = this;
    const lines = [fillText(text.graph_step, { t: stepLabel(time), token: recording.token(time) })];
    if (this.layers * this.directions > 1) lines.push([text.graph_row, this.rowLabel(layer, direction)]);
    if (this.unknown.has(time)) lines.push([text.graph_input, text.graph_unknown]);
    lines.push([text.graph_state_size, formatValue(this.stateNorms(layer, direction)[time])]);
    lines.push([text.graph_largest, this.#largestUnits(layer, direction, time)]);
    lines.push(...this.#gradientRows(layer, direction, time));
    const truth = this.truth(time);
    if (this.guessCount && truth !== null) lines.push([text.graph_next, tokenLabel(truth)]);
    for (const [rank, guess] of this.guesses(time, GRAPH_LISTED_GUESSES).entries()) {
      const percent = `${(100 * guess.probability).toFixed(2)}%${guess.right ? " ✓" : ""}`;
      lines.push([rank === 0 ? text.graph_guesses : "", `${guess.label} · ${percent}`]);
    }
    return lines;
  }

  // "16: 0.93, 2: −0.87"; lines only break after a comma.
  #largestUnits(layer, direction, time) {
    const row = this.recording.row("hidden", layer, direction, time);
    const largest = [...row.keys()]
      .filter((unit) => !Number.isNaN(row[unit]))
      .sort((one, other) => Math.abs(row[other]) - Math.abs(row[one]))
      .slice(0, GRAPH_LISTED_UNITS)
      .map((unit) => `${unit}:\u00a0${formatValue(row[unit], 2)}`)
      .join(", ");
    return largest || "–";
  }

  #gradientRows(layer, direction, time) {
    const rows = [];
    const step = subscript(time + 1);
    for (const [name, letter] of [["grad_hidden_norm", "h"], ["grad_cell_norm", "c"]]) {
      if (!this.recording.has(name)) continue;
      const value = this.recording.at(name, layer, direction, time);
      rows.push([`‖∂L/∂${letter}${step}‖`, formatSize(value, 4)]);
    }
    return rows;
  }
}

/** "U2" -> "U₂". */
export function weightLetter(weight) {
  const number = weight.slice(1);
  return number ? `${weight[0]}${subscript(Number(number))}` : weight;
}

// In a sentence a long token would push out what follows it.
function graphToken(label) {
  const signs = [...label];
  if (signs.length <= GRAPH_LONGEST_TOKEN) return label;
  return `${signs.slice(0, GRAPH_LONGEST_TOKEN - 1).join("")}…`;
}
