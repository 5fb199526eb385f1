// The graph's colours for one theme, made once: canvas wants strings, and making thousands of
// them in every frame would cost more than the drawing.
import { paletteCss, paletteIndex, paletteInk, paletteOf } from "./palettes.js";

// One colour for each tied weight, away from the scales of states and gradients.
const GRAPH_WEIGHT_INKS = {
  light: { input: "#0f766e", recurrent: "#4a3fc4", output: "#7a6200", wrong: "#b42318" },
  dark: { input: "#4fd1c0", recurrent: "#aea8ff", output: "#e0c24a", wrong: "#ff8f7d" },
};

export class GraphInks {
  #lists = new Map();

  constructor(theme) {
    this.theme = theme;
    Object.assign(this, GRAPH_WEIGHT_INKS[theme.dark ? "dark" : "light"]);
    this.right = this.input;
  }

  /** CSS colour of `value` on `scale`; null where there is no value. */
  at(scale, value) {
    const index = paletteIndex(scale.position(value));
    return index < 0 ? null : this.#list(scale.kind)[index];
  }

  /** Black or white, whichever can be read on that colour. */
  on(scale, value) {
    const index = paletteIndex(scale.position(value));
    return index < 0 ? this.theme.text : paletteInk(paletteOf(scale.kind, this.theme), index);
  }

  font(size, weight = 400) {
    return `${weight} ${size}px ${this.theme.font}`;
  }

  #list(kind) {
    if (!this.#lists.has(kind)) {
      const colors = paletteOf(kind, this.theme);
      const count = colors.length / 4;
      this.#lists.set(kind, Array.from({ length: count }, (_, index) => paletteCss(colors, index)));
    }
    return this.#lists.get(kind);
  }
}

/** A rectangle with thin slanted lines: "no value here". */
export function paintHatch(context, x, y, width, height, color) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = x - height; at < x + width; at += 6) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}
