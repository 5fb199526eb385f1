// A field that finds words by how they begin, and then by what they contain.
import { shortLabel } from "./cloud_words.js";
import { element } from "./dom.js";

const SEARCH_MOST = 8;
let cloudSearchCount = 0;

/** -> {node}; choose(point) when a word was picked. */
export function createCloudSearch(model, text, choose) {
  const id = `cloud-search-${(cloudSearchCount += 1)}`;
  const input = element("input", {
    type: "search",
    class: "cloud-find",
    placeholder: text.cloud_find,
    "aria-label": text.cloud_find,
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
    autocomplete: "off",
    spellcheck: "false",
    "data-focus": "cloud-find",
  });
  const list = element("ul", { class: "cloud-found", role: "listbox", id, "aria-label": text.cloud_find });
  list.hidden = true;
  const state = { points: [], at: 0 };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const take = (point) => {
    close();
    input.value = "";
    choose(point);
  };
  const mark = () => {
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === state.at)));
    input.setAttribute("aria-activedescendant", `${id}-${state.at}`);
  };
  const show = () => {
    state.points = findWords(model, input.value);
    state.at = 0;
    const rows = state.points.map((point, at) => foundRow(model, point, `${id}-${at}`, take));
    list.replaceChildren(...(rows.length > 0 ? rows : [element("li", {}, text.cloud_none_found)]));
    list.hidden = input.value === "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (rows.length > 0) mark();
  };
  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const { points } = state;
    if (event.isComposing) return;
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && points.length > 0 && !list.hidden) take(points[state.at]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const change = event.key === "ArrowDown" ? 1 : -1;
      state.at = (state.at + change + points.length) % Math.max(points.length, 1);
      mark();
    }
  });
  return { node: element("div", { class: "cloud-search" }, input, list) };
}

/** Points whose label is, begins with or contains what was typed, in this order; the most
 * frequent first, and capital letters do not matter. */
export function findWords(model, typed, most = SEARCH_MOST) {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const ranks = [[], [], []];
  for (const point of model.order) {
    const place = model.labels[point].toLowerCase().indexOf(wanted);
    if (place < 0) continue;
    const same = place === 0 && model.labels[point].length === typed.trim().length;
    const rank = ranks[same ? 0 : place === 0 ? 1 : 2];
    if (rank.length < most) rank.push(point);
  }
  return ranks.flat().slice(0, most);
}

function foundRow(model, point, id, take) {
  const row = element("li", { role: "option", id, dir: "auto" }, shortLabel(model.labels[point]));
  // Before the field loses the focus.
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(point);
  });
  return row;
}
