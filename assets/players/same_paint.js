// Painting for same.js: letters with their joins, then for every network a table of shares.
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { tokenLabel } from "./recording.js";

const SAME_ARCS = 30;
const SAME_LETTERS = 30;
const SAME_TITLE = 24;
const SAME_GUESS = 28;
const SAME_WIDEST = 92;
const SAME_NAMES = 150;

/** Where everything stands: x of the first column, pitch, and a block for each network. */
export function sameLayout(context, picture, width, height) {
  const { steps, classes, nets, ctx } = picture;
  const left = Math.min(SAME_NAMES, width * 0.2);
  const pitch = Math.min((width - left - 14) / steps, SAME_WIDEST);
  const top = (ctx.options.joined ? SAME_ARCS : 6) + SAME_LETTERS;
  const each = (height - top) / nets.length;
  const guess = ctx.options.guesses === false ? 0 : SAME_GUESS;
  const blocks = nets.map((_, at) => {
    const y = top + at * each + SAME_TITLE;
    const rows = Math.max(each - SAME_TITLE - guess - 8, 10);
    return { y, guess: y + rows + guess / 2 + 2, rows, row: rows / classes };
  });
  const wide = pitch * steps;
  return { x: left, pitch, top, blocks, wide, letters: top - SAME_LETTERS / 2, width, height };
}

export function paintSame(context, picture, theme) {
  const { nets, cursor } = picture;
  const time = Math.min(cursor.time, picture.steps - 1);
  const equals = picture.equals(time);
  context.font = `14px ${theme.font}`;
  context.textBaseline = "middle";
  paintSameColumns(context, picture, equals, time, theme);
  paintSameLetters(context, picture, equals, time, theme);
  nets.forEach((net, at) => paintSameNet(context, picture, net, at, time, theme));
}

/** Behind everything: a band over every step that reads the same, the cursor's outlined. */
function paintSameColumns(context, picture, equals, time, theme) {
  const { x, pitch, top, height } = picture.layout;
  for (const at of equals) {
    context.globalAlpha = at === time ? 0.22 : 0.12;
    context.fillStyle = theme.primary;
    context.fillRect(x + at * pitch, top - SAME_LETTERS, pitch, height - top + SAME_LETTERS);
  }
  context.globalAlpha = 1;
}

function paintSameLetters(context, picture, equals, time, theme) {
  const { x, pitch, letters } = picture.layout;
  const { recording, options } = picture.ctx;
  const middle = (at) => x + (at + 0.5) * pitch;
  context.textAlign = "center";
  for (let at = 0; at < picture.steps; at += 1) {
    const chosen = options.joined && equals.includes(at);
    const size = Math.max(12, Math.min(24, pitch * 0.75));
    context.font = `${chosen || at === time ? "700" : "400"} ${size}px ${theme.font}`;
    context.fillStyle = chosen || at === time ? theme.primary : theme.text;
    if (pitch >= 9) context.fillText(recording.token(at), middle(at), letters);
  }
  if (!options.joined) return;
  context.strokeStyle = theme.primary;
  context.lineWidth = 2;
  for (let place = 1; place < equals.length; place += 1) {
    const [from, to] = [middle(equals[place - 1]), middle(equals[place])];
    const rise = Math.min(SAME_ARCS - 6, 8 + (to - from) * 0.12);
    const base = letters - 14;
    context.beginPath();
    context.moveTo(from, base);
    context.bezierCurveTo(from, base - rise, to, base - rise, to, base);
    context.stroke();
  }
}

function paintSameNet(context, picture, net, number, time, theme) {
  const { x, pitch, blocks, wide } = picture.layout;
  const { options } = picture.ctx;
  const { y, rows, row } = blocks[number];
  const colors = paletteOf("gate", theme);
  context.textAlign = "left";
  context.font = `600 14px ${theme.font}`;
  context.fillStyle = theme.text;
  context.fillText(net.label, 4, y - SAME_TITLE / 2);
  context.font = `14px ${theme.font}`;
  context.fillText(net.note ?? "", x, y - SAME_TITLE / 2);
  for (let at = 0; at < picture.steps; at += 1) {
    for (let one = 0; one < picture.classes; one += 1) {
      const index = paletteIndex(picture.share(net, at, one));
      context.fillStyle = index < 0 ? theme.faint : paletteCss(colors, index);
      const inset = pitch > 20 ? 3 : 0.5;
      context.fillRect(x + at * pitch + inset, y + one * row, pitch - 2 * inset, Math.max(row - (row > 6 ? 1 : 0), 0.5));
    }
  }
  paintSameClasses(context, picture, blocks[number], theme);
  context.strokeStyle = theme.primary;
  context.lineWidth = 2.5;
  context.strokeRect(x + time * pitch + 1, y - 1, pitch - 2, rows + 2);
  if (options.guesses !== false) paintSameGuesses(context, picture, net, blocks[number].guess, theme);
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(x, y - 0.5, wide, rows + 1);
}

/** Names of the classes beside the rows, or of every other, where there is room. */
function paintSameClasses(context, { layout, ctx, classes }, { y, row }, theme) {
  const every = row < 11 ? 2 : 1;
  if (row * every < (every === 1 ? 11 : 13)) return;
  context.textAlign = "right";
  context.font = `${Math.min(14, Math.max(12, row * every - 1))}px ${theme.font}`;
  context.fillStyle = theme.muted;
  for (let one = 0; one < classes; one += every) {
    context.fillText(tokenLabel(ctx.options.classes[one]), layout.x - 8, y + (one + 0.5) * row);
  }
}

/** The first guess at each step; what is wrong is struck through. */
function paintSameGuesses(context, picture, net, y, theme) {
  const { x, pitch } = picture.layout;
  const { options, text } = picture.ctx;
  context.textAlign = "right";
  context.font = `13px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.fillText(text.same_guess, x - 8, y);
  if (pitch < 9) return;
  context.textAlign = "center";
  context.font = `600 ${Math.max(12, Math.min(19, pitch * 0.7))}px ${theme.font}`;
  for (let at = 0; at < picture.steps; at += 1) {
    const best = picture.ranked(net, at)[0];
    const truth = options.right?.[at] ?? -1;
    const name = tokenLabel(options.classes[best]);
    const middle = x + (at + 0.5) * pitch;
    context.fillStyle = truth >= 0 && truth !== best ? theme.muted : theme.text;
    context.fillText(name, middle, y);
    if (truth < 0 || truth === best) continue;
    const half = context.measureText(name).width / 2 + 3;
    context.strokeStyle = theme.primary;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(middle - half, y + 6);
    context.lineTo(middle + half, y - 6);
    context.stroke();
  }
}
