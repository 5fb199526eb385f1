// The signs on the buttons, drawn in a 20 x 20 box.
import { svgElement } from "./dom.js";

const ICON_PATHS = {
  play: "M6 3.5v13l10.5-6.5z",
  pause: "M5.5 4h3.4v12H5.5zM11.1 4h3.4v12h-3.4z",
  stepBack: "M4 4h2.4v12H4zM16 4v12l-8.6-6z",
  stepForward: "M13.6 4H16v12h-2.4zM4 4v12l8.6-6z",
  slower: "M4 9h12v2.2H4z",
  faster: "M4 9h4.9V4h2.2v5H16v2.2h-4.9V16H8.9v-4.8H4z",
  fullScreen: "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z",
  pin: "M7 2h6v2l-1 1v4l3 3v1.6h-4.2L10 18l-.8-4.4H5V12l3-3V5L7 4z",
  sort: "M3 4h14v2H3zM3 9h10v2H3zM3 14h6v2H3z",
};

export function icon(name) {
  const shape = svgElement("path", { d: ICON_PATHS[name], fill: "currentColor" });
  return svgElement("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" }, shape);
}

/** A button that shows a sign; its name and key are in the label and the title. */
export function iconButton(name, label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "u-button";
  button.append(icon(name));
  nameButton(button, label);
  button.addEventListener("click", onClick);
  return button;
}

/** "Play (space)": the title shows it all, the spoken name leaves the key out. */
export function nameButton(button, label = "") {
  button.title = label;
  button.setAttribute("aria-label", label.replace(/\s*[(（][^()（）]*[)）]\s*$/, ""));
}
