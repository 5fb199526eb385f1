// One shape of sequence as a small unrolled graph: what is read below, the hidden state of a real
// recording in the middle, what is answered above. Columns light up as the cursor comes to them.
import { linksOf, nodesOf } from "./graph_links.js";
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { tokenLabel } from "./recording.js";
import { shapeArrows, shapePlaces } from "./shape_links.js";
import { SheetPicture } from "./sheet_picture.js";

const SHAPE_PALE = 0.28;

export function createShape(host, ctx) {
  return new ShapePicture(host, ctx);
}

/** options: {array, columns: [{input, output, fed, part}], arrows}. `array` names the hidden states
 * (time, unit), `array/cell` those of the cell state where there is one; an absent input or output
 * is an empty string; `fed`: its input is the output before it; `part`: a new network begins where
 * it changes; `arrows`: what the cell declares (see graph_links.js). */
class ShapePicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    const { array, columns } = ctx.options;
    this.columns = columns;
    this.links = linksOf(ctx.options);
    const states = { hidden: array, cell: `${array}/cell` };
    this.nodes = nodesOf(this.links, (name) => name === "output" || ctx.recording.has(states[name] ?? ""));
    this.values = {};
    for (const node of this.nodes.filter((name) => name !== "output")) {
      const { shape, data } = ctx.recording.array(states[node]);
      this.values[node] = { data, units: shape[1], limit: ctx.recording.range(states[node]) || 1 };
    }
  }

  paint() {
    const { sheet, columns } = this;
    this.theme = this.ctx.theme();
    sheet.clear();
    sheet.context.textAlign = "center";
    sheet.context.textBaseline = "middle";
    sheet.context.font = `13px ${this.theme.font}`;
    const places = shapePlaces(sheet.width, sheet.height, columns.length, this.nodes, this.links);
    for (const { points, at, heavy, dashed } of shapeArrows(places, columns, this.links)) {
      this.#reached(at);
      this.#arrow(points, heavy, dashed);
    }
    columns.forEach((column, at) => this.#column(column, at, places.columns[at]));
    sheet.context.globalAlpha = 1;
  }

  #column(column, at, { input, answer, parts }) {
    this.#reached(at);
    if (column.input !== "") this.#box(column.input, input, false);
    if (column.output !== "") this.#box(column.output, answer, true);
    for (const part of parts) this.#strip(at, part);
  }

  #reached(at) {
    this.sheet.context.globalAlpha = at <= this.cursor.time ? 1 : SHAPE_PALE;
  }

  // The hidden state stands upright, one unit below the other; the others lie.
  #strip(at, { name, left, right, top, bottom }) {
    const { context } = this.sheet;
    const { data, units, limit } = this.values[name];
    const colors = paletteOf("signed", this.theme);
    const upright = name === "hidden";
    const [high, wide] = upright ? [(bottom - top) / units, right - left] : [bottom - top, (right - left) / units];
    for (let unit = 0; unit < units; unit += 1) {
      const value = data[at * units + unit] / limit;
      context.fillStyle = paletteCss(colors, paletteIndex((value + 1) / 2));
      const [x, y] = upright ? [left, top + unit * high] : [left + unit * wide, top];
      context.fillRect(x, y, wide + (upright ? 0 : 0.5), high + (upright ? 0.5 : 0));
    }
    context.strokeStyle = this.theme.text;
    context.lineWidth = at === Math.min(this.cursor.time, this.columns.length - 1) ? 2 : 0.75;
    context.strokeRect(left, top, right - left, bottom - top);
  }

  #box(label, { left, right, top, bottom }, answer) {
    const { context } = this.sheet;
    context.fillStyle = answer ? this.theme.primary : this.theme.secondary;
    context.beginPath();
    context.roundRect(left, top, right - left, bottom - top, 5);
    context.fill();
    context.fillStyle = answer ? this.theme.background : this.theme.text;
    const shown = this.sheet.fit(tokenLabel(label), right - left - 4);
    context.fillText(shown, (left + right) / 2, (top + bottom) / 2 + 0.5);
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
