// Two unrolled networks: the encoder reads, and below it the decoder writes, in one lane for every
// way of feeding it. What each step is fed is seen: the true token, or what was just said.
import { SheetPicture } from "./sheet_picture.js";
import { attachTooltip } from "./tooltip.js";
import { translatorLayout } from "./translator_layout.js";
import { paintTranslator } from "./translator_paint.js";
import { TranslatorModel } from "./translator_model.js";

export function createTranslator(host, ctx) {
  return new TranslatorPicture(host, ctx);
}

class TranslatorPicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.model = new TranslatorModel(ctx.recording);
    this.tooltip = attachTooltip(host);
    const { canvas } = this.sheet;
    canvas.addEventListener("pointerdown", (event) => this.#pick(event));
    canvas.addEventListener("pointermove", (event) => this.#explain(event));
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  retheme() {
    this.model.forget();
    super.retheme();
  }

  paint() {
    const { sheet, model, ctx } = this;
    this.layout = translatorLayout(sheet, model, ctx.theme());
    const lane = Math.min(this.cursor.unit, model.lanes.length - 1);
    paintTranslator({ sheet, model, lane, layout: this.layout, theme: ctx.theme(), text: ctx.text,
      time: this.cursor.time });
  }

  #at(event) {
    const [x, y] = this.sheet.point(event);
    return this.layout?.at(x, y);
  }

  #pick(event) {
    const found = this.#at(event);
    if (!found) return;
    const lane = found.lane === undefined ? {} : { unit: found.lane };
    this.ctx.bus.move({ time: found.time, ...lane }, "translator");
  }

  #explain(event) {
    const found = this.#at(event);
    if (!found) return this.tooltip.hide();
    const frame = this.sheet.canvas.getBoundingClientRect();
    const lines = this.model.explain(found, this.ctx.text);
    this.tooltip.show(event.clientX - frame.left, event.clientY - frame.top, lines);
  }
}
