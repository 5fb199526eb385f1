// Beside the circle's space: the share of the variance along every axis, and the two coordinates
// that PCA keeps.
import { categoryColor } from "./categories.js";

const CIRCLE_BARS = ["x", "y", "z", "PC1", "PC2", "PC3"];

export function paintCircleShares({ sheet, theme, step }) {
  const { context, width, height } = sheet;
  const bottom = height - 24;
  const pitch = width / (CIRCLE_BARS.length + 0.6);
  const top = Math.max(...step.shares, 0.4);
  context.textAlign = "center";
  CIRCLE_BARS.forEach((name, at) => {
    // A gap between what was measured and what was found.
    const x = pitch * (at + (at > 2 ? 1.1 : 0.5));
    const share = step.shares[at];
    const high = Math.max((share / top) * (bottom - 24), 1);
    context.fillStyle = at < 3 ? theme.muted : categoryColor(at - 3, theme);
    context.fillRect(x - pitch * 0.36, bottom - high, pitch * 0.72, high);
    context.fillStyle = theme.text;
    context.font = `14px ${theme.font}`;
    context.textBaseline = "bottom";
    context.fillText(`${(100 * share).toFixed(1)}%`, x, bottom - high - 3);
    context.font = `600 14px ${theme.font}`;
    context.textBaseline = "top";
    context.fillText(name, x, bottom + 5);
  });
}

export function paintCircleFlat({ sheet, ctx, theme, step }) {
  const { context, width, height } = sheet;
  const { data } = ctx.recording.array("circle.flat");
  const reach = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const middle = { x: width / 2, y: (height - 22) / 2 };
  const scale = (Math.min(width, height - 22) / 2 - 6) / reach;
  paintAxis(context, middle, [scale * reach, 0], theme, 0);
  paintAxis(context, middle, [0, scale * reach], theme, 1);
  context.fillStyle = theme.text;
  context.globalAlpha = 0.75;
  for (let at = 0; at < data.length; at += 2) {
    context.beginPath();
    context.arc(middle.x + scale * data[at], middle.y - scale * data[at + 1], 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  paintAxisNames(sheet, theme, step);
}

function paintAxis(context, { x, y }, [right, down], theme, number) {
  context.strokeStyle = categoryColor(number, theme);
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - right, y - down);
  context.lineTo(x + right, y + down);
  context.stroke();
}

function paintAxisNames({ context, width, height }, theme, { shares }) {
  context.font = `600 14px ${theme.font}`;
  context.textBaseline = "bottom";
  [0, 1].forEach((at) => {
    context.fillStyle = categoryColor(at, theme);
    context.textAlign = at === 0 ? "right" : "left";
    const sign = at === 0 ? "↔" : "↕";
    context.fillText(`${sign} PC${at + 1} · ${(100 * shares[3 + at]).toFixed(1)}%`, at === 0 ? width - 4 : 4, height - 2);
  });
}
