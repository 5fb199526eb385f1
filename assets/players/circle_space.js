// The space of the circle: a camera that goes around it, its points, x, y, z and the axes found.
import { categoryColor } from "./categories.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const CIRCLE_ARM = 1.35;
const CIRCLE_AWAY = 5.5;
const CIRCLE_STEEPEST = 1.5;
const CIRCLE_OPENING = { yaw: 0.55, pitch: 0.38 };
const CIRCLE_DOT = 3.2;

/** Where the camera stands; kept in `memory`, so that new points are seen from the same side. */
export function circleCamera(memory) {
  memory.camera ??= { ...CIRCLE_OPENING };
  return memory.camera;
}

export function turnCircleCamera(memory, right, down) {
  const camera = circleCamera(memory);
  camera.yaw -= right;
  camera.pitch = Math.min(Math.max(camera.pitch + down, -CIRCLE_STEEPEST), CIRCLE_STEEPEST);
}

export function paintCircleSpace({ sheet, ctx, camera, theme, step }) {
  const { context } = sheet;
  const project = circleProjection(camera, sheet);
  context.lineCap = "round";
  context.font = `600 14px ${theme.font}`;
  paintPlane(context, project, step, theme);
  ["x", "y", "z"].forEach((name, at) => {
    const end = [0, 0, 0];
    end[at] = CIRCLE_ARM;
    paintArm(context, project, { end, name, color: theme.muted, width: 1.5, from: -1 });
  });
  paintPoints(context, project, step.points, theme);
  for (let at = 0; at < 3; at += 1) {
    const end = [...step.axes.subarray(3 * at, 3 * at + 3)].map((part) => part * CIRCLE_ARM);
    const name = `PC${at + 1} · ${(100 * step.shares[3 + at]).toFixed(1)}%`;
    paintArm(context, project, { end, name, color: categoryColor(at, theme), width: 3.5, from: -1 });
  }
  paintDirection(sheet, ctx, theme, step);
}

/** -> (x, y, z) => {x, y, depth, near}: on the sheet, towards the reader, and magnified by. */
function circleProjection({ yaw, pitch }, { width, height }) {
  const scale = Math.min(width, height) / 2 / 1.55;
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return (x, y, z) => {
    const right = -sy * x + cy * y;
    const ahead = cy * x + sy * y;
    const depth = cp * ahead + sp * z;
    const near = CIRCLE_AWAY / (CIRCLE_AWAY - depth);
    const up = cp * z - sp * ahead;
    return { x: width / 2 + scale * near * right, y: height / 2 - scale * near * up, depth, near };
  };
}

/** The plane of the first two axes, which keeps most. */
function paintPlane(context, project, { axes }, theme) {
  const corner = (i, j) => project(...[0, 1, 2].map((at) => 1.25 * (i * axes[at] + j * axes[3 + at])));
  const corners = [corner(1, 1), corner(1, -1), corner(-1, -1), corner(-1, 1)];
  context.beginPath();
  for (const { x, y } of corners) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = context.strokeStyle = theme.primary;
  context.globalAlpha = 0.07;
  context.fill();
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

function paintPoints(context, project, points, theme) {
  const seen = [];
  for (let at = 0; at < points.length; at += 3) {
    seen.push(project(points[at], points[at + 1], points[at + 2]));
  }
  seen.sort((one, other) => one.depth - other.depth);
  context.fillStyle = theme.text;
  for (const { x, y, depth, near } of seen) {
    context.globalAlpha = Math.min(Math.max(0.55 + 0.3 * depth, 0.2), 0.9);
    context.beginPath();
    context.arc(x, y, CIRCLE_DOT * near, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** A line through the middle, with its name at its end. */
function paintArm(context, project, { end, name, color, width, from }) {
  const [x, y, z] = end;
  const start = project(from * x, from * y, from * z);
  const stop = project(x, y, z);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.lineTo(stop.x, stop.y);
  context.stroke();
  const middle = project(0, 0, 0);
  const room = context.measureText(name).width + 4;
  const wanted = stop.x < middle.x ? stop.x - room : stop.x + 4;
  context.textAlign = "left";
  context.textBaseline = stop.y < middle.y ? "bottom" : "top";
  context.fillText(name, Math.min(Math.max(wanted, 0), 2 * middle.x - room), stop.y);
}

/** The direction that says least, as numbers. */
function paintDirection(sheet, { text }, theme, { axes }) {
  const [x, y, z] = [...axes.subarray(6, 9)].map((part) => formatValue(part, 2));
  const { context } = sheet;
  context.fillStyle = theme.text;
  context.font = `14px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(fillText(text.circle_direction, { x, y, z }), 2, sheet.height - 4);
}
