// How much the loss at step t (row) depends on the state at step k (column), for every t and k.
// Above it the text as the chosen loss sees it, beside it the text as the chosen state is used.
import { BpttModel } from "./bptt_model.js";
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { paintInfluence } from "./influence_paint.js";
import { createColorBar } from "./legend.js";
import { formatRatio, formatSize } from "./log_axis.js";
import { Picture } from "./picture.js";
import { scaleOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText, stepLabel } from "./words.js";

const INFLUENCE_LARGEST = 62;

export function createInfluence(host, ctx) {
  return new InfluencePicture(host, ctx);
}

class InfluencePicture extends Picture {
  #hover = null;

  constructor(host, ctx) {
    super(host, ctx);
    this.model = new BpttModel(ctx.recording);
    this.legend = createColorBar(ctx.text);
    this.line = element("p", { class: "bptt-line influence-line" });
    this.canvas = element("canvas", { tabindex: 0, role: "img", "aria-label": ctx.alt });
    this.canvas.dataset.focus = "influence";
    this.body = element("div", { class: "bptt-body influence-body" }, this.canvas);
    const header = element("div", { class: "bptt-header influence-header" }, this.line, this.legend.node);
    host.append(header, this.body);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  /** The row and column that are looked at: under the pointer, else the cursor's. */
  #shown() {
    const { model, cursor } = this;
    return this.#hover ?? { t: model.loss(cursor), k: model.copy(cursor) };
  }

  paint() {
    const { model, ctx } = this;
    const theme = ctx.theme();
    this.scale = scaleOf(ctx.recording, "grad_influence");
    this.legend.draw(this.scale, "‖∂Lₜ/∂hₖ‖", theme);
    this.#say();
    const { clientWidth: width, clientHeight: height } = this.body;
    if (width === 0 || height === 0) return;
    const side = Math.min((width - 340) / model.steps, (height - 76) / model.steps, INFLUENCE_LARGEST);
    const x = Math.max((width - side * model.steps - 40) / 2, 170);
    this.plot = { x, y: 36, side, width, height, end: model.steps * side };
    this.context = fitCanvas(this.canvas, width, height);
    const { context, plot, scale } = this;
    paintInfluence({ context, plot, scale, model, theme, text: ctx.text, ...this.#shown() });
  }

  /** One sentence on the cell that is looked at. */
  #say() {
    const { model, ctx } = this;
    const { t, k } = this.#shown();
    const own = model.of("influence", t, t);
    const value = model.of("influence", t, k);
    const words = k > t ? ctx.text.influence_never : ctx.text.influence_line;
    this.line.textContent = fillText(words, {
      t: stepLabel(t), k: stepLabel(k), loss: ctx.recording.token(t), state: ctx.recording.token(k),
      size: formatSize(value, 3), share: formatRatio(value / own), steps: t - k,
    });
  }

  #listen() {
    const { canvas } = this;
    const { bus } = this.ctx;
    canvas.addEventListener("pointerdown", (event) => {
      const found = this.#at(event);
      if (event.button === 0 && found) bus.move({ time: found.k, unit: found.t }, "influence");
    });
    canvas.addEventListener("pointermove", (event) => {
      const found = this.#at(event);
      canvas.style.cursor = found ? "pointer" : "default";
      this.#look(found);
      this.#explain(event, found);
    });
    canvas.addEventListener("pointerleave", () => {
      this.tooltip.hide();
      this.#look(null);
    });
    canvas.addEventListener("keydown", (event) => {
      const change = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!change) return;
      event.preventDefault();
      bus.move({ unit: this.model.loss(this.cursor) + change }, "influence");
    });
  }

  #look(found) {
    const same = found?.t === this.#hover?.t && found?.k === this.#hover?.k;
    this.#hover = found;
    if (!same && this.cursor) this.paint();
  }

  /** The cell under the pointer; on a text only its own step changes. */
  #at({ clientX, clientY }) {
    const { plot, model } = this;
    if (!plot) return null;
    const corner = this.canvas.getBoundingClientRect();
    const k = Math.floor((clientX - corner.left - plot.x) / plot.side);
    const t = Math.floor((clientY - corner.top - plot.y) / plot.side);
    const inside = (step) => step >= 0 && step < model.steps;
    const cursor = { t: model.loss(this.cursor), k: model.copy(this.cursor) };
    if (inside(k) && inside(t)) return { t, k };
    if (inside(k) && (t < 0 || t >= model.steps)) return { t: cursor.t, k };
    return inside(t) ? { t, k: Math.min(cursor.k, t) } : null;
  }

  #explain({ clientX, clientY }, found) {
    if (!found) return this.tooltip.hide();
    const { model, ctx } = this;
    const { t, k } = found;
    const corner = this.host.getBoundingClientRect();
    const size = k > t ? "0" : formatSize(model.of("influence", t, k), 4);
    return this.tooltip.show(clientX - corner.left, clientY - corner.top, [
      [ctx.text.influence_loss, `L ${stepLabel(t)} · ${ctx.recording.token(t)}`],
      [ctx.text.influence_state, `h ${stepLabel(k)} · ${ctx.recording.token(k)}`],
      ["‖∂L/∂h‖", size],
    ]);
  }
}
