// The caption: a sentence computed from the recording. Its numbers are buttons that lead the
// cursor to the step, layer and unit they speak of.
import { element } from "./dom.js";

/** options.parts: strings, and {text, move} for a number that leads somewhere. */
export function createCaption(host, { bus, options }) {
  const nodes = options.parts.map((part) => {
    if (typeof part === "string") return document.createTextNode(part);
    const button = element("button", { type: "button", class: "u-lead" }, part.text);
    button.addEventListener("click", () => bus.move(part.move, "caption"));
    return button;
  });
  const line = element("p", { class: "u-sentence" });
  line.append(...nodes);
  host.append(line);
  const still = () => {};
  return { draw: still, resize: still, retheme: still, destroy: () => line.remove() };
}
