// A handwritten digit, revealed row by row with the cursor, and what it is taken for so far.
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { Picture } from "./picture.js";
import { formatValue } from "./words.js";

/** Reads `digit` (row, column) in 0..1 and `guess` (time, class); options: classes, truth (the
 * right class), whole (the image is there at once). */
export function createDigit(host, ctx) {
  return new DigitPicture(host, ctx);
}

class DigitPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { recording, options } = ctx;
    this.ink = recording.array("digit");
    this.guess = recording.array("guess").data;
    this.canvas = element("canvas", { role: "img", "aria-label": ctx.alt });
    this.square = element("div", { class: "digit-square" }, this.canvas);
    this.bars = options.classes.map((name, at) => this.#bar(name, at === options.truth));
    const bars = element("div", { class: "digit-bars" }, ...this.bars.map(({ node }) => node));
    host.append(this.square, bars);
  }

  paint() {
    const { clientWidth, clientHeight } = this.square;
    const side = Math.min(clientWidth, clientHeight);
    if (side > 0) this.#image(side);
    const { options, recording } = this.ctx;
    const time = Math.min(this.cursor.time, recording.spec.steps - 1);
    const count = options.classes.length;
    const shares = this.guess.subarray(time * count, (time + 1) * count);
    const best = shares.indexOf(Math.max(...shares));
    this.bars.forEach(({ node, fill, number }, at) => {
      fill.style.width = `${100 * shares[at]}%`;
      number.textContent = digitShare(shares[at]);
      node.classList.toggle("digit-best", at === best);
    });
  }

  #bar(name, isTruth) {
    const fill = element("i");
    const number = element("span", { class: "digit-number" });
    const label = element("b", { class: isTruth ? "digit-truth" : "" }, name);
    const node = element("div", { class: "digit-bar" }, label, element("span", { class: "digit-track" }, fill), number);
    return { node, fill, number };
  }

  #image(side) {
    const theme = this.ctx.theme();
    const context = fitCanvas(this.canvas, side, side);
    const colors = paletteOf("gate", theme);
    const [rows, columns] = this.ink.shape;
    const cell = side / rows;
    for (let row = 0; row < rows; row += 1) {
      const hidden = !this.ctx.options.whole && row > this.cursor.time;
      for (let column = 0; column < columns; column += 1) {
        const index = paletteIndex(this.ink.data[row * columns + column]);
        context.fillStyle = hidden ? theme.background : paletteCss(colors, index);
        context.fillRect(column * cell, row * cell, cell - 1, cell - 1);
      }
    }
    context.strokeStyle = theme.border;
    context.strokeRect(0.5, 0.5, side - 1, side - 1);
    if (this.ctx.options.whole) return;
    context.strokeStyle = theme.primary;
    context.lineWidth = 3;
    context.strokeRect(1.5, this.cursor.time * cell + 1, side - 3, cell - 2);
  }
}

function digitShare(share) {
  if (share < 0.001) return "<0.1%";
  return share > 0.999 ? ">99.9%" : `${formatValue(100 * share, 1)}%`;
}
