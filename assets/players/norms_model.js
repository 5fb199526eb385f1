// The sizes of gradients of several models over the same sequence, and where they fade.
import { formatRatio, formatSize, subscript } from "./log_axis.js";
import { fillText, stepLabel } from "./words.js";

/** Below these shares of the last value a gradient counts as faded. */
export const NORMS_SHARES = [0.01, 0.0001];

// What lies further below the largest value is shown at the floor: a longer axis would press
// everything that matters into its upper end.
const NORMS_MOST_DECADES = 14;
const NORMS_LETTERS = { grad_hidden: "h", grad_cell: "c", grad_output: "y" };

export class NormsModel {
  constructor({ recording, text, options }) {
    const { spec } = recording;
    this.recording = recording;
    this.text = text;
    this.steps = spec.steps;
    this.series = (spec.series ?? []).map((one, at) => {
      const curves = one.signals.flatMap((signal) => readCurves(recording, one.id, signal));
      return { ...one, curves, verdict: options?.verdicts?.[at] ?? "" };
    });
    const all = this.series.flatMap(({ curves }) => curves);
    // Axis and floor are those of all checkpoints, so that these can be compared.
    const ever = recording.atEach(() => this.series.flatMap(({ id, signals }) =>
      signals.flatMap((signal) => readCurves(recording, id, signal)))).flat();
    this.signals = [...new Set(all.map(({ signal }) => signal))];
    this.layers = Math.max(1, ...all.map(({ layer }) => layer + 1));
    this.range = commonRange(ever);
    this.seen = { zero: false, missing: false, tiny: false };
    for (const { values } of ever) this.#note(values);
  }

  /** "value", "zero", "missing" or "tiny" (above 0, below the axis). */
  stateOf(value) {
    if (Number.isNaN(value)) return "missing";
    if (value === 0) return "zero";
    return value < this.range.low ? "tiny" : "value";
  }

  get hasFloor() {
    return this.seen.zero || this.seen.missing || this.seen.tiny;
  }

  #note(values) {
    for (const value of values) this.seen[this.stateOf(value)] = true;
  }

  /** The curves of a series for the chosen layer (its last one where it has fewer). */
  chosen(series, layer) {
    return this.signalsOf(series).map((signal) => {
      const curves = series.curves.filter((curve) => curve.signal === signal);
      return curves[Math.min(layer, curves.length - 1)];
    });
  }

  signalsOf(series) {
    return this.signals.filter((signal) => series.curves.some((curve) => curve.signal === signal));
  }

  /** "‖∂L/∂h₃‖", without the step "‖∂L/∂h‖". */
  symbol(signal, time = null) {
    const letter = NORMS_LETTERS[signal] ?? signal;
    return `‖∂L/∂${letter}${time === null ? "" : subscript(time + 1)}‖`;
  }

  /** "2.1e-4 (0.42%)" */
  numbers(curve, time) {
    const value = curve.values[time];
    const share = value / curve.last;
    const size = formatSize(value);
    return Number.isFinite(share) ? `${size} (${formatRatio(share)})` : size;
  }

  stepsBack(steps) {
    const { text } = this;
    return steps === 1 ? text.norms_step_back : fillText(text.norms_steps_back, { k: steps });
  }

  /** Lines for the tooltip at one step of a series. */
  describe(series, time) {
    const { text, recording } = this;
    const token = recording.token(time);
    const lines = [series.label, fillText(text.norms_step, { t: stepLabel(time), token })];
    for (const curve of series.curves) {
      const share = curve.values[time] / curve.last;
      const layer = fillText(text.norms_layer, { n: curve.layer + 1 });
      const name = this.symbol(curve.signal, time) + (this.layers > 1 ? ` · ${layer}` : "");
      lines.push([name, formatSize(curve.values[time], 4)]);
      const of = fillText(text.norms_of_last, { share: formatRatio(share) });
      if (Number.isFinite(share)) lines.push(["", of]);
    }
    return lines;
  }
}

function readCurves(recording, id, signal) {
  const name = `norms.${id}.${signal}`;
  const { shape, data } = recording.array(name);
  const [layers, steps] = shape;
  return Array.from({ length: layers }, (_, layer) => {
    const values = data.subarray(layer * steps, (layer + 1) * steps);
    const lastTime = lastPositive(values);
    return { signal, layer, values, lastTime, last: lastTime < 0 ? NaN : values[lastTime] };
  });
}

// Behind a short sequence there is padding, so the last value is the last that there is.
function lastPositive(values) {
  for (let time = values.length - 1; time >= 0; time -= 1) if (values[time] > 0) return time;
  return -1;
}

/** [{share, time, back}]: going back from the last value, the first step below each share. */
export function findCrossings({ values, last, lastTime }) {
  return NORMS_SHARES.flatMap((share) => {
    for (let time = lastTime; time >= 0; time -= 1) {
      if (values[time] < share * last) return [{ share, time, back: lastTime - time }];
    }
    return [];
  });
}

/** [[first, last], ...]: runs of steps below `share` of the last value. */
export function findFaded({ values, last }, share) {
  const runs = [];
  values.forEach((value, time) => {
    if (!(value < share * last)) return;
    const run = runs.at(-1);
    if (run && run[1] === time - 1) run[1] = time;
    else runs.push([time, time]);
  });
  return runs;
}

// One axis for all panels, low enough for the reference lines to be seen.
function commonRange(curves) {
  let [low, high] = [Infinity, 0];
  for (const { values, last } of curves) {
    for (const value of values) {
      if (!(value > 0) || value === Infinity) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (last > 0) low = Math.min(low, last * NORMS_SHARES.at(-1));
  }
  if (high === 0) return { low: 0.001, high: 1 };
  return { low: Math.max(low / 1.6, high / 10 ** NORMS_MOST_DECADES), high: high * 1.6 };
}
