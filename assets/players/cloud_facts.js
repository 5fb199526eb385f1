// What is known about a word in exact numbers, the same in the card, the tooltip and the table.
import { shortLabel } from "./cloud_words.js";
import { fillText } from "./words.js";
import { formatTick } from "./words.js";
import { formatValue } from "./words.js";

const FACTS_WORD = 120;
const FACTS_NAME = 40;
const FACTS_VALUE = 60;

/** [[name, value], ...] of word `point` in frame `frame`. */
export function wordFacts(model, text, frame, point) {
  const { options } = model;
  const facts = [];
  if (model.frequency) facts.push([text.cloud_frequency, formatFrequency(model.frequency[point])]);
  if (model.group && model.groupName(point)) {
    const name = shortLabel(options.group_label ?? text.cloud_colour_group, FACTS_NAME);
    facts.push([name, shortLabel(model.groupName(point), FACTS_VALUE)]);
  }
  const tint = model.tintAt(frame, point);
  if (!Number.isNaN(tint)) {
    const name = shortLabel(options.tint_label ?? text.cloud_colour_tint, FACTS_NAME);
    facts.push([name, tintValue(tint, options)]);
  }
  const place = model.coordinates(frame, point).map((value) =>
    (Number.isNaN(value) ? "–" : formatTick(value)));
  facts.push([text.cloud_place, place.join(", ")]);
  return facts;
}

/** What a share of the colour bar stands for. */
function tintValue(share, { tint_span: [low, high] = [0, 1] }) {
  const value = low + share * (high - low);
  return Math.abs(high - low) < 100 ? formatValue(value) : formatTick(value);
}

/** Counts are whole numbers; shares of a corpus are not. */
export function formatFrequency(value) {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : formatValue(value, 5);
}

/** The lines of a tooltip: the word, its numbers, and which neighbour of the chosen one it is. */
export function wordLines(model, text, frame, point, { chosen, neighbours }) {
  const lines = [shortLabel(model.labels[point], FACTS_WORD), ...wordFacts(model, text, frame, point)];
  const at = neighbours.indexOf(point);
  if (at < 0) return lines;
  const word = shortLabel(model.labels[chosen]);
  return [...lines, fillText(text.cloud_neighbour_rank, { rank: at + 1, word })];
}
