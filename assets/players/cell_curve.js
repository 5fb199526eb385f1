// The activation function as a small plot with the chosen unit on it.
import { activationOf } from "./cell_activations.js";
import { svgElement } from "./dom.js";

// The plot shows sums from -4 to 4; what lies beyond stands at the edge.
const CURVE_REACH = 4;

/** The curve of the activation with the chosen unit's place on it. */
export function drawCurve(node) {
  const { x, y, width, height, pre, name } = node;
  const fn = activationOf(node.activation);
  const column = (value) => x + width * clamp01((value + CURVE_REACH) / (2 * CURVE_REACH));
  const pad = 7;
  const line = (value) => {
    const share = clamp01((value - fn.low) / (fn.high - fn.low));
    return y + height - pad - (height - 2 * pad) * share;
  };
  const points = Array.from({ length: 49 }, (_, index) => {
    const value = -CURVE_REACH + (index / 48) * 2 * CURVE_REACH;
    return `${column(value).toFixed(1)},${line(fn.apply(value)).toFixed(1)}`;
  });
  const axes = svgElement("path", {
    class: "cell-axes",
    d: `M${x},${line(0)}H${x + width} M${column(0)},${y}V${y + height}`,
  });
  const curve = svgElement("polyline", { class: "cell-curve", points: points.join(" ") });
  const dot = svgElement("circle", { class: "cell-curve-dot", r: 5 });
  const sign = svgElement("text", { x: x + 6, y: y + 17, class: "cell-sign" }, fn.sign);
  const frame = svgElement("rect", { x, y, width, height, rx: 6, class: "cell-box" });
  const group = svgElement("g", {}, frame, axes, curve, sign, dot);
  return {
    group,
    update(step, paint) {
      const [at, value] = [step.value(pre), step.value(name)];
      dot.style.display = Number.isNaN(at + value) ? "none" : "";
      dot.style.fill = paint.color(name);
      dot.style.transform = `translate(${column(at)}px, ${line(value)}px)`;
    },
  };
}

function clamp01(value) {
  return Math.min(Math.max(value, 0), 1);
}
