// What is left of the disturbance put in at the cursor's step, over all later steps: while the
// network reads on, and when nothing more comes in.
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { formatRatio } from "./log_axis.js";
import { SheetPicture } from "./sheet_picture.js";
import { frameOf } from "./spectrum_frame.js";
import { paintLineKeys } from "./spectrum_frame.js";
import { paintSpectrumAxes } from "./spectrum_frame.js";
import { paintSpectrumLine } from "./spectrum_frame.js";
import { spectrumPlot } from "./spectrum_frame.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { stepLabel } from "./words.js";

/** options: {decades, radius}. Arrays: ripple.with, ripple.without (k, t), log10, NaN before k. */
export function createEcho(host, ctx) {
  return new EchoPicture(host, ctx);
}

class EchoPicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.steps = ctx.recording.spec.steps;
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

  #lines() {
    const theme = this.ctx.theme();
    const { text } = this.ctx;
    return [
      ["with", text.echo_with, { color: theme.text, width: 3 }],
      ["without", text.echo_without, { color: categoryColor(2, theme), width: 2.5, dash: [2, 4] }],
      ["predicted", text.decay_predicted, { color: theme.primary, width: 2.5, dash: [7, 4] }],
    ];
  }

  #paintKeys() {
    paintLineKeys(this.keys, this.#lines().map(([, label, style]) => [label, style]));
  }

  /** log10 of what is left at every step. */
  #values(name) {
    const k = this.cursor.time;
    if (name !== "predicted") return frameOf(this.ctx.recording, `ripple.${name}`, k);
    const slope = Math.log10(this.ctx.options.radius);
    return Float32Array.from({ length: this.steps }, (_, t) => (t < k ? NaN : slope * (t - k)));
  }

  paint() {
    const { sheet, ctx, steps } = this;
    const theme = ctx.theme();
    this.plot = spectrumPlot(sheet, ctx.options.decades, steps, this.keys.offsetHeight);
    sheet.clear();
    paintSpectrumAxes(sheet.context, this.plot, theme, ctx.text.ripple_later, stepLabel);
    const places = Array.from({ length: steps }, (_, t) => t);
    for (const [name, , style] of this.#lines()) {
      paintSpectrumLine(sheet.context, this.plot, places, this.#values(name), style);
    }
  }

  #explain(event) {
    if (!this.plot || !this.cursor) return;
    const [x, y] = this.sheet.point(event);
    const { left, right } = this.plot;
    const t = Math.round(((x - left) / (right - left)) * (this.steps - 1));
    if (t < this.cursor.time || t >= this.steps) return this.tooltip.hide();
    const { text } = this.ctx;
    const head = fillText(text.ripple_at, { k: stepLabel(this.cursor.time), t: stepLabel(t) });
    const rows = this.#lines().map(([name, label]) => [label, formatRatio(10 ** this.#values(name)[t])]);
    this.tooltip.show(x * this.sheet.zoom, y * this.sheet.zoom, [head, ...rows]);
  }
}
