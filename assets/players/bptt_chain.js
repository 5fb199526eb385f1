// One term of the sum, opened: output part, product of Jacobians, local part, and the matrix that
// they make. Each is drawn with its numbers; the sizes multiply to the size of the term.
import { bpttDerivative, bpttLetter, bpttParameter, paintBpttMatrix } from "./bptt_parts.js";
import { BpttModel, bpttNorm } from "./bptt_model.js";
import { element } from "./dom.js";
import { formatRatio, formatSize, largestSize } from "./log_axis.js";
import { fillText, stepLabel } from "./words.js";

const CHAIN_STRIP = 15;
const CHAIN_SQUARE = { least: 60, most: 150 };

export function createChain(host, ctx) {
  return new ChainPicture(host, ctx);
}

class ChainPicture {
  #shown = "";

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.model = new BpttModel(ctx.recording, ctx.options);
    this.name = ctx.options.parameter ?? "U";
    const { text } = ctx;
    this.parts = {
      out: chainPart(text.bptt_output_part),
      path: chainPart(text.bptt_path),
      local: chainPart(text.bptt_local_part, 2),
      term: chainPart(text.bptt_term),
    };
    const { out, path, local, term } = this.parts;
    const sign = (mark) => element("span", { class: "bptt-sign" }, mark);
    this.row = element("div", { class: "bptt-chain" },
      out.node, sign("·"), path.node, sign("·"), local.node, sign("="), term.node);
    this.live = element("p", { class: "bptt-line" });
    host.append(this.row, this.live);
  }

  draw(cursor) {
    const t = this.model.loss(cursor);
    const k = this.model.copy(cursor);
    const key = `${t} ${k} ${this.host.clientHeight} ${this.ctx.theme().key}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#titles(t, k);
    this.#paint(t, k);
    this.#sizes(t, k);
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

  #titles(t, k) {
    const { out, path, local, term } = this.parts;
    const [last, copy] = [stepLabel(t), stepLabel(k)];
    if (this.model.once) {
      this.#titlesOfReadOut(last);
      return;
    }
    out.symbol.replaceChildren(bpttDerivative(["L", last], ["y", last]), " · ",
      bpttDerivative(["y", last], ["h", last]));
    path.symbol.replaceChildren(...chainJacobians(t, k));
    const read = { U: [" ⊗ ", bpttLetter("h", k)], W: [" ⊗ ", bpttLetter("x", copy)], b: [] };
    local.symbol.replaceChildren(bpttDerivative(["h", copy], bpttParameter(this.name)), " = ",
      bpttLetter("f′(a", copy), ")", ...read[this.name]);
    term.symbol.replaceChildren(bpttDerivative(["L", last], bpttParameter(this.name, copy)));
  }

  /** V and b_y stand behind the state: no path, and nothing but the state (or 1) is read. */
  #titlesOfReadOut(last) {
    const { out, path, local, term } = this.parts;
    out.symbol.replaceChildren(bpttDerivative(["L", last], ["z", last]), " = ",
      bpttLetter("ŷ", last), " − ", bpttLetter("y", last));
    path.symbol.replaceChildren("1");
    local.symbol.replaceChildren(this.name === "V" ? bpttLetter("h", last) : "1");
    term.symbol.replaceChildren(bpttDerivative(["L", last], bpttParameter(this.name, last)));
  }

  #paint(t, k) {
    const { model, parts } = this;
    const theme = this.ctx.theme();
    const { units, read, once } = model;
    const room = this.host.clientHeight - 126;
    const side = Math.min(Math.max(room, CHAIN_SQUARE.least), CHAIN_SQUARE.most);
    const square = { rows: units, columns: units, width: side, height: side, theme };
    const strip = { rows: 1, columns: units, width: side, height: CHAIN_STRIP, theme };
    const seen = model.vector("read", k);
    const local = { slope: parts.local.canvases[0], read: parts.local.canvases[1] };
    local.slope.hidden = once;
    local.read.hidden = this.name.startsWith("b");
    const out = model.vector("out", t);
    paintBpttMatrix(parts.out.canvases[0], out, { ...strip, limit: largestSize(out) });
    const path = model.path(t, k);
    paintBpttMatrix(parts.path.canvases[0], path, { ...square, limit: largestSize(path) });
    paintBpttMatrix(local.slope, model.vector("slope", k), { ...strip, limit: 1 });
    paintBpttMatrix(local.read, seen, { ...strip, columns: read, limit: Math.max(largestSize(seen), 1) });
    const term = model.term(t, k);
    const height = read === 1 ? CHAIN_STRIP : side;
    paintBpttMatrix(parts.term.canvases[0], term, {
      ...square, rows: read === 1 ? 1 : units, columns: read === 1 ? units : read, height,
      limit: largestSize(term),
    });
    this.drawn = bpttNorm(term);
  }

  /** The three sizes multiply to the fourth: a norm, two factors, and the term's own norm. */
  #sizes(t, k) {
    const { model, parts } = this;
    const { text } = this.ctx;
    const out = model.of("influence", t, t);
    const carried = model.of("influence", t, k);
    const term = model.of("term", t, k);
    const times = (share) => (Number.isFinite(share) ? `× ${formatSize(share, 3)}` : "–");
    parts.out.size.textContent = formatSize(out, 3);
    parts.path.size.textContent = times(carried / out);
    parts.local.size.textContent = times(term / carried);
    parts.term.size.textContent = formatSize(term, 3);
    parts.term.size.dataset.drawn = formatSize(this.drawn, 3);
    const direct = model.once ? text.bptt_read_out : text.bptt_no_path;
    const what = k === t ? direct : text.bptt_chain_line;
    this.live.textContent = fillText(what, {
      t: stepLabel(t), k: stepLabel(k), steps: t - k, parameter: this.name, out: formatSize(out, 3),
      carried: formatSize(carried, 3), kept: formatRatio(carried / out),
      factor: formatSize(Math.abs(carried / out) ** (1 / Math.max(t - k, 1)), 3),
    });
  }
}

/** "∂h₇/∂h₆ ⋯ ∂h₄/∂h₃", at most three factors written out; a one where there is none. */
function chainJacobians(t, k) {
  const factor = (step) => bpttDerivative(["h", stepLabel(step)], ["h", stepLabel(step - 1)]);
  if (t === k) return ["1"];
  if (t - k === 1) return [factor(t)];
  return [factor(t), t - k > 2 ? " ⋯ " : " · ", factor(k + 1)];
}

function chainPart(name, canvases = 1) {
  const symbol = element("div", { class: "bptt-symbol" });
  const pictures = Array.from({ length: canvases }, () => element("canvas", { "aria-hidden": "true" }));
  const size = element("b", { class: "bptt-size" });
  const drawing = element("div", { class: "bptt-drawing" }, ...pictures);
  const title = element("div", { class: "bptt-name" }, name);
  return { node: element("div", { class: "bptt-part" }, title, symbol, drawing, size), symbol, canvases: pictures, size };
}
