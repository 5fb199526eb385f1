// The chosen word, its numbers, and its nearest neighbours, each of which can be chosen.
import { cloudButton } from "./cloud_buttons.js";
import { wordFacts } from "./cloud_facts.js";
import { shortLabel } from "./cloud_words.js";
import { wordLabel } from "./cloud_words.js";
import { element } from "./dom.js";
import { nameButton } from "./icons.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const CARD_MOST = 12;
const CARD_WORD = 60;

/** acts: {choose(point), pin()}. -> {node, draw(frame, chosen, neighbours, isPinned)}. */
export function createCloudCard(model, text, acts) {
  const word = element("b", { class: "cloud-word", dir: "auto" });
  const pin = cloudButton("pin", "", acts.pin);
  const head = element("div", { class: "cloud-card-head" }, word, pin);
  const facts = element("dl", { class: "cloud-facts" });
  const title = element("div", { class: "cloud-card-title" }, text.cloud_neighbours);
  const list = element("ol", { class: "cloud-near" });
  const node = element("div", { class: "cloud-card", "aria-live": "polite" }, head, facts, title, list);
  let drawn = "";
  const draw = (frame, chosen, neighbours, isPinned) => {
    const key = [frame, chosen, isPinned, ...neighbours.map(({ point }) => point)].join();
    if (key === drawn) return;
    drawn = key;
    word.textContent = shortLabel(model.labels[chosen], CARD_WORD);
    word.title = wordLabel(model.labels[chosen]).slice(0, 2000);
    nameButton(pin, fillText(isPinned ? text.cloud_unpin : text.cloud_pin, { word: word.textContent }));
    pin.setAttribute("aria-pressed", String(isPinned));
    const rows = wordFacts(model, text, frame, chosen);
    facts.replaceChildren(...rows.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", { dir: "auto" }, value)]));
    title.hidden = list.hidden = neighbours.length === 0;
    list.replaceChildren(...neighbours.slice(0, CARD_MOST).map((neighbour) =>
      nearRow(model, neighbour, acts.choose)));
  };
  return { node, draw };
}

function nearRow(model, { point, similarity }, choose) {
  const name = element("span", { dir: "auto" }, shortLabel(model.labels[point]));
  const button = element("button", { type: "button", class: "cloud-near-word" }, name);
  if (!Number.isNaN(similarity)) {
    button.append(element("span", { class: "cloud-near-number" }, formatValue(similarity, 3)));
  }
  button.addEventListener("click", () => choose(point));
  return element("li", {}, button);
}
