// An image is seen once and spelled letter by letter: a sheet to draw on, and beside it every step
// of the networks that name what is drawn, worked out here while the pen moves.
import { element } from "./dom.js";
import { Picture } from "./picture.js";
import { likeliest, SpellerNet } from "./speller_net.js";
import { SpellerPad } from "./speller_pad.js";
import { colorOf } from "./theme.js";
import { fillText, formatValue } from "./words.js";

const SPELLER_GUESSES = 3;
const SPELLER_PATIENCE = 400;
const SPELLER_SURE = 0.5;

/** spec.speller = {image: [64], truth: [name of each network's right answer, or null],
 * networks: [{name, label, alphabet}]}; their weights are arrays `<name>.<part>`. */
export function createSpeller(host, ctx) {
  return new SpellerPicture(host, ctx);
}

class SpellerPicture extends Picture {
  #waiting = 0;

  constructor(host, ctx) {
    super(host, ctx);
    const { image, networks } = ctx.recording.spec.speller;
    this.drawn = false;
    this.pad = new SpellerPad(image, ctx.text, () => this.#redrawn());
    this.lanes = networks.map(({ name, label, alphabet }) => ({
      net: new SpellerNet(ctx.recording, name, alphabet),
      label,
      title: element("div", { class: "speller-title", "aria-live": "polite" }),
      row: element("div", { class: "speller-row" }),
    }));
    const lanes = this.lanes.map(({ title, row }) => element("section", { class: "speller-lane" }, title, row));
    this.host.append(element("div", { class: "speller" }, this.pad.node, element("div", { class: "speller-lanes" }, ...lanes)));
    this.#spell();
  }

  paint() {
    const theme = this.ctx.theme();
    this.pad.paint(theme);
    this.lanes.forEach((lane) => this.#showLane(lane, theme));
  }

  destroy() {
    clearTimeout(this.#waiting);
    super.destroy();
  }

  #redrawn() {
    this.drawn = true;
    this.#spell();
    if (this.cursor) this.paint();
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.ctx.bus.move({ pick: this.pad.written }, "speller"), SPELLER_PATIENCE);
  }

  #spell() {
    for (const lane of this.lanes) lane.found = lane.net.spell(this.pad.ink);
  }

  #showLane(lane, theme) {
    const { text, recording } = this.ctx;
    const { steps, first } = lane.found;
    const word = steps.slice(0, -1).map(({ said }) => said).join("");
    const chance = steps.reduce((product, { chances }) => product * Math.max(...chances), 1);
    const truth = this.drawn ? null : recording.spec.speller.truth[this.lanes.indexOf(lane)];
    const mark = truth === null ? "" : truth === word ? " ✓" : ` ✗ (${truth})`;
    lane.title.replaceChildren(
      element("span", {}, `${lane.label}: `),
      element("b", { class: "speller-word" }, word || "∅"),
      element("span", {}, mark),
      element("span", { class: "speller-chance" }, fillText(text.speller_chance, { chance: spellerPercent(chance) })),
    );
    const columns = steps.map((step, at) => this.#column(lane, step, at, theme));
    lane.row.replaceChildren(this.#begin(first, theme), ...columns);
  }

  #begin(state, theme) {
    const { text } = this.ctx;
    return element("div", { class: "speller-step speller-first" },
      element("span", { class: "speller-fed" }, text.speller_image), stateCanvas(state, theme),
      element("span", { class: "speller-note" }, "s₀"));
  }

  #column(lane, { fed, state, chances, said }, at, theme) {
    const guesses = likeliest(chances, lane.net.alphabet, SPELLER_GUESSES);
    const doubt = guesses[0][1] < SPELLER_SURE ? " speller-doubt" : "";
    const end = Math.min(this.cursor.time, lane.found.steps.length - 1);
    const when = at === end ? " speller-now" : at > end ? " speller-later" : "";
    const node = element("div", { class: `speller-step${when}` },
      element("span", { class: "speller-fed" }, fed),
      stateCanvas(state, theme),
      element("b", { class: `speller-said${doubt}` }, said),
      ...guesses.map(([letter, share], rank) => guessBar(letter, share, rank === 0)));
    node.addEventListener("pointerdown", () => this.ctx.bus.move({ time: at }, "speller"));
    return node;
  }
}

/** A letter and its probability; in numbers only where there is room, for the first. */
function guessBar(letter, share, first) {
  const fill = element("i");
  fill.style.width = `${100 * share}%`;
  const bar = element("div", { class: "speller-guess", title: spellerPercent(share) },
    element("span", {}, letter), element("span", { class: "speller-track" }, fill));
  if (first) bar.append(element("span", { class: "speller-share" }, spellerPercent(share)));
  return bar;
}

function stateCanvas(state, theme) {
  const across = Math.ceil(Math.sqrt(state.length));
  const canvas = element("canvas", { class: "speller-state", "aria-hidden": "true" });
  canvas.width = across;
  canvas.height = Math.ceil(state.length / across);
  const context = canvas.getContext("2d");
  state.forEach((value, unit) => {
    context.fillStyle = colorOf("signed", value, theme);
    context.fillRect(unit % across, Math.floor(unit / across), 1, 1);
  });
  return canvas;
}

function spellerPercent(share) {
  if (share > 0.995 && share < 1) return ">99%";
  if (share < 0.001) return "<0.1%";
  return `${formatValue(100 * share, share < 0.095 ? 1 : 0)}%`;
}
