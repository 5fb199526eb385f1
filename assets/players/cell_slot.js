// Numbers within a formula. A piece of a formula keeps its width whatever the signs are: what a
// positive number does not need stands invisibly at the end of the piece.
import { element } from "./dom.js";
import { fixedNumber, numberParts } from "./cell_math.js";

// What a negative number needs more than a positive one.
const SLOT_SLACK = { first: "−", factor: "(−)", term: "", positive: "" };

/** A number as it stands in a formula: "first" (0.4, −0.4), "term" (+ 0.4, − 0.4), "factor"
 * (0.4, (−0.4)) or "positive". */
export function numberIn(as, value) {
  const { negative, digits } = numberParts(value);
  if (as === "term") return negative ? ` − ${digits}` : ` + ${digits}`;
  return as === "factor" && negative ? `(−${digits})` : fixedNumber(value);
}

/** {node, show(step), spoken(step)} for a list of strings, numbers {of(step), as} and "|", where a
 * line may break. */
export function createPiece(parts, look) {
  const numbers = [];
  const chunks = splitAtBreaks(parts).map((chunk) => {
    const places = chunk.map((part) => (typeof part === "string" ? part : element("span")));
    chunk.forEach((part, index) => {
      if (typeof part !== "string") numbers.push({ ...part, place: places[index] });
    });
    return element("span", { class: "cell-chunk" }, ...places);
  });
  const slack = element("span", { class: "cell-slack", "aria-hidden": "true" });
  chunks.at(-1).append(slack);
  const node = element("span", { class: look }, ...chunks);
  return {
    node,
    show(step) {
      let missing = "";
      for (const { of, as, place } of numbers) {
        const value = of(step);
        place.textContent = numberIn(as, value);
        if (!numberParts(value).negative) missing += SLOT_SLACK[as];
      }
      slack.textContent = missing;
    },
    spoken: (step) => parts.map((part) => spokenPart(part, step)).join(""),
  };
}

function splitAtBreaks(parts) {
  const chunks = [[]];
  for (const part of parts) {
    if (part === "|") chunks.push([]);
    else chunks.at(-1).push(part);
  }
  return chunks;
}

function spokenPart(part, step) {
  if (part === "|") return "";
  return typeof part === "string" ? part : numberIn(part.as, part.of(step));
}
