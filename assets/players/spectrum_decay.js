// What k steps do, on a logarithmic scale over k: to the eigen-directions of the matrix alone, or
// to every direction of the running network.
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { formatSize } from "./log_axis.js";
import { SheetPicture } from "./sheet_picture.js";
import { frameOf } from "./spectrum_frame.js";
import { paintLineKeys } from "./spectrum_frame.js";
import { paintSpectrumAxes } from "./spectrum_frame.js";
import { paintSpectrumLine } from "./spectrum_frame.js";
import { spectrumPlot } from "./spectrum_frame.js";
import { attachTooltip } from "./tooltip.js";

/** options: {kind: "eigen" | "fan", decades, steps}. Arrays, all log10 but the eigenvalues:
 * spectrum.norms (frame, gap) of the powers; spectrum.fan (frame, place, n) at spectrum.gaps
 * (place), spectrum.gradient (frame, gap) and spectrum.radius (frame). */
export function createDecay(host, ctx) {
  return new DecayPicture(host, ctx);
}

class DecayPicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.keys = element("div", { class: "curves-keys" });
    this.sheet.overlay.append(this.keys);
    this.tooltip = attachTooltip(host);
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (event) => this.#explain(event));
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
    this.#paintKeys();
  }

  retheme() {
    this.#paintKeys();
    super.retheme();
  }

  get #steps() {
    return this.ctx.options.steps;
  }

  #lines() {
    const theme = this.ctx.theme();
    const { text, options } = this.ctx;
    const thin = { color: categoryColor(0, theme), width: 1.5 };
    if (options.kind === "eigen") {
      return [
        [text.decay_eigen, thin],
        [text.decay_chosen, { color: theme.primary, width: 3 }],
        [text.decay_power, { color: theme.text, width: 3 }],
      ];
    }
    return [
      [text.decay_singular, thin],
      [text.decay_gradient, { color: theme.text, width: 3 }],
      [text.decay_predicted, { color: theme.primary, width: 2.5, dash: [7, 4] }],
    ];
  }

  #paintKeys() {
    paintLineKeys(this.keys, this.#lines());
  }

  paint() {
    const { sheet, ctx } = this;
    const { context } = sheet;
    const theme = ctx.theme();
    this.plot = spectrumPlot(sheet, ctx.options.decades, this.#steps, this.keys.offsetHeight);
    sheet.clear();
    paintSpectrumAxes(context, this.plot, theme, ctx.text.decay_gap);
    if (ctx.options.kind === "eigen") this.#paintEigen(context, theme);
    else this.#paintFan(context, theme);
  }

  #paintEigen(context, theme) {
    const { recording } = this.ctx;
    const values = frameOf(recording, "spectrum.eigenvalues", this.cursor.time);
    const ends = [0, this.#steps - 1];
    const count = values.length / 2;
    const chosen = Math.min(this.cursor.unit, count - 1);
    for (let at = 0; at < count; at += 1) {
      const slope = Math.log10(Math.hypot(values[2 * at], values[2 * at + 1]));
      const color = categoryColor(slope > 0 ? 1 : 0, theme);
      const style = at === chosen ? { color: theme.primary, width: 3 } : { color, width: 1.3, alpha: 0.75 };
      paintSpectrumLine(context, this.plot, ends, ends.map((gap) => slope * gap), style);
    }
    const norms = frameOf(recording, "spectrum.norms", this.cursor.time);
    paintSpectrumLine(context, this.plot, norms.map((_, gap) => gap), norms, { color: theme.text, width: 3 });
  }

  #paintFan(context, theme) {
    const { recording } = this.ctx;
    const gaps = recording.array("spectrum.gaps").data;
    const fan = frameOf(recording, "spectrum.fan", this.cursor.time);
    const count = fan.length / gaps.length;
    for (let rank = count - 1; rank >= 0; rank -= 1) {
      const line = Array.from(gaps, (_, place) => fan[place * count + rank]);
      const color = categoryColor(line[line.length - 1] > 0 ? 1 : 0, theme);
      paintSpectrumLine(context, this.plot, gaps, line, { color, width: 1.3, alpha: 0.75 });
    }
    const gradient = frameOf(recording, "spectrum.gradient", this.cursor.time);
    const every = gradient.map((_, gap) => gap);
    paintSpectrumLine(context, this.plot, every, gradient, { color: theme.text, width: 3 });
    const slope = Math.log10(frameOf(recording, "spectrum.radius", this.cursor.time)[0]);
    const predicted = [0, slope * (this.#steps - 1)];
    const style = { color: theme.primary, width: 2.5, dash: [7, 4] };
    paintSpectrumLine(context, this.plot, [0, this.#steps - 1], predicted, style);
  }

  #explain(event) {
    if (!this.plot || !this.cursor) return;
    const [x, y] = this.sheet.point(event);
    const { left, right } = this.plot;
    const gap = Math.round(((x - left) / (right - left)) * (this.#steps - 1));
    if (gap < 0 || gap >= this.#steps) return this.tooltip.hide();
    this.tooltip.show(x * this.sheet.zoom, y * this.sheet.zoom, [`k = ${gap}`, ...this.#numbers(gap)]);
  }

  #numbers(gap) {
    const { recording, text, options } = this.ctx;
    const at = this.cursor.time;
    const size = (power) => formatSize(10 ** power);
    const radius = frameOf(recording, "spectrum.radius", at)[0];
    if (options.kind === "eigen") {
      return [
        ["ρᵏ", formatSize(radius ** gap)],
        [text.decay_power, size(frameOf(recording, "spectrum.norms", at)[gap])],
      ];
    }
    return [
      [text.decay_gradient, size(frameOf(recording, "spectrum.gradient", at)[gap])],
      [text.decay_predicted, formatSize(radius ** gap)],
    ];
  }
}
