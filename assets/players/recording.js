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

  constructor(spec, arrays) {
    this.spec = spec;
    this.#arrays = arrays;
  }

  /** Names of the cell's signals that were recorded, in the common order. */
  get signals() {
    return SIGNAL_ORDER.filter((name) => this.has(name));
  }

  has(name) {
    return this.#arrays.has(name);
  }

  array(name) {
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
    const { shape, data } = this.#arrays.get(`initial_${name}`) ?? {};
    if (!data) return new Float32Array(this.width(name));
    const [, directions, units] = shape;
    const start = (layer * directions + direction) * units;
    return data.subarray(start, start + units);
  }

  /** The largest |value| in the whole array, 0 when it holds no finite value. */
  range(name) {
    if (!this.#ranges.has(name)) {
      let largest = 0;
      for (const value of this.array(name).data) {
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
