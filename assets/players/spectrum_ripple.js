// A disturbance put in at step k (row) and how large it is in every later state (column): the
// cursor's time is the step at which it is put in.
import { formatRatio } from "./log_axis.js";
import { powerLabel } from "./log_axis.js";
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { SheetPicture } from "./sheet_picture.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { stepLabel } from "./words.js";

const RIPPLE_MARGIN = { left: 50, right: 8, top: 4, bottom: 44 };

/** options: {decades}: powers of ten to either end of the colours. Array: ripple.with (k, t),
 * log10 of the share that is left, NaN before k. */
export function createRipple(host, ctx) {
  return new RipplePicture(host, ctx);
}

class RipplePicture extends SheetPicture {
  #held = false;

  constructor(host, ctx) {
    super(host, ctx);
    this.tooltip = attachTooltip(host);
    this.steps = ctx.recording.spec.steps;
    this.values = ctx.recording.array("ripple.with").data;
    const { canvas } = this.sheet;
    this.#listen(canvas);
  }

  retheme() {
    this.image = null;
    super.retheme();
  }

  paint() {
    const { sheet, ctx, steps } = this;
    const { context, width, height } = sheet;
    const theme = ctx.theme();
    const { left, right, top, bottom } = RIPPLE_MARGIN;
    const side = Math.max(1, Math.min(width - left - right, height - top - bottom));
    this.box = { left, top, side, cell: side / steps };
    this.image ??= this.#picture(theme);
    sheet.clear();
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, left, top, side, side);
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.strokeRect(left, top, side, side);
    const y = top + this.cursor.time * this.box.cell;
    context.strokeStyle = theme.primary;
    context.lineWidth = 2;
    context.strokeRect(left - 1, y - 1, side + 2, Math.max(this.box.cell, 3) + 2);
    this.#names(context, theme);
  }

  #picture(theme) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = this.steps;
    const context = canvas.getContext("2d");
    const image = context.createImageData(this.steps, this.steps);
    const colors = new Uint32Array(paletteOf("signed", theme).buffer);
    const pixels = new Uint32Array(image.data.buffer);
    this.values.forEach((value, at) => {
      const index = paletteIndex((value / this.ctx.options.decades + 1) / 2);
      if (index >= 0) pixels[at] = colors[index];
    });
    context.putImageData(image, 0, 0);
    return canvas;
  }

  #names(context, theme) {
    const { text } = this.ctx;
    const { left, top, side, cell } = this.box;
    const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step * cell >= 30) ?? 200;
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.text;
    for (let at = every - 1; at < this.steps; at += every) {
      const middle = (at + 0.5) * cell;
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.fillText(stepLabel(at), left - 6, top + middle);
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText(stepLabel(at), left + middle, top + side + 4);
    }
    context.fillStyle = theme.muted;
    context.fillText(text.ripple_later, left + side / 2, top + side + 22);
    this.#key(context, theme);
    context.textBaseline = "top";
    context.save();
    context.translate(8, top + side / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(text.ripple_put, 0, -6);
    context.restore();
  }

  /** The colours, in the corner where nothing has been put in yet. */
  #key(context, theme) {
    const { left, top, side } = this.box;
    const [wide, high] = [side * 0.42, 12];
    const [x, y] = [left + 12, top + side - 34];
    const colors = paletteOf("signed", theme);
    for (let at = 0; at < wide; at += 1) {
      context.fillStyle = paletteCss(colors, paletteIndex(at / wide));
      context.fillRect(x + at, y, 1.5, high);
    }
    const { decades } = this.ctx.options;
    context.fillStyle = theme.text;
    context.textBaseline = "top";
    [-decades, 0, decades].forEach((power, at) => {
      context.textAlign = ["left", "center", "right"][at];
      context.fillText(powerLabel(power), x + (at * wide) / 2, y + high + 3);
    });
    context.textAlign = "center";
    context.fillStyle = theme.muted;
  }

  #listen(canvas) {
    canvas.style.touchAction = "none";
    canvas.style.cursor = "pointer";
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.#held = true;
      canvas.setPointerCapture(event.pointerId);
      this.#move(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#held) this.#move(event);
      this.#explain(event);
    });
    const leave = () => (this.#held = false);
    canvas.addEventListener("pointerup", leave);
    canvas.addEventListener("pointercancel", leave);
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #cell(event) {
    const [x, y] = this.sheet.point(event);
    const { left, top, cell } = this.box;
    return [Math.floor((y - top) / cell), Math.floor((x - left) / cell)];
  }

  #move(event) {
    const [row] = this.#cell(event);
    this.ctx.bus.move({ time: Math.min(Math.max(row, 0), this.steps - 1) }, "ripple");
  }

  #explain(event) {
    if (!this.box) return;
    const [k, t] = this.#cell(event);
    if (k < 0 || t < k || t >= this.steps) return this.tooltip.hide();
    const [x, y] = this.sheet.point(event);
    const left = 10 ** this.values[k * this.steps + t];
    const { text } = this.ctx;
    this.tooltip.show(x * this.sheet.zoom, y * this.sheet.zoom, [
      fillText(text.ripple_at, { k: stepLabel(k), t: stepLabel(t) }),
      formatRatio(left),
    ]);
  }
}
