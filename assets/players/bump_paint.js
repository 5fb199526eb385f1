// Painting ranks over frames: one line a word, a dot where it enters, a bar where it leaves.
import { categoryColor } from "./categories.js";
import { shortLabel } from "./cloud_words.js";

export const BUMP_MARGIN = { left: 34, top: 10, bottom: 26, right: 148 };
const BUMP_TICK_ROOM = 64;

/** Colour of a word, the same in all frames. */
export function bumpInk({ color }, theme) {
  return categoryColor(color, theme);
}

/** The plot: x(frame), y(rank), pitch, down and its edges in pixels of the sheet. */
export function bumpPlot(sheet, model) {
  const { left, top, bottom, right } = BUMP_MARGIN;
  const side = Math.min(right, sheet.width * 0.34);
  const plot = { left, right: sheet.width - side, top, bottom: sheet.height - bottom, side };
  plot.pitch = (plot.right - plot.left) / model.frames;
  plot.down = (plot.bottom - plot.top) / model.ranks;
  plot.x = (frame) => plot.left + (frame + 0.5) * plot.pitch;
  plot.y = (rank) => plot.top + (rank + 0.5) * plot.down;
  return plot;
}

/** What stands still: ranks, frames and all lines, those not listed at the cursor pale. */
export function paintBumpLines(scene) {
  const { model, cursor } = scene;
  paintBumpGrid(scene);
  const listed = ([word]) => model.rank(word, cursor.time) >= 0 || word === scene.hover;
  const entries = [...model.words].sort((a, b) => listed(a) - listed(b));
  for (const entry of entries) paintBumpWord(scene, entry, listed(entry));
}

function paintBumpGrid({ context, model, plot, theme, recording, cursor }) {
  context.font = `13px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let rank = 0; rank < model.ranks; rank += 1) {
    const y = Math.round(plot.y(rank)) + 0.5;
    context.beginPath();
    context.moveTo(plot.left, y);
    context.lineTo(plot.right, y);
    context.stroke();
    context.fillText(String(rank + 1), plot.left - 8, y);
  }
  context.textAlign = "center";
  const every = Math.max(1, Math.ceil(BUMP_TICK_ROOM / plot.pitch));
  for (let frame = 0; frame < model.frames; frame += every) {
    if (Math.abs(frame - cursor.time) * plot.pitch < BUMP_TICK_ROOM) continue;
    context.fillText(shortLabel(recording.token(frame), 9), plot.x(frame), plot.bottom + 14);
  }
}

function paintBumpWord({ context, plot, theme, hover }, [word, entry], isListed) {
  const isHover = word === hover;
  context.strokeStyle = context.fillStyle = isListed ? bumpInk(entry, theme) : theme.muted;
  context.globalAlpha = isListed ? 1 : 0.3;
  context.lineWidth = isHover ? 5 : isListed ? 3 : 1.6;
  context.lineJoin = context.lineCap = "round";
  for (const [first, last] of entry.runs) {
    paintRun(context, plot, entry.ranks, first, last);
    if (first > 0) bumpDot(context, plot.x(first), plot.y(entry.ranks[first]), isListed ? 5 : 3);
    if (last < entry.ranks.length - 1) {
      const [x, y] = [plot.x(last), plot.y(entry.ranks[last])];
      context.beginPath();
      context.moveTo(x, y - 5);
      context.lineTo(x, y + 5);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

// Flat at the frames and steep between them, so that a rank can be read off.
function paintRun(context, plot, ranks, first, last) {
  context.beginPath();
  context.moveTo(plot.x(first), plot.y(ranks[first]));
  for (let frame = first + 1; frame <= last; frame += 1) {
    const [x, y, before] = [plot.x(frame), plot.y(ranks[frame]), plot.y(ranks[frame - 1])];
    const middle = x - plot.pitch / 2;
    context.bezierCurveTo(middle, before, middle, y, x, y);
  }
  context.stroke();
}

export function bumpDot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
