// The wires of the cell picture: a casing that is always visible and a core with the colour of
// the chosen unit's value on it.
import { svgElement } from "./dom.js";

const WIRE_RADIUS = 9;
const WIRE_ARROW = 9;

/** A wire {id, points, name, stage, eq, arrow, over, dots, look} -> {id, group, path, update}.
 * `over` bridges what it crosses; `dots` are the points where it is joined to another wire;
 * look is "value" (default), "control" or "feedback". */
export function drawWire(wire) {
  const { points, arrow, over, look = "value", dots = [] } = wire;
  const path = roundedPath(arrow ? shortened(points) : points);
  const core = svgElement("path", { class: "cell-core", d: path });
  const group = svgElement("g", { class: `cell-wire cell-wire-${look}` });
  if (over) group.append(svgElement("path", { class: "cell-bridge", d: path }));
  group.append(svgElement("path", { class: "cell-casing", d: path }), core);
  if (arrow) group.append(arrowHead(points));
  for (const [cx, cy] of dots)
    group.append(svgElement("circle", { class: "cell-dot", cx, cy, r: 4 }));
  group.append(svgElement("path", { class: "cell-reach", d: path }));
  return {
    group,
    path,
    update: (step, paint) => (core.style.stroke = wire.name ? paint.color(wire.name) : ""),
  };
}

/** A polyline of horizontal and vertical pieces with round corners. */
export function roundedPath(points, radius = WIRE_RADIUS) {
  const parts = [`M${points[0]}`];
  for (let index = 1; index < points.length - 1; index += 1) {
    const corner = points[index];
    const before = towards(corner, points[index - 1], radius);
    const after = towards(corner, points[index + 1], radius);
    parts.push(`L${before}`, `Q${corner} ${after}`);
  }
  parts.push(`L${points.at(-1)}`);
  return parts.join(" ");
}

// The point at most `distance` from `from` on the way to `to`, half-way when they are close.
function towards(from, to, distance) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const share = length === 0 ? 0 : Math.min(distance / length, 0.5);
  return [round1(from[0] + dx * share), round1(from[1] + dy * share)];
}

function shortened(points) {
  const [before, end] = points.slice(-2);
  return [...points.slice(0, -1), towards(end, before, WIRE_ARROW - 2)];
}

function arrowHead(points) {
  const [before, end] = points.slice(-2);
  const angle = (Math.atan2(end[1] - before[1], end[0] - before[0]) * 180) / Math.PI;
  const half = WIRE_ARROW * 0.6;
  return svgElement("path", {
    class: "cell-arrow",
    d: `M0,0 L${-WIRE_ARROW},${half} L${-WIRE_ARROW},${-half} Z`,
    transform: `translate(${end}) rotate(${angle})`,
  });
}

function round1(value) {
  return Math.round(value * 10) / 10;
}
