// The cloud as tables, for those who cannot see it or turn it: the chosen word's neighbours, and
// the words in the window, the most frequent first.
import { cloudButton } from "./cloud_buttons.js";
import { wordFacts } from "./cloud_facts.js";
import { shortLabel } from "./cloud_words.js";
import { element } from "./dom.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const TABLE_WORD = 80;

/** acts: {choose(point), table()}. -> {node, draw({frame, chosen, neighbours, words, total})}. */
export function createCloudTable(model, text, acts) {
  const near = element("table", { class: "cloud-table" });
  const seen = element("table", { class: "cloud-table" });
  const tables = element("div", { class: "cloud-tables", tabindex: 0 }, near, seen);
  const close = cloudButton("close", text.cloud_close_table, acts.table);
  const node = element("div", { class: "cloud-sheet", role: "region", "aria-label": text.cloud_table }, close, tables);
  node.hidden = true;
  const row = (frame, point, ...before) => wordRow({ model, text, frame, point, before, acts });
  return {
    node,
    draw({ frame, chosen, neighbours, words, total }) {
      const word = shortLabel(model.labels[chosen], TABLE_WORD);
      const facts = wordFacts(model, text, frame, chosen).map(([name]) => name);
      near.hidden = neighbours.length === 0;
      fillTable(near, fillText(text.cloud_neighbours_of, { word }),
        [text.cloud_rank, text.cloud_word, text.cloud_similarity, ...facts],
        neighbours.map(({ point, similarity }, at) => row(frame, point, at + 1, similarity)));
      fillTable(seen, fillText(text.cloud_in_view, { shown: words.length, total }),
        [text.cloud_word, ...facts],
        words.map((point) => row(frame, point)));
    },
  };
}

function fillTable(table, caption, heads, rows) {
  const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name)));
  table.replaceChildren(element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...rows));
}

function wordRow({ model, text, frame, point, before, acts }) {
  const name = element("span", { dir: "auto" }, shortLabel(model.labels[point], TABLE_WORD));
  const button = element("button", { type: "button", class: "cloud-near-word" }, name);
  button.addEventListener("click", () => acts.choose(point));
  const [rank, similarity] = before;
  const cell = (value) => element("td", {}, value);
  const facts = wordFacts(model, text, frame, point).map(([, value]) => cell(value));
  const first = rank === undefined ? [] : [cell(String(rank))];
  const likeness = rank === undefined ? [] : [cell(formatValue(similarity))];
  return element("tr", {}, ...first, element("td", {}, button), ...likeness, ...facts);
}
