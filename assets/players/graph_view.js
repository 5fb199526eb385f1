// Which columns of the sequence are seen: zoom, pan, and following the cursor.
import { GRAPH_SHORT } from "./graph_layout.js";

const GRAPH_WIDEST_PITCH = 200;
const GRAPH_OPENING_PITCH = 74;
const GRAPH_FOLLOW_SECONDS = 0.13;
// The cursor stays inside this part of the window; beyond it the window moves along.
const GRAPH_COMFORT = [0.2, 0.72];

/** memory keeps {steps, columns, left} so that new data of the same length keeps the view. */
export class GraphView {
  #memory;
  #target = null;

  constructor(memory, steps) {
    this.steps = Math.max(steps, 1);
    this.width = 1;
    this.start = 0;
    this.#memory = memory;
    if (memory.steps !== this.steps) {
      Object.assign(memory, { steps: this.steps, columns: null, left: 0, free: true });
    }
  }

  /** The plot's place in pixels; the number of columns seen stays when the size changes. */
  setPlot(start, width, time) {
    this.start = start;
    this.width = Math.max(width, 1);
    const opening = this.#memory.columns === null;
    if (opening) this.#memory.columns = this.#openingColumns();
    this.#setColumns(this.columns);
    if (opening) this.#memory.left = this.#inside(time - this.columns / 2 + 0.5);
  }

  /** How many columns fit into the window. */
  get columns() {
    return this.#memory.columns;
  }

  get left() {
    return this.#memory.left;
  }

  get pitch() {
    return this.width / this.columns;
  }

  get showsAll() {
    return this.columns >= this.steps - 1e-6;
  }

  get isAtEnd() {
    return this.left + this.columns > this.steps - 0.05;
  }

  get isClosest() {
    return this.pitch >= GRAPH_WIDEST_PITCH - 1e-6;
  }

  /** The middle of column `time` in pixels of the host. */
  x(time) {
    return this.start + (time + 0.5 - this.left) * this.pitch;
  }

  /** The column under pixel `x`, or -1. */
  columnAt(x) {
    const column = Math.floor((x - this.start) / this.pitch + this.left);
    return column >= 0 && column < this.steps ? column : -1;
  }

  /** [first, last] columns of which something can be seen. */
  get range() {
    const first = Math.max(Math.floor(this.left), 0);
    return [first, Math.min(Math.ceil(this.left + this.columns), this.steps) - 1];
  }

  /** factor > 1 comes closer; the column under `x` stays where it is. -> whether anything changed. */
  zoom(factor, x = this.start + this.width / 2) {
    const share = (x - this.start) / this.width;
    const under = this.left + share * this.columns;
    const before = this.columns;
    this.#setColumns(this.columns / factor);
    if (Math.abs(before - this.columns) < 1e-6) return false;
    this.#target = null;
    this.#memory.left = this.#inside(under - share * this.columns);
    return true;
  }

  panBy(pixels) {
    this.#target = null;
    this.#memory.free = false;
    this.#memory.left = this.#inside(this.left - pixels / this.pitch);
  }

  fitAll() {
    this.#target = null;
    this.#setColumns(this.steps);
    this.#memory.left = this.#inside(0);
  }

  /** Back to following the cursor after the reader has panned away. */
  release() {
    this.#memory.free = true;
  }

  /** Keeps column `time` in sight; glides where `smooth`, unless the way is longer than the
   * window, where a glide would only be a blur. */
  follow(time, smooth, playing) {
    if (!this.#memory.free) return;
    const goal = this.#target ?? this.left;
    const share = (time + 0.5 - goal) / this.columns;
    const [low, high] = GRAPH_COMFORT;
    if (!playing && share > 0.02 && share < 0.98) return;
    if (share >= low && share <= high) return;
    const place = share > high ? high : low;
    const left = this.#inside(time + 0.5 - this.columns * (playing ? place : 0.5));
    const far = Math.abs(left - this.left) > this.columns * 1.5;
    if (!smooth || far) {
      this.#memory.left = left;
      this.#target = null;
    } else {
      this.#target = left;
    }
  }

  get isGliding() {
    return this.#target !== null;
  }

  /** Moves on for `seconds`; -> whether the window still glides. */
  glide(seconds) {
    if (this.#target === null) return false;
    const way = this.#target - this.left;
    const done = Math.abs(way) * this.pitch < 0.5;
    this.#memory.left += done ? way : way * (1 - Math.exp(-seconds / GRAPH_FOLLOW_SECONDS));
    if (done) this.#target = null;
    return this.#target !== null;
  }

  #openingColumns() {
    if (this.steps <= GRAPH_SHORT) return this.steps;
    const fitting = Math.floor(this.width / GRAPH_OPENING_PITCH);
    return Math.min(Math.max(fitting, 5), GRAPH_SHORT, this.steps);
  }

  #setColumns(columns) {
    const fewest = this.width / GRAPH_WIDEST_PITCH;
    this.#memory.columns = Math.max(Math.min(columns, this.steps), fewest);
    this.#memory.left = this.#inside(this.left);
  }

  #inside(left) {
    const spare = this.steps - this.columns;
    return spare <= 0 ? spare / 2 : Math.min(Math.max(left, 0), spare);
  }
}
