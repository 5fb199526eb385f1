// The bar above a cloud: find a word, colour, plane or space, rectangle, closer, all, table.
import { cloudButton } from "./cloud_buttons.js";
import { createCloudSearch } from "./cloud_search.js";
import { shortLabel } from "./cloud_words.js";
import { element } from "./dom.js";
import { labelledSelect } from "./dom.js";

/** acts: {choose(point), colour(name), flat(isFlat), boxing(), turn(), isolate(), unpin(),
 * zoom(factor), fit(), table(), fullScreen or undefined}. -> {node, draw(state)} with
 * state = {colouring, isFlat, isBoxing, isTurning, isIsolating, hasTable, pinned: count}. */
export function createCloudTools(model, text, acts) {
  return new CloudTools(model, text, acts);
}

class CloudTools {
  constructor(model, text, acts) {
    this.model = model;
    this.text = text;
    this.search = createCloudSearch(model, text, acts.choose);
    const names = model.colourings.map((name) => [name, this.#colourName(name)]);
    this.colour = labelledSelect(text.cloud_colour, names, acts.colour);
    this.colour.select.dataset.focus = "cloud-colour";
    this.colour.field.hidden = names.length < 2;
    this.plane = wordButton(text.cloud_plane, () => acts.flat(true));
    this.space = wordButton(text.cloud_space, () => acts.flat(false));
    const ways = { class: "u-group", role: "group", "aria-label": text.cloud_dimensions };
    this.ways = element("div", ways, this.plane, this.space);
    this.ways.hidden = model.bounds.flat;
    this.box = cloudButton("box", text.cloud_box, acts.boxing);
    this.turn = cloudButton("turn", text.cloud_turn, acts.turn);
    this.isolate = cloudButton("isolate", text.cloud_isolate, acts.isolate);
    this.unpin = cloudButton("unpin", text.cloud_unpin_all, acts.unpin);
    this.closer = cloudButton("closer", text.cloud_closer, () => acts.zoom(1.35));
    this.wider = cloudButton("wider", text.cloud_wider, () => acts.zoom(1 / 1.35));
    this.fit = cloudButton("fit", text.cloud_fit, acts.fit);
    this.table = cloudButton("table", text.cloud_table, acts.table);
    const full = acts.fullScreen ? [cloudButton("full", text.full_screen, acts.fullScreen)] : [];
    const camera = element("div", { class: "u-group" }, this.turn, this.wider, this.closer, this.fit);
    const words = element("div", { class: "u-group" }, this.box, this.isolate, this.unpin);
    const rest = element("div", { class: "u-group" }, this.table, ...full);
    this.node = element("div", { class: "cloud-tools" }, this.search.node, this.colour.field,
      this.ways, words, camera, rest);
  }

  draw({ colouring, isFlat, isBoxing, isTurning, isIsolating, hasTable, pinned }) {
    this.colour.select.value = colouring;
    press(this.plane, isFlat);
    press(this.space, !isFlat);
    press(this.box, isBoxing);
    press(this.turn, isTurning);
    press(this.isolate, isIsolating);
    press(this.table, hasTable);
    this.turn.hidden = isFlat;
    this.unpin.hidden = pinned === 0;
  }

  #colourName(name) {
    const { options } = this.model;
    if (name === "group" && options.group_label) return shortLabel(options.group_label);
    if (name === "tint" && options.tint_label) return shortLabel(options.tint_label);
    return this.text[`cloud_colour_${name}`];
  }
}

function wordButton(label, onClick) {
  const button = element("button", { type: "button", class: "u-button u-word" }, label);
  button.addEventListener("click", onClick);
  return button;
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
