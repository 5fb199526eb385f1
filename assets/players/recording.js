// A recording as the pictures read it: arrays by name, indices in the order
// (layer, direction, time, unit), and the spec that says what to draw.
import { readSafetensors } from "./safetensors.js";

/** The signals of a cell in the order in which they are listed everywhere. */
export const SIGNAL_ORDER = [
  "hidden",
  "cell",
  "input_gate",
  "forget_gate",
  "output_gate",
  "candidate",
  "reset_gate",
  "update_gate",
  "output",
];

/** A token as it is shown: blanks become visible signs, nothing else changes. */
export function tokenLabel(token) {
  if (token === undefined || token === null) return "";
  return String(token)
    .replace(/\r?\n/g, "⏎")
    .replace(/\t/g, "⇥")
    .replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length));
}

/** Uint8Array (a safetensors file with __metadata__.spec) -> Recording. */
export function openRecording(bytes) {
  const { metadata, arrays } = readSafetensors(bytes);
  if (typeof metadata.spec !== "string") {
    throw new TypeError("recording: __metadata__.spec is missing, expected a JSON string");
  }
  return new Recording(JSON.parse(metadata.spec), arrays);
}

class Recording {
  #arrays;
  #ranges = new Map();
  #overTraining;
  #shown = 0;
  #parts = new Map();

  constructor(spec, arrays) {
    this.spec = spec;
    this.#arrays = arrays;
    this.#overTraining = new Set(spec.checkpoints?.arrays);
  }

  /** From now on the arrays are those of this checkpoint: those that `spec.checkpoints.arrays`
   * names hold one recording after the other, over their first axis. */
  show(checkpoint) {
    this.#shown = checkpoint;
    for (const part of this.#parts.values()) part.show(checkpoint);
    const tokens = this.spec.checkpoints?.tokens;
    if (tokens) this.spec.tokens = tokens[checkpoint];
  }

  /** Names of the cell's signals that were recorded, in the common order. */
  get signals() {
    return SIGNAL_ORDER.filter((name) => this.has(name));
  }

  has(name) {
    return this.#arrays.has(name);
  }

  array(name) {
    const whole = this.#whole(name);
    if (!this.#overTraining.has(name)) return whole;
    const { dtype, data } = whole;
    const shape = whole.shape.slice(1);
    const size = data.length / whole.shape[0];
    return { dtype, shape, data: data.subarray(this.#shown * size, (this.#shown + 1) * size) };
  }

  /** One of several recordings on the same stage: its arrays are called `<name>/hidden` and so on,
   * and what its spec has of its own is in `spec.parts[name]`. */
  part(name) {
    if (!this.#parts.has(name)) this.#parts.set(name, this.#split(`${name}/`, this.spec.parts[name]));
    return this.#parts.get(name);
  }

  #split(prefix, own) {
    const named = (names) => names.filter((name) => name.startsWith(prefix));
    const strip = (name) => name.slice(prefix.length);
    const arrays = named([...this.#arrays.keys()]).map((name) => [strip(name), this.#arrays.get(name)]);
    const { checkpoints } = this.spec;
    const spec = { ...this.spec, ...own };
    if (checkpoints) {
      spec.checkpoints = { ...checkpoints, tokens: undefined, arrays: named(checkpoints.arrays).map(strip) };
    }
    const found = new Recording(spec, new Map(arrays));
    found.show(this.#shown);
    return found;
  }

  /** What `find` returns at each of the checkpoints, in their order; once where there are none. */
  atEach(find) {
    const shown = this.#shown;
    const { length } = this.spec.checkpoints?.updates ?? [0];
    const found = Array.from({ length }, (_, checkpoint) => {
      this.show(checkpoint);
      return find();
    });
    this.show(shown);
    return found;
  }

  #whole(name) {
    const found = this.#arrays.get(name);
    if (!found) {
      const known = [...this.#arrays.keys()].join(", ");
      throw new RangeError(`recording: no array "${name}"; there are: ${known}`);
    }
    return found;
  }

  shape(name) {
    return this.array(name).shape;
  }

  /** How many units a row of `name` has; 1 for arrays without a unit axis. */
  width(name) {
    return this.shape(name)[3] ?? 1;
  }

  /** `unit`, or the last one where `name` has fewer (an output may be narrower than a state). */
  fitUnit(name, unit) {
    return Math.min(unit, this.width(name) - 1);
  }

  at(name, layer, direction, time, unit = 0) {
    const { shape, data } = this.array(name);
    const [, directions, steps, units = 1] = shape;
    return data[((layer * directions + direction) * steps + time) * units + unit];
  }

  /** All units of one step: a view, not a copy. */
  row(name, layer, direction, time) {
    const { shape, data } = this.array(name);
    const [, directions, steps, units = 1] = shape;
    const start = ((layer * directions + direction) * steps + time) * units;
    return data.subarray(start, start + units);
  }

  /** All steps and units of one layer and direction, time first: a view, not a copy. */
  plane(name, layer, direction) {
    const { shape, data } = this.array(name);
    const size = shape.slice(2).reduce((product, length) => product * length, 1);
    const start = (layer * shape[1] + direction) * size;
    return data.subarray(start, start + size);
  }

  /** The state that step `time` started from. Direction 1 reads from the end. */
  previous(name, layer, direction, time) {
    const before = direction === 1 ? time + 1 : time - 1;
    if (before >= 0 && before < this.shape(name)[2]) {
      const row = this.row(name, layer, direction, before);
      // Padding behind a short sequence has no values: its reading starts here.
      if (!Number.isNaN(row[0])) return row;
    }
    return this.initial(name, layer, direction);
  }

  /** The state before the first step read; zeros where none was given. */
  initial(name, layer, direction) {
    if (!this.has(`initial_${name}`)) return new Float32Array(this.width(name));
    const { shape, data } = this.array(`initial_${name}`);
    const [, directions, units] = shape;
    const start = (layer * directions + direction) * units;
    return data.subarray(start, start + units);
  }

  /** The largest |value| in the whole array, 0 when it holds no finite value. It is the same at
   * all checkpoints, so that their colours can be compared. */
  range(name) {
    if (!this.#ranges.has(name)) {
      let largest = 0;
      for (const value of this.#whole(name).data) {
        const size = Math.abs(value);
        if (size > largest && size !== Infinity) largest = size;
      }
      this.#ranges.set(name, largest);
    }
    return this.#ranges.get(name);
  }

  token(time) {
    return tokenLabel(this.spec.tokens?.[time]);
  }
}
