// What the colours mean: the scale of the states and that of the gates.
import { element } from "./dom.js";
import { paletteGradient } from "./palettes.js";
import { scaleOf } from "./theme.js";
import { formatTick } from "./words.js";

/** {node, retheme(theme)}: one colour bar for each scale that the recording needs. */
export function createScaleKeys(recording, text) {
  const entries = scaleEntries(recording, text).map(({ scale, label }) => {
    const bar = element("span", { class: "cell-bar", "aria-hidden": "true" });
    const [low, high] = [formatTick(scale.low), formatTick(scale.high)];
    const node = element("span", { class: "cell-key" }, `${label} ${low}`, bar, high);
    return { bar, kind: scale.kind, node };
  });
  const node = element("div", { class: "cell-legend" }, ...entries.map((entry) => entry.node));
  const retheme = (theme) => {
    for (const { bar, kind } of entries) bar.style.background = paletteGradient(kind, theme);
  };
  return { node, retheme };
}

function scaleEntries(recording, text) {
  const hidden = scaleOf(recording, "hidden");
  const entries = [{ scale: hidden, label: text.cell_legend_state }];
  // States that leave [-1, 1] have a scale of their own.
  for (const signal of ["cell", "output"]) {
    if (!recording.has(signal)) continue;
    const scale = scaleOf(recording, signal);
    if (scale.high !== hidden.high) entries.push({ scale, label: text[`cell_legend_${signal}`] });
  }
  const gate = recording.signals.find((signal) => signal.endsWith("_gate"));
  if (gate) entries.push({ scale: scaleOf(recording, gate), label: text.cell_legend_gate });
  return entries;
}
