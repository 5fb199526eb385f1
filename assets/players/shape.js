// One shape of sequence as a small unrolled graph: what is read below, the hidden state of a real
// recording in the middle, what is answered above. Columns light up as the cursor comes to them.
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { tokenLabel } from "./recording.js";
import { SheetPicture } from "./sheet_picture.js";

const SHAPE_BOX = { height: 24, gap: 16, most: 84 };
const SHAPE_PALE = 0.28;

export function createShape(host, ctx) {
  return new ShapePicture(host, ctx);
}

/** options: {array, columns: [{input, output, fed, part}]}. `array` names the states (time, unit);
 * an absent input or output is an empty string; `fed`: its input is the output before it; `part`:
 * a new network begins where it changes. */
class ShapePicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    const { shape, data } = ctx.recording.array(ctx.options.array);
    this.units = shape[1];
    this.states = data;
    this.columns = ctx.options.columns;
    this.limit = ctx.recording.range(ctx.options.array) || 1;
  }

  paint() {
    const { sheet } = this;
    this.theme = this.ctx.theme();
    sheet.clear();
    sheet.context.textAlign = "center";
    sheet.context.textBaseline = "middle";
    sheet.context.font = `13px ${this.theme.font}`;
    const places = this.#places();
    this.columns.forEach((column, at) => this.#link(column, at, places));
    this.columns.forEach((column, at) => this.#column(column, at, places));
    sheet.context.globalAlpha = 1;
  }

  #places() {
    const { width, height } = this.sheet;
    const each = Math.min(width / this.columns.length, 2 * SHAPE_BOX.most);
    const left = (width - each * this.columns.length) / 2;
    const { height: box, gap } = SHAPE_BOX;
    const top = { y: 2 + box / 2 };
    const bottom = { y: height - 2 - box / 2 };
    const state = { top: 2 + box + gap, bottom: height - 2 - box - gap };
    const wide = Math.min(each * 0.9, SHAPE_BOX.most);
    const strip = Math.min(wide * 0.5, 30);
    return { x: (at) => left + each * (at + 0.5), each, wide, strip, top, bottom, state };
  }

  /** What joins a column with the one before: the state, and the answer that is read again. */
  #link(column, at, { x, strip, top, bottom, state }) {
    if (!at) return;
    this.#reached(at);
    const middle = (state.top + state.bottom) / 2;
    this.#arrow([[x(at - 1) + strip / 2 + 1, middle], [x(at) - strip / 2 - 2, middle]], column.part);
    if (!column.fed) return;
    const between = (x(at - 1) + x(at)) / 2;
    const low = bottom.y - SHAPE_BOX.height / 2 - 5;
    const path = [[between, top.y], [between, low], [x(at) - 6, low]];
    this.#arrow([[x(at - 1) + 8, top.y], ...path], false, true);
  }

  #column(column, at, { x, wide, strip, top, bottom, state }) {
    this.#reached(at);
    const { height } = SHAPE_BOX;
    if (column.input !== "") {
      this.#arrow([[x(at), bottom.y - height / 2], [x(at), state.bottom + 2]]);
      this.#box(column.input, x(at), bottom.y, wide, false);
    }
    if (column.output !== "") {
      this.#arrow([[x(at), state.top - 1], [x(at), top.y + height / 2 + 2]]);
      this.#box(column.output, x(at), top.y, wide, true);
    }
    this.#strip(at, x(at), strip, state);
  }

  #reached(at) {
    this.sheet.context.globalAlpha = at <= this.cursor.time ? 1 : SHAPE_PALE;
  }

  #strip(at, x, wide, { top, bottom }) {
    const { context } = this.sheet;
    const high = (bottom - top) / this.units;
    const colors = paletteOf("signed", this.theme);
    for (let unit = 0; unit < this.units; unit += 1) {
      const value = this.states[at * this.units + unit] / this.limit;
      context.fillStyle = paletteCss(colors, paletteIndex((value + 1) / 2));
      context.fillRect(x - wide / 2, top + unit * high, wide, high + 0.5);
    }
    context.strokeStyle = this.theme.text;
    context.lineWidth = at === Math.min(this.cursor.time, this.columns.length - 1) ? 2 : 0.75;
    context.strokeRect(x - wide / 2, top, wide, bottom - top);
  }

  #box(label, x, y, wide, answer) {
    const { context } = this.sheet;
    const { height } = SHAPE_BOX;
    context.fillStyle = answer ? this.theme.primary : this.theme.secondary;
    context.beginPath();
    context.roundRect(x - wide / 2, y - height / 2, wide, height, 5);
    context.fill();
    context.fillStyle = answer ? this.theme.background : this.theme.text;
    context.fillText(this.sheet.fit(tokenLabel(label), wide - 4), x, y + 0.5);
  }

  #arrow(points, heavy = false, dashed = false) {
    const { context } = this.sheet;
    context.strokeStyle = this.theme.text;
    context.lineWidth = heavy ? 3 : 1.25;
    context.setLineDash(dashed ? [4, 3] : []);
    context.beginPath();
    points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.setLineDash([]);
    const [[x0, y0], [x1, y1]] = points.slice(-2);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    const size = heavy ? 8 : 5;
    context.fillStyle = this.theme.text;
    context.beginPath();
    context.moveTo(x1, y1);
    for (const side of [-0.5, 0.5]) {
      context.lineTo(x1 - size * Math.cos(angle + side), y1 - size * Math.sin(angle + side));
    }
    context.fill();
  }
}
