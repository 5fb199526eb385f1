// What the picture of encoder and decoder is made of, read from the payload.
import { tokenLabel } from "./recording.js";
import { colorOf } from "./theme.js";
import { fillText, formatValue, stepLabel } from "./words.js";

/** spec.translator = {source: [token], unknown: [step], lanes: [{label, lines, fed, given, said,
 * right, chance, guesses}]}; arrays source (direction, step, unit), lane<n> (step, unit) and
 * attention<n> (step, source). Where there is no encoder, `source` has no tokens. */
export class TranslatorModel {
  #sprites = new Map();

  constructor(recording) {
    this.recording = recording;
    const { source, unknown, lanes } = recording.spec.translator;
    this.source = source.map(tokenLabel);
    this.unknown = new Set(unknown);
    this.lanes = lanes;
    this.directions = source.length ? recording.shape("source")[0] : 0;
  }

  get longest() {
    return Math.max(...this.lanes.map((lane) => lane.said.length));
  }

  /** The time at which the decoder takes its first step. */
  get turn() {
    return this.source.length;
  }

  /** Weights over the source at one step of a lane, or null. */
  weights(lane, step) {
    const name = `attention${lane}`;
    if (!this.recording.has(name) || step < 0 || step >= this.lanes[lane].said.length) return null;
    const { data } = this.recording.array(name);
    return data.subarray(step * this.turn, (step + 1) * this.turn);
  }

  /** A state as a small picture, one pixel a unit; they are painted once. */
  sprite(name, index, theme) {
    const key = `${name} ${index}`;
    if (!this.#sprites.has(key)) this.#sprites.set(key, paintStateSprite(this.#state(name, index), theme));
    return this.#sprites.get(key);
  }

  forget() {
    this.#sprites.clear();
  }

  explain({ time, lane }, text) {
    if (lane === undefined) {
      return [[text.translator_read, this.source[time]], [text.translator_step, stepLabel(time)]];
    }
    const step = time - this.turn;
    const { fed, given, said, chance, guesses } = this.lanes[lane];
    const how = text[`translator_${given[step]}`];
    return [
      fillText(text.translator_fed, { token: tokenLabel(fed[step]), how }),
      [tokenLabel(said[step]), formatValue(chance[step], 3)],
      ...guesses[step].filter(([token]) => token !== said[step])
        .map(([token, share]) => [tokenLabel(token), formatValue(share, 3)]),
    ];
  }

  #state(name, index) {
    const { shape, data } = this.recording.array(name);
    const units = shape[shape.length - 1];
    return data.subarray(index * units, (index + 1) * units);
  }
}

function paintStateSprite(values, theme) {
  const across = Math.ceil(Math.sqrt(values.length));
  const canvas = document.createElement("canvas");
  canvas.width = across;
  canvas.height = Math.ceil(values.length / across);
  const context = canvas.getContext("2d");
  values.forEach((value, unit) => {
    context.fillStyle = colorOf("signed", value, theme);
    context.fillRect(unit % across, Math.floor(unit / across), 1, 1);
  });
  return canvas;
}
