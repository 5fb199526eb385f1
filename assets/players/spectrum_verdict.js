// A caption that follows the cursor: one computed sentence for each frame, and what holds for all.
import { element } from "./dom.js";

/** options: {frames: [[part, ...], ...], formulas: [text, ...], always: [part, ...]}; a part is a string, or
 * {text, move} for a number that leads somewhere. */
export function createVerdict(host, { bus, options }) {
  const line = element("p", { class: "u-sentence verdict-line" });
  const always = element("p", { class: "u-sentence verdict-always" }, ...verdictParts(options.always ?? [], bus));
  const formula = element("p", { class: "u-sentence verdict-formula" });
  formula.hidden = !options.formulas?.length;
  always.hidden = !options.always?.length;
  host.append(line, formula, always);
  let shown = -1;
  const draw = ({ time }) => {
    const frame = Math.min(time, options.frames.length - 1);
    if (frame === shown) return;
    shown = frame;
    line.replaceChildren(...verdictParts(options.frames[frame], bus));
    formula.textContent = options.formulas?.[frame] ?? "";
  };
  const still = () => {};
  return { draw, resize: still, retheme: still, destroy: () => host.replaceChildren() };
}

function verdictParts(parts, bus) {
  return parts.map((part) => {
    if (typeof part === "string") return document.createTextNode(part);
    const button = element("button", { type: "button", class: "u-lead" }, part.text);
    button.addEventListener("click", () => bus.move(part.move, "caption"));
    return button;
  });
}
