// The caption: a sentence computed from the recording. Its numbers are buttons that lead the
// cursor to the step, layer and unit they speak of.
import { element } from "./dom.js";

/** options.parts: strings, and {text, move} for a number that leads somewhere. Where there is one
 * sentence for each checkpoint all of them take their room, so that nothing jumps. */
export function createCaption(host, { bus, options, checkpoints }) {
  const sentences = checkpoints?.map((at) => at.options.parts) ?? [options.parts];
  const lines = sentences.map((parts) =>
    element("p", { class: "u-sentence" }, ...parts.map((part) => captionPart(part, bus))));
  host.append(element("div", { class: "u-sentences" }, ...lines));
  const draw = ({ step }) => lines.forEach((line, at) => {
    line.style.visibility = lines.length === 1 || at === step ? "" : "hidden";
  });
  const still = () => {};
  return { draw, resize: still, retheme: still, destroy: () => host.replaceChildren() };
}

function captionPart(part, bus) {
  if (typeof part === "string") return document.createTextNode(part);
  const button = element("button", { type: "button", class: "u-lead" }, part.text);
  button.addEventListener("click", () => bus.move(part.move, "caption"));
  return button;
}
