// The state of every node as a small picture, one pixel a unit, painted once and then only
// stretched: panning and playing cost one drawImage a node.
import { paletteIndex, paletteOf } from "./palettes.js";

const SPRITES_WIDEST = 4096;

/** Pictures of all rows of a recording's signal; units are laid out line by line in a square,
 * or below each other where columns is 1. */
export class NodeSprites {
  #sheets = new Map();

  constructor(recording, signal, scale, theme, columns = 0) {
    this.recording = recording;
    this.signal = signal;
    this.scale = scale;
    this.theme = theme;
    this.units = recording.width(signal);
    this.columns = columns || Math.ceil(Math.sqrt(this.units));
    this.rows = Math.ceil(this.units / this.columns);
    this.perLine = Math.max(Math.floor(SPRITES_WIDEST / this.columns), 1);
  }

  /** Draws the state of one step into the rectangle. */
  draw(context, layer, direction, time, x, y, width, height) {
    const sheet = this.#sheet(layer, direction);
    const left = (time % this.perLine) * this.columns;
    const top = Math.floor(time / this.perLine) * this.rows;
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, left, top, this.columns, this.rows, x, y, width, height);
  }

  /** Draws consecutive steps side by side into the rectangle [x, y, width, height]. */
  drawRun(context, { layer, direction }, first, last, [x, y, width, height]) {
    const sheet = this.#sheet(layer, direction);
    const step = width / (last - first + 1);
    context.imageSmoothingEnabled = false;
    // The sheet is folded into lines; a run may go over the end of one.
    for (let from = first; from <= last; ) {
      const line = Math.floor(from / this.perLine);
      const to = Math.min((line + 1) * this.perLine - 1, last);
      const [left, count] = [(from % this.perLine) * this.columns, (to - from + 1) * this.columns];
      const place = [x + (from - first) * step, y, (to - from + 1) * step, height];
      context.drawImage(sheet, left, line * this.rows, count, this.rows, ...place);
      from = to + 1;
    }
  }

  /** The rectangle of one unit inside a node: [x, y, width, height]. */
  cell(unit, x, y, width, height) {
    const [wide, high] = [width / this.columns, height / this.rows];
    const row = Math.floor(unit / this.columns);
    return [x + (unit % this.columns) * wide, y + row * high, wide, high];
  }

  #sheet(layer, direction) {
    const key = `${layer} ${direction}`;
    if (!this.#sheets.has(key)) this.#sheets.set(key, this.#paint(layer, direction));
    return this.#sheets.get(key);
  }

  #paint(layer, direction) {
    const { columns, rows, perLine, units } = this;
    const steps = this.recording.shape(this.signal)[2];
    const plane = this.recording.plane(this.signal, layer, direction);
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(steps, perLine) * columns;
    canvas.height = Math.ceil(steps / perLine) * rows;
    const image = new ImageData(canvas.width, canvas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = new Uint32Array(paletteOf(this.scale.kind, this.theme).buffer);
    for (let time = 0; time < steps; time += 1) {
      const corner = Math.floor(time / perLine) * rows * canvas.width + (time % perLine) * columns;
      for (let unit = 0; unit < units; unit += 1) {
        const index = paletteIndex(this.scale.position(plane[time * units + unit]));
        const place = corner + Math.floor(unit / columns) * canvas.width + (unit % columns);
        // No value leaves the pixel clear, so that the hatching behind it shows.
        pixels[place] = index < 0 ? 0 : colors[index];
      }
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }
}
