// The words of a cloud as they arrive: labels, places in every frame, frequency, group, tint.
import { cloudBounds, scalePlaces } from "./cloud_bounds.js";
import { decodeLabels } from "./cloud_words.js";
import { rankedNeighbours } from "./cloud_neighbours.js";

const CLOUD_SIZES = { rare: 0.75, plain: 1, frequent: 1.7 };
/** Sizes travel as bytes; 255 means this factor. */
export const CLOUD_SIZE_UNIT = 2;

export class CloudModel {
  constructor(recording, options) {
    const { shape, data } = recording.array("positions");
    [this.frames, this.count] = shape;
    this.recording = recording;
    this.options = options;
    this.given = data;
    this.labels = decodeLabels(recording.array("labels").data, this.count);
    this.frequency = optionalData(recording, "frequency");
    this.group = optionalData(recording, "group");
    this.tint = optionalData(recording, "tint");
    this.tintMoves = this.tint !== null && this.tint.length > this.count;
    this.bounds = cloudBounds(data, this.frames);
    this.isFlat = (options.dimensions ?? (this.bounds.flat ? 2 : 3)) === 2;
    this.places = scalePlaces(data, this.bounds);
    this.order = frequencyOrder(this.frequency, this.count);
    this.range = positiveRange(this.frequency);
    this.sizes = pointSizes(this);
  }

  /** Places in the unit ball, three numbers a word: a view of frame `frame`. */
  placesAt(frame) {
    const size = this.count * 3;
    return this.places.subarray(frame * size, (frame + 1) * size);
  }

  /** The coordinates as they were given. */
  coordinates(frame, point) {
    const start = (frame * this.count + point) * 3;
    return [...this.given.subarray(start, start + (this.isFlat ? 2 : 3))];
  }

  /** A coordinate as it was given -> where it lies in the unit ball. */
  scaled(value, axis) {
    return (value - this.bounds.center[axis]) / this.bounds.radius;
  }

  tintAt(frame, point) {
    if (!this.tint) return NaN;
    return this.tint[(this.tintMoves ? frame * this.count : 0) + point];
  }

  /** 0 for the rarest word, 1 for the most frequent, by the logarithm. */
  frequencyShare(point) {
    const { low, high } = this.range;
    if (high <= low) return 1;
    const value = Math.max(this.frequency[point], low);
    return Math.log(value / low) / Math.log(high / low);
  }

  groupName(point) {
    const group = this.group?.[point] ?? -1;
    if (group < 0) return "";
    return this.options.groups?.[group] ?? String(group + 1);
  }

  neighbours(frame, point) {
    return rankedNeighbours(this.recording, frame, point);
  }

  /** The colourings that the data allows, in the order in which they are offered. */
  get colourings() {
    const has = { group: this.group, frequency: this.frequency, tint: this.tint };
    return [...Object.keys(has).filter((name) => has[name]), "none"];
  }
}

function optionalData(recording, name) {
  return recording.has(name) ? recording.array(name).data : null;
}

/** Points, the most frequent first; as they came where nothing is known. */
function frequencyOrder(frequency, count) {
  const order = Uint32Array.from({ length: count }, (_, point) => point);
  if (!frequency) return order;
  const sorted = frequency.every((value, at) => at === 0 || value <= frequency[at - 1]);
  return sorted ? order : order.sort((a, b) => frequency[b] - frequency[a] || a - b);
}

function positiveRange(frequency) {
  const range = { low: Infinity, high: 0 };
  for (const value of frequency ?? []) {
    if (value > 0 && value < range.low) range.low = value;
    if (value > range.high && value !== Infinity) range.high = value;
  }
  return range;
}

function pointSizes(model) {
  const { rare, plain, frequent } = CLOUD_SIZES;
  const sizes = new Uint8Array(model.count).fill((plain / CLOUD_SIZE_UNIT) * 255);
  if (!model.frequency) return sizes;
  for (let point = 0; point < model.count; point += 1) {
    const factor = rare + (frequent - rare) * model.frequencyShare(point) ** 2;
    sizes[point] = (factor / CLOUD_SIZE_UNIT) * 255;
  }
  return sizes;
}
