// Axes, paths and colours of the line plot.
import { svgElement } from "./dom.js";
import { formatTick } from "./words.js";
import { stepLabel } from "./words.js";

// Seven colours that stay apart for every kind of colour vision and on light and dark; the chosen
// unit has the page's accent.
const LINE_COLORS = {
  light: ["#0072b2", "#007a5a", "#b0478a", "#6b5b00", "#2fa3d6", "#444b57", "#7a3fb0"],
  dark: ["#56b4e9", "#2fc79a", "#ef8fc4", "#f0e442", "#8fa3ff", "#c3c9d4", "#c79bff"],
};
const LINE_MARGIN = { left: 44, right: 12, top: 12, bottom: 24 };

/** Colours of `units`: the accent for the first (chosen), a pinned unit keeps its own. */
export function lineColors(units, pinned, theme) {
  const colors = LINE_COLORS[theme.dark ? "dark" : "light"];
  return units.map((unit, at) =>
    at === 0 ? theme.primary : colors[pinned.indexOf(unit) % colors.length]);
}

/** The plot inside its margins, with across(time, steps) and down(scale, value) in pixels. */
export function plotArea(width, height) {
  const { left, right, top, bottom } = LINE_MARGIN;
  const area = { x: left, y: top };
  area.width = Math.max(width - left - right, 1);
  area.height = Math.max(height - top - bottom, 1);
  // A step stands in the middle of its column, as in the heatmap.
  area.across = (time, steps) => ((time + 0.5) / steps) * area.width;
  area.down = (scale, value) => area.y + (1 - Math.min(Math.max(scale.position(value), 0), 1)) * area.height;
  return area;
}

/** An SVG path through the values, broken where there is none. */
export function linePath(values, scale, area) {
  let path = "";
  let open = false;
  values.forEach((value, time) => {
    if (Number.isNaN(value)) {
      open = false;
      return;
    }
    const x = (area.x + area.across(time, values.length)).toFixed(1);
    path += `${open ? "L" : "M"}${x} ${area.down(scale, value).toFixed(1)}`;
    open = true;
  });
  return path;
}

export function paintLineAxes(group, scale, area, steps) {
  const middle = scale.kind === "gradient" ? [] : [(scale.low + scale.high) / 2];
  for (const value of [scale.low, ...middle, scale.high]) {
    const y = area.down(scale, value);
    const kind = value === 0 && scale.kind === "signed" ? "u-axis-zero" : "u-axis-line";
    group.append(svgElement("line", { class: kind, x1: area.x, x2: area.x + area.width, y1: y, y2: y }));
    group.append(lineAxisText(area.x - 8, y + 4.5, "end", tickOf(scale, value)));
  }
  const every = stepsBetween(steps, area.width);
  for (let time = every - 1; time < steps; time += every) {
    const x = area.x + area.across(time, steps);
    group.append(lineAxisText(x, area.y + area.height + 18, "middle", stepLabel(time)));
  }
}

function tickOf(scale, value) {
  return scale.kind === "gradient" ? value.toExponential(0) : formatTick(value);
}

function lineAxisText(x, y, anchor, text) {
  return svgElement("text", { class: "u-axis-text", x, y, "text-anchor": anchor }, text);
}

function stepsBetween(steps, width) {
  const least = (44 * steps) / width;
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= least) ?? steps;
}
