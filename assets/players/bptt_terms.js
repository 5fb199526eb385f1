// The gradient of one loss for a parameter as an itemised sum: one bar for each copy, over the text.
import { bpttDerivative, bpttFraction, bpttParameter, bpttScale, createLossSlider } from "./bptt_parts.js";
import { BpttModel } from "./bptt_model.js";
import { element, svgElement } from "./dom.js";
import { formatPercent, formatSize, powerLabel, powersBetween } from "./log_axis.js";
import { Picture } from "./picture.js";
import { colorOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText, stepLabel } from "./words.js";

const TERMS_MARGIN = { left: 46, right: 8, top: 26, bottom: 44 };
const TERMS_NUMBER_PITCH = 46;

export function createTerms(host, ctx) {
  return new TermsPicture(host, ctx);
}

class TermsPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    this.model = new BpttModel(ctx.recording, ctx.options);
    this.name = ctx.options.parameter ?? "U";
    this.slider = createLossSlider(ctx);
    this.formula = element("div", { class: "bptt-formula" });
    this.svg = svgElement("svg", { "aria-hidden": "true" });
    this.body = element("div", { class: "bptt-body", role: "img", "aria-label": ctx.alt }, this.svg);
    const header = ctx.options.mean ? [this.formula] : [this.slider.node, this.formula];
    host.append(element("div", { class: "bptt-header" }, ...header), this.body);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  paint() {
    const { model, cursor } = this;
    this.t = model.loss(cursor);
    this.k = model.copy(cursor);
    this.slider.draw(this.t);
    this.#paintFormula();
    const { left, right, top, bottom } = TERMS_MARGIN;
    const width = Math.max(this.body.clientWidth - left - right, 1);
    const height = Math.max(this.body.clientHeight - top - bottom, 1);
    this.plot = { x: left, y: top, width, height, pitch: width / model.steps };
    this.svg.replaceChildren();
    this.scale = bpttScale(model.row("term", this.t));
    this.#paintAxis();
    for (let k = 0; k < model.steps; k += 1) this.#paintStep(k);
  }

  #paintFormula() {
    const { model, t } = this;
    const { text } = this.ctx;
    const one = model.once && !model.mean;
    const live = fillText(one ? text.bptt_total_once : text.bptt_total, {
      terms: stepLabel(t), total: formatSize(model.step("total", t), 3),
      parameter: this.name,
    });
    const parts = model.mean ? this.#meanFormula() : this.#lossFormula(stepLabel(t));
    this.formula.replaceChildren(...parts, element("span", { class: "bptt-live" }, live));
  }

  /** ∂L/∂U as the mean of the losses' own gradients. */
  #meanFormula() {
    const by = bpttParameter(this.name);
    const steps = String(this.model.steps);
    return [bpttDerivative(["L"], by), " = ", bpttFraction(["1"], [steps]), termsSign("Σ", steps, "t=1"),
      bpttDerivative(["L", "t"], by)];
  }

  #lossFormula(lossAt) {
    const by = bpttParameter(this.name);
    const whole = bpttDerivative(["L", lossAt], by);
    if (this.model.once) {
      return [whole, " = ", bpttDerivative(["L", lossAt], ["z", lossAt]), " · ",
        bpttDerivative(["z", lossAt], by)];
    }
    return [whole, " = ", termsSign("Σ", lossAt, "k=1"),
      bpttDerivative(["L", lossAt], ["h", lossAt]), " · ", termsSign("Π", lossAt, "i=k+1"),
      bpttDerivative(["h", "i"], ["h", "i−1"]), " · ", bpttDerivative(["h", "k"], by)];
  }

  #paintAxis() {
    const { x, y, width, height } = this.plot;
    const { low, high, share } = this.scale;
    for (const power of powersBetween(low, high, 5)) {
      const at = y + (1 - share(10 ** power * 1.0001)) * height;
      this.svg.append(svgElement("line", { class: "u-axis-line", x1: x, x2: x + width, y1: at, y2: at }),
        termsText(x - 6, at + 4.5, "end", powerLabel(power), "u-axis-text"));
    }
  }

  #paintStep(k) {
    const { x, y, height, pitch } = this.plot;
    const { model, t, svg } = this;
    const middle = x + (k + 0.5) * pitch;
    const wide = Math.max(Math.min(pitch * 0.72, 74), 2);
    const floor = y + height;
    if (k === this.k) {
      svg.append(svgElement("rect", { class: "bptt-column", x: x + k * pitch, y: 2, width: pitch, height: floor + 38 }));
    }
    if (k <= t) this.#paintBar(k, middle, wide, floor);
    const shade = k > t ? "bptt-later" : k === this.k ? "bptt-strong" : "";
    const token = model.recording.token(k);
    if (pitch >= 11) svg.append(termsText(middle, floor + 18, "middle", token, `bptt-token ${shade}`));
    if (pitch >= 22 || k === this.k || k === t) {
      svg.append(termsText(middle, floor + 36, "middle", this.#stepName(k), `u-axis-text ${shade}`));
    }
  }

  #stepName(k) {
    const { t } = this;
    const name = this.plot.pitch >= TERMS_NUMBER_PITCH ? `k = ${stepLabel(k)}` : stepLabel(k);
    return k === t && !this.model.mean && this.plot.pitch >= TERMS_NUMBER_PITCH ? `${name} = t` : name;
  }

  #paintBar(k, middle, wide, floor) {
    const { model, t, plot, scale, svg } = this;
    const size = model.of("term", t, k);
    const share = scale.share(size);
    const tall = Math.max(share * plot.height, size > 0 ? 2 : 0);
    const bar = svgElement("rect", { class: "bptt-bar", x: middle - wide / 2, y: floor - tall, width: wide, height: tall });
    bar.style.fill = colorOf("gradient", 0.35 + 0.65 * share, this.ctx.theme());
    svg.append(bar);
    if (plot.pitch < TERMS_NUMBER_PITCH && k !== this.k) return;
    svg.append(termsText(middle, floor - tall - 6, "middle", formatSize(size), "bptt-number"));
  }

  #listen() {
    const { body } = this;
    const { bus } = this.ctx;
    body.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      body.setPointerCapture(event.pointerId);
      this.#choose(event);
    });
    body.addEventListener("pointermove", (event) => {
      if (body.hasPointerCapture(event.pointerId)) this.#choose(event);
      this.#explain(event);
    });
    body.addEventListener("dblclick", (event) => bus.move({ unit: this.#at(event) }, "bptt"));
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #choose(event) {
    this.ctx.bus.move({ time: this.#at(event) }, "bptt");
  }

  #at({ clientX }) {
    const left = clientX - this.body.getBoundingClientRect().left - this.plot.x;
    return Math.min(Math.max(Math.floor(left / this.plot.pitch), 0), this.model.steps - 1);
  }

  #explain(event) {
    const k = this.#at(event);
    const { model, t } = this;
    const { text } = this.ctx;
    const corner = this.host.getBoundingClientRect();
    const head = [fillText(text.bptt_copy, { k: stepLabel(k), parameter: this.name }), model.recording.token(k)];
    const size = model.of("term", t, k);
    const rows = k > t ? [[text.bptt_after, ""]] : [
      [text.bptt_term_size, formatSize(size, 4)],
      [text.bptt_of_total, formatPercent(size / (model.step("total", t) || NaN))],
    ];
    this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [head, ...rows]);
  }
}

/** A sum or product sign with its limits. */
function termsSign(sign, above, below) {
  return element("span", { class: "bptt-sum" }, element("span", {}, above), sign,
    element("span", {}, below));
}

function termsText(x, y, anchor, words, kind) {
  return svgElement("text", { class: kind, x, y, "text-anchor": anchor }, words);
}
