// A colour bar with its ends in numbers and, for gates, in words.
import { element } from "./dom.js";
import { paletteGradient } from "./palettes.js";
import { formatTick } from "./words.js";

/** -> {node, draw(scale, title, theme)}. */
export function createColorBar(text) {
  const title = element("span", { class: "u-legend-title" });
  const low = element("span", { class: "u-legend-end" });
  const bar = element("span", { class: "u-legend-bar", "aria-hidden": "true" });
  const high = element("span", { class: "u-legend-end" });
  const node = element("div", { class: "u-legend" }, title, low, bar, high);
  return {
    node,
    draw(scale, name, theme) {
      title.textContent = name;
      [low.textContent, high.textContent] = legendEnds(scale, text);
      bar.style.background = paletteGradient(scale.kind, theme);
    },
  };
}

function legendEnds({ kind, low, high }, text) {
  const ends = [formatTick(low), formatTick(high)];
  if (kind === "gate") return [`${ends[0]} ${text.closed}`, `${ends[1]} ${text.open}`];
  return kind === "gradient" ? [low.toExponential(0), high.toExponential(0)] : ends;
}
