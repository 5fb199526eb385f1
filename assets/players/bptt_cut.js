// Truncated backpropagation through time: the unrolled network with the cut drawn in it, and the
// error that the cut makes in the gradient of U, for every length.
import { createBpttSlider, createLossSlider } from "./bptt_parts.js";
import { BpttModel } from "./bptt_model.js";
import { categoryColor } from "./categories.js";
import { element, svgElement } from "./dom.js";
import { formatPercent, formatSize } from "./log_axis.js";
import { Picture } from "./picture.js";
import { stepLabel, fillText } from "./words.js";

const CUT_GRAPH = 190;
const CUT_SHORT = 0.28;
const CUT_MARGIN = { left: 58, right: 14, top: 30, bottom: 42 };

export function createCut(host, ctx) {
  return new CutPicture(host, ctx);
}

class CutPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    this.model = new BpttModel(ctx.recording);
    const { text, bus } = ctx;
    this.loss = createLossSlider(ctx);
    const most = this.model.steps - 1;
    const onInput = (value) => bus.move({ pinned: [value] }, "bptt");
    this.window = createBpttSlider({ label: text.cut_window, focus: "bptt-window", most, onInput });
    this.line = element("p", { class: "bptt-line" });
    this.svg = svgElement("svg", { "aria-hidden": "true" });
    this.body = element("div", { class: "bptt-body", role: "img", "aria-label": ctx.alt }, this.svg);
    const sliders = element("div", { class: "bptt-header bptt-two" }, this.loss.node, this.window.node);
    host.append(sliders, this.line, this.body);
    this.body.addEventListener("pointerdown", (event) => this.#choose(event));
    this.body.addEventListener("pointermove", (event) => event.buttons & 1 && this.#choose(event));
  }

  paint() {
    const { model, cursor, ctx } = this;
    this.t = model.loss(cursor);
    this.wanted = model.window(cursor);
    this.kept = Math.min(this.wanted, this.t + 1);
    this.loss.draw(this.t);
    this.window.show(this.wanted - 1, fillText(ctx.text.cut_copies, { count: this.wanted }));
    const error = model.of("error", this.t, this.kept - 1);
    this.line.textContent = fillText(ctx.text.cut_line, {
      kept: this.kept, all: this.t + 1, t: stepLabel(this.t), error: formatPercent(error),
      cosine: model.of("cosine", this.t, this.kept - 1).toFixed(3),
      first: stepLabel(this.t - this.kept + 1),
    });
    this.svg.replaceChildren();
    this.#paintGraph();
    this.#paintCurves();
  }

  /** One column a step: token, state, and for the loss's own step the answer above it. */
  #paintGraph() {
    const { model, t, svg, ctx } = this;
    const { left, right } = CUT_MARGIN;
    const pitch = Math.max(this.body.clientWidth - left - right, 1) / model.steps;
    this.graph = { left, pitch };
    const box = Math.min(pitch * 0.62, 46);
    const y = 74;
    const first = t - this.kept + 1;
    const x = (k) => left + (k + 0.5) * pitch;
    for (let k = 0; k < model.steps; k += 1) {
      const shade = k > t ? "cut-later" : k < first ? "cut-away" : "cut-kept";
      // the copy nearest to the cut is kept: what it says of the state before it goes nowhere
      const end = x(k - 1) + box / 2 + (k === first ? (pitch - box) * CUT_SHORT : 0);
      if (k > 0) this.#arrow(end, x(k) - box / 2, y, shade);
      svg.append(svgElement("rect", { class: `cut-box ${shade}`, x: x(k) - box / 2, y: y - box / 2, width: box, height: box, rx: 4 }));
      if (pitch >= 44) svg.append(cutText(x(k), y + 5, `h ${stepLabel(k)}`, `cut-name ${shade}`));
      if (pitch >= 11) svg.append(cutText(x(k), y + 62, ctx.recording.token(k), `bptt-token ${shade}`));
      svg.append(svgElement("line", { class: `cut-wire ${shade}`, x1: x(k), x2: x(k), y1: y + 42, y2: y + box / 2 + 2 }));
    }
    svg.append(svgElement("line", { class: "cut-wire cut-kept", x1: x(t), x2: x(t), y1: y - box / 2, y2: 32 }));
    svg.append(cutText(x(t), 25, `L ${stepLabel(t)}`, "bptt-token bptt-strong"));
    if (first > 0) this.#cut(x(first - 1) + box / 2 + (pitch - box) * CUT_SHORT * 0.6, y, first);
  }

  #arrow(from, to, y, shade) {
    this.svg.append(svgElement("path", { class: `cut-wire ${shade}`, d: `M${to} ${y}H${from + 3}` }));
    if (this.graph.pitch >= 30) {
      this.svg.append(svgElement("path", { class: `cut-head ${shade}`, d: `M${from} ${y}l9 -6v12z` }));
    }
    if (this.graph.pitch >= 44) this.svg.append(cutText((from + to) / 2, y - 12, "U", `cut-name ${shade}`));
  }

  #cut(x, y, first) {
    const { svg, ctx } = this;
    svg.append(svgElement("line", { class: "cut-line", x1: x, x2: x, y1: y - 46, y2: y + 72 }));
    svg.append(cutText(x, y - 54, "✂", "cut-scissors"));
    const label = fillText(ctx.text.cut_missing, { count: first });
    const anchor = x < 150 ? "start" : "end";
    svg.append(cutText(anchor === "end" ? x - 8 : x + 14, y + 84, label, "u-axis-text", anchor));
  }

  /** Error and cosine over the number of copies kept. */
  #paintCurves() {
    const { model, t, svg, ctx } = this;
    const { left, right, bottom } = CUT_MARGIN;
    const top = CUT_GRAPH + 6;
    const width = Math.max(this.body.clientWidth - left - right, 1);
    const height = Math.max(this.body.clientHeight - top - bottom, 1);
    const x = (count) => left + ((count - 0.5) / model.steps) * width;
    const highest = Math.max(1, ...model.row("error", t));
    const y = (value) => top + (1 - Math.max(value, 0) / highest) * height;
    for (const tick of [0, 0.5, 1].filter((one) => one <= highest)) {
      svg.append(svgElement("line", { class: "u-axis-line", x1: left, x2: left + width, y1: y(tick), y2: y(tick) }),
        cutText(left - 8, y(tick) + 4.5, formatPercent(tick), "u-axis-text", "end"));
    }
    const every = Math.ceil(40 / (width / model.steps));
    for (let count = 1; count <= model.steps; count += every) {
      svg.append(cutText(x(count), top + height + 17, String(count), "u-axis-text"));
    }
    svg.append(cutText(left + width / 2, top + height + 36, ctx.text.cut_axis, "u-axis-text"));
    const theme = ctx.theme();
    this.#curve("error", categoryColor(1, theme), x, y, ctx.text.cut_error);
    this.#curve("cosine", categoryColor(0, theme), x, y, ctx.text.cut_cosine);
    svg.append(svgElement("line", { class: "u-cursor-line", x1: x(this.kept), x2: x(this.kept), y1: top, y2: top + height }));
    this.plot = { left, width };
  }

  #curve(name, color, x, y, label) {
    const { model, t, svg } = this;
    const values = [...model.row(name, t)];
    const d = values.map((value, at) => `${at ? "L" : "M"}${x(at + 1)} ${y(value)}`).join("");
    const path = svgElement("path", { class: "u-line u-line-chosen", d });
    const at = this.kept - 1;
    const dot = svgElement("circle", { class: "u-dot", r: 6, cx: x(this.kept), cy: y(values[at]) });
    path.style.stroke = dot.style.fill = color;
    const number = name === "error" ? formatPercent(values[at]) : formatSize(values[at], 3);
    const isLeft = this.kept > model.steps * 0.7;
    const words = cutText(x(this.kept) + (isLeft ? -12 : 12), y(values[at]) + (name === "error" ? -8 : 20),
      `${label} ${number}`, "cut-curve", isLeft ? "end" : "start");
    words.style.fill = color;
    svg.append(path, dot, words);
  }

  /** Above a cut is chosen by its place, below a number of copies. */
  #choose(event) {
    if (event.button > 0) return;
    const corner = this.body.getBoundingClientRect();
    const x = event.clientX - corner.left;
    const onGraph = event.clientY - corner.top < CUT_GRAPH;
    const step = Math.round((x - this.graph.left) / this.graph.pitch);
    const count = Math.round(((x - this.plot.left) / this.plot.width) * this.model.steps + 0.5);
    const wanted = onGraph ? this.t + 1 - step : count;
    this.ctx.bus.move({ pinned: [Math.min(Math.max(wanted, 1), this.model.steps) - 1] }, "bptt");
  }
}

function cutText(x, y, words, kind, anchor = "middle") {
  return svgElement("text", { class: kind, x, y, "text-anchor": anchor }, words);
}
