// A text while it is written: what was given, what was kept, and what the network drew, each
// letter the darker the less it was expected.
import { element } from "./dom.js";
import { Picture } from "./picture.js";
import { tokenLabel } from "./recording.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const WRITING_SIZES = [32, 28, 25, 22, 20, 18, 16, 14];
const WRITING_MOST_BITS = 6; // of surprise: from here on the tint is as dark as it gets

/** options: start and kept, how many tokens were given and then kept. Reads `chance` (time,), the
 * probability that each token had before it stood there. */
export function createWriting(host, ctx) {
  return new Writing(host, ctx);
}

class Writing extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { tokens } = ctx.recording.spec;
    this.chance = ctx.recording.array("chance").data;
    this.nodes = tokens.map((token, at) => this.#node(token, at));
    this.box = element("div", { class: "writing-box" }, ...this.nodes);
    this.places = new Map(this.nodes.map((node, at) => [node, at]));
    host.append(this.box, this.#legend());
    this.tooltip = attachTooltip(host);
    this.#listen();
    this.#fit();
  }

  paint() {
    const { time } = this.cursor;
    const { start } = this.ctx.options;
    this.nodes.forEach((node, at) => {
      node.classList.toggle("writing-later", at > time && at >= start);
      node.classList.toggle("writing-now", at === time);
      node.classList.toggle("writing-next", at === time + 1);
    });
    const now = this.nodes[time];
    const { box } = this;
    if (now.offsetTop < box.scrollTop) box.scrollTop = now.offsetTop;
    const below = now.offsetTop + now.offsetHeight + 8 - box.clientHeight;
    if (below > box.scrollTop) box.scrollTop = below;
  }

  resize() {
    this.#fit();
    super.resize();
  }

  #node(token, at) {
    const { start, kept } = this.ctx.options;
    const kind = at < start ? "given" : at < start + kept ? "kept" : "drawn";
    const node = element("span", { class: `writing-tok writing-${kind}` }, writingToken(token));
    if (kind === "drawn") node.style.setProperty("--surprise", `${writingTint(this.chance[at])}%`);
    return node;
  }

  #legend() {
    const { text, options } = this.ctx;
    const kinds = ["given", ...(options.kept ? ["kept"] : []), "drawn"];
    const entries = kinds.map((kind) => {
      const sign = element("span", { class: `writing-tok writing-${kind}` }, "a");
      if (kind === "drawn") sign.style.setProperty("--surprise", `${writingTint(0.1)}%`);
      return element("span", {}, sign, ` ${text[`writing_${kind}`]}`);
    });
    return element("div", { class: "writing-legend" }, ...entries);
  }

  /** The largest letters with which the whole text can be seen. */
  #fit() {
    for (const size of WRITING_SIZES) {
      this.box.style.fontSize = `${size}px`;
      if (this.box.scrollHeight <= this.box.clientHeight) return;
    }
  }

  #listen() {
    const { bus } = this.ctx;
    this.box.addEventListener("pointerdown", (event) => {
      const time = this.places.get(event.target);
      if (time !== undefined && event.button === 0) bus.move({ time }, "writing");
    });
    this.box.addEventListener("pointermove", (event) => this.#explain(event));
    this.box.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #explain(event) {
    const at = this.places.get(event.target);
    if (at === undefined) return this.tooltip.hide();
    const { text, recording } = this.ctx;
    const corner = this.host.getBoundingClientRect();
    const lines = [[fillText(text.at_step, { t: stepLabel(at) }), recording.token(at)]];
    const chance = this.chance[at];
    if (!Number.isNaN(chance)) lines.push([text.writing_chance, formatValue(chance)]);
    return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, lines);
  }
}

/** Blanks stay blanks, so that the text looks as it would be printed; a line end shows its sign. */
function writingToken(token) {
  return /^[ ]*\S/.test(token) || token === " " ? token : token.replace(/\n/g, "⏎\n").replace(/\t/g, tokenLabel);
}

function writingTint(chance) {
  if (Number.isNaN(chance)) return 0;
  const bits = Math.min(-Math.log2(Math.max(chance, 1e-9)), WRITING_MOST_BITS);
  return Math.round((70 * bits) / WRITING_MOST_BITS);
}
