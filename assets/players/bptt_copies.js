// Every step's own copy of U with the gradient that it gets, before the copies are tied; then
// their sum, which is the gradient of U, and their mean, which is not.
import { createLossSlider, paintBpttMatrix } from "./bptt_parts.js";
import { BpttModel, bpttNorm } from "./bptt_model.js";
import { element } from "./dom.js";
import { formatSize, largestSize } from "./log_axis.js";
import { fillText, stepLabel } from "./words.js";

const COPIES_LARGEST = 128;
const COPIES_WHOLE = 176;

export function createCopies(host, ctx) {
  return new CopiesPicture(host, ctx);
}

class CopiesPicture {
  #shown = "";

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.model = new BpttModel(ctx.recording);
    this.slider = createLossSlider(ctx);
    this.line = element("p", { class: "bptt-line" });
    this.copies = element("div", { class: "copies-row" });
    const { text } = ctx;
    this.sum = wholePart(text.copies_sum, text.copies_sum_note);
    this.mean = wholePart(text.copies_mean, text.copies_mean_note);
    const whole = element("div", { class: "copies-whole" }, this.sum.node, this.mean.node);
    const body = element("div", { class: "copies-body" }, this.copies, whole);
    host.append(element("div", { class: "bptt-header" }, this.slider.node), body, this.line);
  }

  draw(cursor) {
    const t = this.model.loss(cursor);
    const key = `${t} ${this.host.clientWidth} ${this.host.clientHeight} ${this.ctx.theme().key}`;
    if (key !== this.#shown) this.#build(t);
    this.#shown = key;
    const k = this.model.copy(cursor);
    [...this.copies.children].forEach((node, at) => node.setAttribute("aria-pressed", String(at === k)));
  }

  resize() {
    this.#shown = "";
    this.draw(this.ctx.bus.cursor);
  }

  retheme() {
    this.resize();
  }

  destroy() {
    this.host.replaceChildren();
  }

  #build(t) {
    const { model } = this;
    this.slider.draw(t);
    const terms = Array.from({ length: t + 1 }, (_, k) => model.term(t, k));
    const sum = terms.reduce((total, term) => total.map((value, at) => value + term[at]));
    const mean = sum.map((value) => value / terms.length);
    const limit = Math.max(largestSize(sum), ...terms.map(largestSize));
    this.copies.replaceChildren(...terms.map((term, k) => this.#copy(term, t, k, limit)));
    this.#whole(this.sum, sum, limit);
    this.#whole(this.mean, mean, limit);
    const lengths = terms.map(bpttNorm).reduce((total, size) => total + size, 0);
    this.line.textContent = fillText(this.ctx.text.copies_line, {
      count: terms.length, lengths: formatSize(lengths, 3), sum: formatSize(bpttNorm(sum), 3),
      mean: formatSize(bpttNorm(mean), 3),
    });
  }

  #copy(term, t, k, limit) {
    const { model, ctx } = this;
    const side = this.#side(t + 1);
    const canvas = element("canvas", { "aria-hidden": "true" });
    const { units } = model;
    const theme = ctx.theme();
    paintBpttMatrix(canvas, term, { rows: units, columns: units, width: side, height: side, limit, theme });
    const name = side >= 40 ? fillText(ctx.text.copies_copy, { k: stepLabel(k) }) : stepLabel(k);
    const size = side >= 40 ? [element("b", {}, formatSize(model.of("term", t, k)))] : [];
    const token = element("span", { class: "copies-token" }, ctx.recording.token(k));
    const button = element("button", { type: "button", class: "copies-copy" }, token, canvas,
      element("span", {}, name), ...size);
    button.addEventListener("click", () => ctx.bus.move({ time: k }, "copies"));
    return button;
  }

  /** As large as fits when all copies of the whole text are shown in rows. */
  #side(count) {
    const width = Math.max(this.copies.clientWidth, 100);
    const height = Math.max(this.copies.clientHeight, 100);
    for (let side = COPIES_LARGEST; side > 22; side -= 2) {
      const across = Math.max(Math.floor(width / (side + 20)), 1);
      const down = side + (side >= 40 ? 82 : 62);
      if (Math.ceil(count / across) * down <= height) return side;
    }
    return 22;
  }

  #whole(part, values, limit) {
    const { units } = this.model;
    const side = Math.min(Math.max((this.host.clientHeight - 220) / 2, 70), COPIES_WHOLE);
    const theme = this.ctx.theme();
    const shape = { rows: units, columns: units, width: side, height: side, limit, theme };
    paintBpttMatrix(part.canvas, values, shape);
    part.size.textContent = `‖·‖ = ${formatSize(bpttNorm(values), 3)}`;
  }
}

function wholePart(name, note) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const size = element("b", { class: "bptt-size" });
  const title = element("div", { class: "bptt-name" }, name);
  const words = element("div", { class: "copies-words" }, title, size, element("span", {}, note));
  return { node: element("div", { class: "copies-part" }, canvas, words), canvas, size };
}
