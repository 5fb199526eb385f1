// A sheet of 8 by 8 pixels to draw on; ink runs a little into the pixels beside the pen.
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { paletteCss, paletteIndex, paletteOf } from "./palettes.js";

const PAD_SIDE = 8;
const PAD_MOST_INK = 16;
const PAD_FLOW = { middle: 12, beside: 3 };

/** image: 64 whole numbers from 0 (paper) to 16 (ink). changed(): it was drawn on. */
export class SpellerPad {
  #erasing = false;
  #last = null;

  constructor(image, text, changed) {
    this.image = Float32Array.from(image);
    this.changed = changed;
    this.canvas = element("canvas", { class: "pad-sheet", role: "img", "aria-label": text.speller_draw });
    this.pen = this.#button(text.speller_pen, () => this.#choose(false));
    this.rubber = this.#button(text.speller_rubber, () => this.#choose(true));
    const clear = this.#button(text.speller_clear, () => this.#clear());
    const tools = element("div", { class: "pad-tools" }, this.pen, this.rubber, clear);
    this.hint = element("p", { class: "pad-hint" }, text.speller_hint);
    this.node = element("div", { class: "pad" }, this.canvas, tools, this.hint);
    this.#choose(false);
    this.canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.#draw(event));
    this.canvas.addEventListener("pointerup", () => (this.#last = null));
  }

  /** The pixels from 0 to 1, as the network reads them. */
  get ink() {
    return this.image.map((ink) => ink / PAD_MOST_INK);
  }

  /** The pixels as a person would write them. */
  get written() {
    return [...this.image].map((ink) => Math.round(ink)).join(" ");
  }

  paint(theme) {
    const side = this.canvas.clientWidth;
    if (!side) return;
    const context = fitCanvas(this.canvas, side, side);
    const colors = paletteOf("gate", theme);
    const cell = side / PAD_SIDE;
    this.image.forEach((ink, at) => {
      context.fillStyle = paletteCss(colors, paletteIndex(ink / PAD_MOST_INK));
      context.fillRect((at % PAD_SIDE) * cell, Math.floor(at / PAD_SIDE) * cell, cell - 1, cell - 1);
    });
  }

  #button(name, act) {
    const button = element("button", { type: "button", class: "u-button pad-tool" }, name);
    button.addEventListener("click", act);
    return button;
  }

  #choose(erasing) {
    this.#erasing = erasing;
    this.pen.setAttribute("aria-pressed", String(!erasing));
    this.rubber.setAttribute("aria-pressed", String(erasing));
  }

  #clear() {
    this.image.fill(0);
    this.changed();
  }

  #begin(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#last = this.#place(event);
    this.#put(this.#last);
  }

  #draw(event) {
    if (!this.#last) return;
    const place = this.#place(event);
    const [from, to] = [this.#last, place];
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length < 0.45) return;
    const dots = Math.ceil(length / 0.5);
    for (let dot = 1; dot <= dots; dot += 1) {
      this.#put(from.map((start, axis) => start + ((to[axis] - start) * dot) / dots));
    }
    this.#last = place;
  }

  /** [column, row] in pixels of the image. */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((clientX - left) / width) * PAD_SIDE, ((clientY - top) / height) * PAD_SIDE];
  }

  #put([x, y]) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const { middle, beside } = PAD_FLOW;
    for (const [dx, dy, flow] of [[0, 0, middle], [1, 0, beside], [-1, 0, beside], [0, 1, beside], [0, -1, beside]]) {
      const [across, down] = [column + dx, row + dy];
      if (across < 0 || down < 0 || across >= PAD_SIDE || down >= PAD_SIDE) continue;
      const at = down * PAD_SIDE + across;
      const change = this.#erasing ? -2 * flow : flow;
      this.image[at] = Math.min(Math.max(this.image[at] + change, 0), PAD_MOST_INK);
    }
    this.changed();
  }
}
