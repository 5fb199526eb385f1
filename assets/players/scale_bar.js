// A colour scale with its numbers, as HTML: [caption] [bar over ticks].
import { element } from "./dom.js";
import { powerLabel, powersBetween } from "./log_axis.js";
import { paletteGradient } from "./palettes.js";
import { formatTick } from "./words.js";

const SCALE_BAR_WIDTH = 176;
const SCALE_BAR_MOST_POWERS = 4;

/** -> {node, show(caption, scale, theme)}; a scale is what theme.js's scaleOf gives. */
export function createScaleBar() {
  const caption = element("span");
  const bar = element("div");
  const ticks = element("div");
  const node = element("div", {}, caption, element("div", {}, bar, ticks));
  Object.assign(node.style, { display: "flex", alignItems: "flex-start", gap: "10px", flex: "none" });
  Object.assign(caption.style, { font: "13px/14px inherit", fontSize: "13px", whiteSpace: "nowrap" });
  Object.assign(bar.style, { width: `${SCALE_BAR_WIDTH}px`, height: "13px", borderRadius: "2px" });
  Object.assign(ticks.style, { position: "relative", height: "17px", fontSize: "12px" });
  ticks.style.fontVariantNumeric = "tabular-nums";
  let shown = "";
  const show = (name, scale, theme) => {
    const key = `${name} ${scale.kind} ${scale.high} ${theme.key}`;
    if (key === shown) return;
    shown = key;
    caption.textContent = name;
    caption.style.color = ticks.style.color = theme.muted;
    bar.style.background = paletteGradient(scale.kind, theme);
    bar.style.boxShadow = `inset 0 0 0 1px ${theme.border}`;
    ticks.replaceChildren(...scaleTicks(scale).map(tickNode));
  };
  return { node, show };
}

/** [{at: 0..1, label}] from left to right. */
function scaleTicks({ kind, low, high }) {
  if (kind !== "gradient") {
    return [low, (low + high) / 2, high].map((value, at) => ({ at: at / 2, label: formatTick(value) }));
  }
  const decades = Math.log10(high / low);
  return powersBetween(low, high, SCALE_BAR_MOST_POWERS).map((power) => ({
    at: 1 + (power - Math.log10(high)) / decades,
    label: powerLabel(power),
  }));
}

function tickNode({ at, label }) {
  const node = element("span", {}, label);
  const shift = at < 0.06 ? 0 : at > 0.94 ? -100 : -50;
  Object.assign(node.style, {
    position: "absolute",
    left: `${100 * at}%`,
    top: "1px",
    lineHeight: "16px",
    transform: `translateX(${shift}%)`,
  });
  return node;
}
