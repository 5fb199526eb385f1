// The signs on a cloud's buttons, drawn in a 20 x 20 box like those of the play bar.
import { svgElement } from "./dom.js";
import { nameButton } from "./icons.js";

const CLOUD_SIGNS = {
  box: "M3 3h3v2H5v1H3zM8 3h4v2H8zM14 3h3v3h-2V5h-1zM3 8h2v4H3zM15 8h2v4h-2zM3 14h2v1h1v2H3zM8 15h4v2H8zM15 14h2v3h-3v-2h1z",
  turn: "M10 3a7 7 0 0 1 6.3 4l1.7-.9-.6 5-4.5-2.4 1.6-.8A5 5 0 0 0 5.4 8H3.3A7 7 0 0 1 10 3zM10 17a7 7 0 0 1-6.3-4L2 13.9l.6-5 4.5 2.4-1.6.8A5 5 0 0 0 14.6 12h2.1A7 7 0 0 1 10 17z",
  isolate: "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zm0 1.8a5.7 5.7 0 1 0 0 11.4 5.7 5.7 0 0 0 0-11.4z",
  unpin: "M7 2h6v2l-1 1v4l3 3v1.6h-4.2L10 18l-.8-4.4H5V12l3-3V5L7 4zM2 3.4 3.4 2 18 16.6 16.6 18z",
  pin: "M7 2h6v2l-1 1v4l3 3v1.6h-4.2L10 18l-.8-4.4H5V12l3-3V5L7 4z",
  closer: "M9 4h2v5h5v2h-5v5H9v-5H4V9h5z",
  wider: "M4 9h12v2H4z",
  fit: "M3 3h5v2H6.4l3 3L8 9.4l-3-3V8H3zM17 17h-5v-2h1.6l-3-3 1.4-1.4 3 3V12h2z",
  table: "M2.5 4h15v12h-15zM4 8v3h5V8zM11 8v3h5V8zM4 12.5v2h5v-2zM11 12.5v2h5v-2z",
  full: "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z",
  close: "M5.4 4 10 8.6 14.6 4 16 5.4 11.4 10l4.6 4.6-1.4 1.4L10 11.4 5.4 16 4 14.6 8.6 10 4 5.4z",
};

/** A button with a sign; its name and key are in the label and the title. */
export function cloudButton(sign, label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "u-button";
  const shape = { d: CLOUD_SIGNS[sign], fill: "currentColor", "fill-rule": "evenodd" };
  const frame = { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" };
  button.append(svgElement("svg", frame, svgElement("path", shape)));
  nameButton(button, label);
  button.addEventListener("click", onClick);
  return button;
}
