// The tree of alternatives that a beam search weighed: branches as wide as they are probable,
// pruned ones pale, the best text strong; beside it the texts that were found.
import { beamPath } from "./beam_layout.js";
import { layoutBeam } from "./beam_layout.js";
import { element } from "./dom.js";
import { svgElement } from "./dom.js";
import { Picture } from "./picture.js";
import { tokenLabel } from "./recording.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const BEAM_WIDTHS = { most: 9, share: 0.16 }; // of a branch: in pixels, and of a column's room
const BEAM_ROOT_ROOM = 64;
const BEAM_SMALL = 13; // letters of what was given up
const BEAM_STATES = ["pruned", "lost", "kept", "found", "best"];

/** options: prompt, and nodes as [parent, token, depth, log p of the token, log p of the path,
 * number in BEAM_STATES], natural logarithms. The cursor's time is the depth up to which the tree
 * has grown, its unit a node. */
export function createBeam(host, ctx) {
  return new BeamPicture(host, ctx);
}

class BeamPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { vocabulary } = ctx.recording.spec;
    this.nodes = ctx.options.nodes.map(([parent, token, depth, step, total, state]) =>
      ({ parent, depth, step, total, state: BEAM_STATES[state], token: vocabulary[token] }));
    this.svg = svgElement("svg", { "aria-hidden": "true" });
    this.tree = element("div", { class: "beam-tree" }, this.svg);
    this.detail = element("div", { class: "beam-detail", "aria-live": "polite" });
    this.found = element("ol", { class: "beam-found" });
    const side = element("div", { class: "beam-side" }, this.#legend(), element("b", {}, ctx.text.beam_found), this.found);
    host.append(element("div", { class: "beam-body" }, this.tree, side), this.detail);
    this.tooltip = attachTooltip(host);
    this.#list();
    this.#listen();
  }

  paint() {
    if (!this.marks || this.theme !== this.ctx.theme().key) this.#build();
    const { time, unit } = this.cursor;
    const path = new Set(beamPath(this.nodes, unit));
    this.marks.forEach(({ edge, label }, at) => {
      for (const mark of [edge, label]) {
        mark.classList.toggle("beam-later", this.nodes[at].depth > time);
        mark.classList.toggle("beam-chosen", path.has(at));
      }
    });
    for (const button of this.found.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.node) === unit));
    }
    this.detail.textContent = this.#sentence(unit);
  }

  resize() {
    this.#build();
    super.resize();
  }

  #build() {
    this.theme = this.ctx.theme().key;
    const { clientWidth: width, clientHeight: height } = this.tree;
    const { places, root, pitch, font } = layoutBeam(this.nodes, width, height);
    const edges = svgElement("g");
    const labels = svgElement("g");
    const rootName = beamCut(`…${beamName(this.ctx.recording.spec.tokens[0])}`, BEAM_ROOT_ROOM, font);
    const rootLabel = beamLabel(root, rootName, "best");
    rootLabel.setAttribute("font-size", font);
    labels.append(rootLabel);
    const room = pitch - 20;
    this.marks = this.nodes.map((node, at) => {
      const from = node.parent < 0 ? root : places[node.parent];
      const before = node.parent < 0 ? rootName : beamCut(beamName(this.nodes[node.parent].token), room, font);
      const size = node.state === "pruned" ? Math.min(font, BEAM_SMALL) : font;
      const cut = beamCut(beamName(node.token), room, size);
      const own = 6 + beamWidth(before, font);
      const edge = beamEdge(from.x + own, from.y, places[at].x - 4, places[at].y, node, pitch);
      const label = beamLabel(places[at], cut, node.state);
      label.setAttribute("font-size", size);
      for (const mark of [edge, label]) mark.dataset.node = at;
      edges.append(edge);
      labels.append(label);
      return { edge, label };
    });
    this.svg.replaceChildren(edges, labels);
  }

  #list() {
    const end = Math.max(...this.nodes.map(({ depth }) => depth));
    const found = this.nodes.map((node, at) => ({ ...node, at }))
      .filter(({ state, depth }) => depth === end && (state === "found" || state === "best"))
      .sort((one, other) => other.total - one.total);
    this.found.replaceChildren(...found.map(({ at, total, state }) => {
      const score = element("span", { class: "beam-score" }, beamBits(total));
      const button = element("button", { type: "button", class: `beam-text beam-${state}`, "data-node": at }, score, this.#text(at));
      button.addEventListener("click", () => this.#choose(at));
      return element("li", {}, button);
    }));
  }

  #text(at) {
    return beamPath(this.nodes, at).map((node) => this.nodes[node].token).join("").replace(/\n/g, "⏎");
  }

  #sentence(at) {
    const { text, options } = this.ctx;
    const node = this.nodes[at];
    if (!node) return "";
    return fillText(text[`beam_${node.state}_sentence`], {
      text: `${options.prompt}${this.#text(at)}`.replace(/\n/g, "⏎"),
      token: tokenLabel(node.token),
      step: formatValue(Math.exp(node.step), 3),
      total: beamBits(node.total),
    });
  }

  #legend() {
    const { text } = this.ctx;
    const entry = (state) => element("span", { class: `beam-key beam-${state}` }, text[`beam_${state}`]);
    return element("div", { class: "beam-legend" }, entry("best"), entry("kept"), entry("lost"), entry("pruned"));
  }

  #choose(at) {
    const { bus } = this.ctx;
    const time = Math.max(bus.cursor.time, this.nodes[at].depth);
    bus.move({ unit: at, time }, "beam");
  }

  #listen() {
    const nodeOf = (event) => event.target.closest?.("[data-node]")?.dataset.node;
    this.svg.addEventListener("pointerdown", (event) => {
      const at = nodeOf(event);
      if (at !== undefined && event.button === 0) this.#choose(Number(at));
    });
    this.svg.addEventListener("pointermove", (event) => {
      const at = nodeOf(event);
      if (at === undefined) return this.tooltip.hide();
      const { text } = this.ctx;
      const node = this.nodes[at];
      const corner = this.host.getBoundingClientRect();
      return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [
        this.#text(at),
        [text.beam_step, formatValue(Math.exp(node.step))],
        [text.beam_total, beamBits(node.total)],
      ]);
    });
    this.svg.addEventListener("pointerleave", () => this.tooltip.hide());
  }
}

/** A word without the space before it, which would only take room. */
function beamName(token) {
  return tokenLabel(token.length > 1 ? token.trimStart() || token : token);
}

/** About how wide a name is: letters of East Asia fill a square. */
function beamWidth(name, font) {
  return [...name].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 1 : 0.56), 0) * font;
}

function beamCut(name, room, font) {
  const letters = [...name];
  if (letters.length < 2 || beamWidth(name, font) <= room) return name;
  while (letters.length > 1 && beamWidth(`${letters.join("")}…`, font) > room) letters.pop();
  return `${letters.join("")}…`;
}

function beamEdge(x1, y1, x2, y2, { step, state }, pitch) {
  const middle = (x1 + x2) / 2;
  const edge = svgElement("path", { class: `beam-edge beam-${state}`, d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` });
  const most = Math.min(BEAM_WIDTHS.most, BEAM_WIDTHS.share * pitch);
  const widest = state === "pruned" ? most / 2 : most;
  edge.style.strokeWidth = String(1 + (widest - 1) * Math.exp(step));
  return edge;
}

function beamLabel({ x, y }, name, state) {
  return svgElement("text", { class: `beam-label beam-${state}`, x, y, dy: "0.34em" }, name);
}

/** A natural logarithm as bits, with its sign. */
function beamBits(total) {
  return formatValue(total / Math.LN2, 1);
}
