// What the colours of a cloud mean: the groups by name, or a bar with its ends.
import { colouringKind } from "./cloud_colors.js";
import { formatFrequency } from "./cloud_facts.js";
import { groupColor } from "./cloud_colors.js";
import { palettePlace } from "./cloud_colors.js";
import { shortLabel } from "./cloud_words.js";
import { element } from "./dom.js";
import { paletteCss } from "./palettes.js";
import { paletteOf } from "./palettes.js";

const LEGEND_MOST_GROUPS = 40;
const LEGEND_STEPS = 16;
const LEGEND_NAME = 60;

/** -> {node, draw(colouring, theme, shownGroup)}; onGroup(group) when one is pressed. */
export function createCloudLegend(model, text, onGroup) {
  const node = element("div", { class: "cloud-legend" });
  const groups = presentGroups(model);
  let drawn = "";
  const draw = (colouring, theme, shownGroup) => {
    const key = [colouring, theme.key, shownGroup].join();
    if (key === drawn) return;
    drawn = key;
    node.hidden = colouring === "none";
    if (colouring === "group") {
      node.replaceChildren(...groups.slice(0, LEGEND_MOST_GROUPS).map((group) =>
        groupKey(model, group, theme, shownGroup, onGroup)));
      const more = groups.length - LEGEND_MOST_GROUPS;
      if (more > 0) node.append(element("span", { class: "cloud-more" }, `+${more}`));
      return;
    }
    if (node.hidden) return;
    const [low, high] = legendEndNames(model, colouring, text);
    const bar = element("span", { class: "u-legend-bar", "aria-hidden": "true" });
    bar.style.background = legendGradient(colouringKind(colouring), theme);
    const end = (name) => element("span", { class: "u-legend-end" }, name);
    node.replaceChildren(element("span", { class: "u-legend" }, end(low), bar, end(high)));
  };
  return { node, draw };
}

function groupKey(model, group, theme, shownGroup, onGroup) {
  const dot = element("span", { class: "cloud-dot", "aria-hidden": "true" });
  dot.style.background = groupColor(group, theme);
  const name = shortLabel(model.options.groups?.[group] ?? String(group + 1), LEGEND_NAME);
  const label = element("span", { dir: "auto" }, name);
  const attributes = { type: "button", class: "cloud-group", "aria-pressed": group === shownGroup };
  const button = element("button", attributes, dot, label);
  button.addEventListener("click", () => onGroup(group === shownGroup ? null : group));
  return button;
}

function presentGroups(model) {
  const found = new Set(model.group ?? []);
  return [...found].filter((group) => group >= 0).sort((a, b) => a - b);
}

function legendEndNames(model, colouring, text) {
  if (colouring === "frequency") return [model.range.low, model.range.high].map(formatFrequency);
  return model.options.tint_ends ?? [text.cloud_low, text.cloud_high];
}

function legendGradient(kind, theme) {
  const palette = paletteOf(kind, theme);
  const stops = Array.from({ length: LEGEND_STEPS + 1 }, (_, step) =>
    paletteCss(palette, Math.round(palettePlace(step / LEGEND_STEPS) * 255)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
