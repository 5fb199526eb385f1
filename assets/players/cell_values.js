// One step of one cell, read from the recording: every quantity by name, for the chosen unit and
// for all units. Quantities that are not recorded but shown (f ⊙ c, tanh c, ...) are derived here.
import { scaleOf } from "./theme.js";
import { tokenLabel } from "./recording.js";
import { fillText } from "./words.js";

// What the picture shows beyond the recorded arrays; `scale` names the signal whose colours it has.
const CELL_DERIVED = {
  cell_kept: { scale: "cell", of: (v) => v("forget_gate") * v("previous_cell") },
  cell_written: { scale: "cell", of: (v) => v("input_gate") * v("candidate") },
  cell_squashed: { scale: "hidden", of: (v) => Math.tanh(v("cell")) },
  hidden_kept: { scale: "hidden", of: (v) => v("update_gate") * v("previous_hidden") },
  hidden_written: { scale: "hidden", of: (v) => (1 - v("update_gate")) * v("candidate") },
  update_complement: { scale: "update_gate", of: (v) => 1 - v("update_gate") },
  reset_state: { scale: "hidden", of: (v) => v("reset_gate") * v("previous_hidden") },
  recurrent_candidate: {
    scale: "hidden",
    of: (v) => v("candidate_from_recurrent") + v("candidate_recurrent_bias"),
  },
  reset_candidate: {
    scale: "hidden",
    of: (v) => v("reset_gate") * (v("candidate_from_recurrent") + v("candidate_recurrent_bias")),
  },
};
const CELL_PARTS = /_(from_(input|recurrent|hidden)|(recurrent_)?bias|preactivation)$/;

/** One step at the cursor: value(name), row(name), scale(name), first, previousLabel, ... */
export class CellStep {
  #recording;
  #outputUnit;

  constructor(recording, cursor, outputUnit = null) {
    this.#recording = recording;
    this.#outputUnit = outputUnit;
    Object.assign(this, {
      time: cursor.time,
      layer: cursor.layer,
      direction: cursor.direction,
      unit: cursor.unit,
    });
    const before = this.direction === 1 ? this.time + 1 : this.time - 1;
    const state = recording.has("hidden") ? "hidden" : "output";
    const outside = before < 0 || before >= recording.shape(state)[2];
    this.first = outside || Number.isNaN(recording.at(state, this.layer, this.direction, before));
  }

  /** The index of the step before in the notation: t-1, or t+1 when reading from the end. */
  get before() {
    return this.direction === 1 ? "t+1" : "t-1";
  }

  /** The letter of what the layer below hands up. */
  get belowLetter() {
    return this.#recording.spec.cell.kind === "jordan" ? "y" : "h";
  }

  /** Whether this is the last layer. */
  get top() {
    return this.layer === (this.#recording.spec.layers ?? 1) - 1;
  }

  /** Where the state goes above this layer, in words. */
  handedTo(text) {
    return this.top ? text.cell_to_output : fillText(text.cell_to_layer, { layer: this.layer + 2 });
  }

  /** Jordan's output may have its own number of units; then it has its own chosen one. */
  get ownOutput() {
    const recording = this.#recording;
    return (
      recording.spec.cell.kind === "jordan" &&
      recording.has("output") &&
      recording.width("output") !== recording.width("hidden")
    );
  }

  unitOf(name) {
    if (!this.ownOutput || !/^(previous_)?output/.test(name)) return this.unit;
    if (this.#outputUnit !== null) return this.#outputUnit;
    const row = this.row("output");
    return row.indexOf(Math.max(...row));
  }

  /** The token that a unit of Jordan's own output stands for, "" where it stands for none. */
  unitToken(name, unit = this.unitOf(name)) {
    const { vocabulary = [] } = this.#recording.spec;
    const own = this.ownOutput && /^(previous_)?output$/.test(name);
    return own && this.row(name)?.length === vocabulary.length ? tokenLabel(vocabulary[unit]) : "";
  }

  /** The chosen unit's value, NaN where nothing was recorded. */
  value(name) {
    const derived = CELL_DERIVED[name];
    if (derived) return derived.of((other) => this.value(other));
    return this.row(name)?.[this.unitOf(name)] ?? Number.NaN;
  }

  /** All units' values, or null where nothing was recorded. */
  row(name) {
    const recording = this.#recording;
    if (name === "input") return this.#inputRow();
    if (name.startsWith("previous_")) {
      const signal = name.slice("previous_".length);
      if (!recording.has(signal)) return null;
      return recording.previous(signal, this.layer, this.direction, this.time);
    }
    return recording.has(name) ? recording.row(name, this.layer, this.direction, this.time) : null;
  }

  // Above the first layer the input is the output of the layer below, both directions of it.
  #inputRow() {
    if (this.layer === 0) return null;
    const recording = this.#recording;
    const signal = recording.spec.cell.kind === "jordan" ? "output" : "hidden";
    const directions = recording.shape(signal)[1];
    const rows = Array.from({ length: directions }, (_, direction) =>
      recording.row(signal, this.layer - 1, direction, this.time),
    );
    if (directions === 1) return rows[0];
    return Float32Array.from(rows.flatMap((row) => [...row]));
  }

  /** The colour scale of a quantity, shared with every other picture of the recording. */
  scale(name) {
    const signal = CELL_DERIVED[name]?.scale ?? name.replace(/^previous_/, "");
    // Parts of a sum are compared with the states, so they have the states' colours.
    const shown = CELL_PARTS.test(signal) || signal === "input" ? "hidden" : signal;
    return scaleOf(this.#recording, shown);
  }

  get token() {
    return this.#recording.token(this.time);
  }

  get unknownToken() {
    return (this.#recording.spec.unknown ?? []).includes(this.time);
  }

  /** What to call the guesses: of the next token, or of this step itself. */
  guessesName(text) {
    return this.#recording.spec.reads_on === false ? text.cell_says : text.cell_next;
  }

  /** The top guesses [{token, probability}] where this layer feeds the read-out, else []. */
  predictions() {
    const recording = this.#recording;
    const { vocabulary = [] } = recording.spec;
    const readOut = this.top && this.direction === 0;
    if (!readOut || !recording.has("prediction_index")) return [];
    const { shape, data } = recording.array("prediction_index");
    const probability = recording.array("prediction_probability").data;
    const start = this.time * shape[1];
    return Array.from({ length: shape[1] }, (_, rank) => ({
      token: tokenLabel(vocabulary[data[start + rank]]),
      probability: probability[start + rank],
    })).filter((guess) => !Number.isNaN(guess.probability));
  }
}
