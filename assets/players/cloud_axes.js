// Where one is: in space three axes through the middle, in the plane ticks along two edges.
import { formatTick } from "./words.js";

const AXES_LENGTH = 1.08;
const AXES_TICK_ROOM = 90;

/** Space: lines through the middle of the cloud, named at their ends where they have names. */
export function paintSpaceAxes({ context, view, model, theme, zoom }) {
  if (view.perspective < 0.02) return;
  const names = model.options.axes ?? [];
  context.globalAlpha = view.perspective;
  context.lineWidth = 1;
  context.strokeStyle = theme.faint;
  context.fillStyle = theme.muted;
  context.font = `600 ${13 * zoom}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const axis of [0, 1, 2]) {
    const ends = [-AXES_LENGTH, AXES_LENGTH].map((length) => {
      const place = [0, 0, 0];
      place[axis] = length;
      return view.project(...place);
    });
    if (ends.some(([x]) => Number.isNaN(x))) continue;
    context.beginPath();
    context.moveTo(ends[0][0], ends[0][1]);
    context.lineTo(ends[1][0], ends[1][1]);
    context.stroke();
    if (names[axis]) paintAxisName(context, view, names[axis], ends[1], zoom);
  }
  context.globalAlpha = 1;
}

// Also where the axis ends outside the window.
function paintAxisName(context, view, name, [x, y], zoom) {
  const half = context.measureText(name).width / 2 + 4;
  const inside = (place, room, size) => Math.min(Math.max(place, room), size - room);
  context.fillText(name, inside(x, half, view.width), inside(y - 9 * zoom, 10 * zoom, view.height));
}

/** Plane: numbers at the lower and the left edge, and lines at 0; only where axes have names. */
export function paintPlaneAxes(scene) {
  const { context, view, model, theme, zoom } = scene;
  const names = model.options.axes;
  if (view.perspective > 0.5 || !names) return;
  context.font = `${12 * zoom}px ${theme.font}`;
  context.lineWidth = 1;
  for (const axis of [0, 1]) paintTicks(scene, axis);
  context.fillStyle = theme.text;
  context.font = `600 ${14 * zoom}px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "alphabetic";
  context.fillText(names[0] ?? "", view.width - 8, view.height - 24 * zoom);
  context.save();
  context.translate(44 * zoom, 10);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(names[1] ?? "", 0, 0);
  context.restore();
}

function paintTicks({ context, view, model, theme, zoom }, axis) {
  const { center, radius } = model.bounds;
  const pixels = 1 / (view.unitsAPixel * radius);
  const size = axis === 0 ? view.width : view.height;
  const middle = view.project(0, 0, 0)[axis];
  const at = (value) => middle + (value - center[axis]) * pixels * (axis === 0 ? 1 : -1);
  const ends = [0, size].map((pixel) => center[axis] + ((pixel - middle) / pixels) * (axis === 0 ? 1 : -1));
  const step = planeTickStep((AXES_TICK_ROOM * zoom) / pixels);
  const first = Math.ceil(Math.min(...ends) / step);
  const last = Math.floor(Math.max(...ends) / step);
  for (let count = first; count <= last; count += 1) {
    const pixel = at(count * step);
    context.strokeStyle = count === 0 ? theme.border : theme.faint;
    context.beginPath();
    context.moveTo(...(axis === 0 ? [pixel, 0] : [0, pixel]));
    context.lineTo(...(axis === 0 ? [pixel, view.height] : [view.width, pixel]));
    context.stroke();
    context.fillStyle = theme.muted;
    context.textAlign = axis === 0 ? "center" : "left";
    context.textBaseline = axis === 0 ? "bottom" : "middle";
    context.fillText(formatTick(count * step), ...(axis === 0 ? [pixel, view.height - 4] : [4, pixel]));
  }
}

function planeTickStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least);
}
