// What goes in and what comes out: tokens below the graph, predictions above it.
import { formatPercent } from "./log_axis.js";
import { tokenLabel } from "./recording.js";
import { stepLabel } from "./words.js";

const TOKENS_LEAST_GAP = 4;
const TOKENS_NUMBER_ROOM = 34;

/** Tokens, as many as fit without touching, and the step numbers below them. */
export function paintTokens(scene) {
  const [first, last] = scene.view.range;
  const boxed = scene.layout.level !== "far";
  const spread = !boxed && tokensFit(scene, first, last);
  for (let time = first; time <= last; time += 1) {
    if (boxed) paintBoxedToken(scene, time);
    else if (spread || time === scene.cursor.time) paintPlainToken(scene, time, spread);
  }
  paintNumbers(scene, first, last);
}

function paintBoxedToken(scene, time) {
  const { context, layout, view, theme, inks, cursor, model, sheet } = scene;
  const current = time === cursor.time;
  const width = Math.min(view.pitch * 0.86, 130);
  const left = view.x(time) - width / 2;
  const { top, height } = layout.tokens;
  context.beginPath();
  context.roundRect(left, top, width, height, 5);
  context.fillStyle = theme.secondary;
  context.fill();
  const unknown = model.unknown.has(time);
  context.strokeStyle = current ? theme.primary : unknown ? inks.wrong : theme.border;
  context.lineWidth = current ? 2.5 : 1.2;
  context.setLineDash(unknown ? [4, 3] : []);
  context.stroke();
  context.setLineDash([]);
  writeToken(scene, sheet, time, width - 4, current);
}

function writeToken(scene, sheet, time, room, current) {
  const { context, inks, theme, layout, view, model } = scene;
  context.font = inks.font(16, current ? 700 : 500);
  context.fillStyle = model.unknown.has(time) ? inks.wrong : theme.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const label = tokenLabel(model.recording.spec.tokens[time]);
  const middle = layout.tokens.top + layout.tokens.height / 2 + 1;
  context.fillText(sheet.fit(label, room), view.x(time), middle);
}

function paintPlainToken(scene, time, spread) {
  const { context, theme, layout, view, cursor, sheet, inks } = scene;
  const current = time === cursor.time;
  if (current) {
    context.font = inks.font(16, 700);
    const label = tokenLabel(scene.model.recording.spec.tokens[time]);
    const width = Math.max(sheet.widthOf(label) + 8, view.pitch);
    context.clearRect(view.x(time) - width / 2, layout.tokens.top, width, layout.tokens.height);
    context.fillStyle = theme.faint;
    context.fillRect(view.x(time) - width / 2, layout.tokens.top, width, layout.tokens.height);
  }
  writeToken(scene, sheet, time, spread && !current ? view.pitch : 160, current);
}

function tokensFit({ sheet, context, inks, view, model }, first, last) {
  context.font = inks.font(16, 500);
  for (let time = first; time <= last; time += 1) {
    const label = tokenLabel(model.recording.spec.tokens[time]);
    if (sheet.widthOf(label) > view.pitch - 1) return false;
  }
  return true;
}

// Every so many steps, never touching, and the cursor's own in any case.
function paintNumbers(scene, first, last) {
  const { context, view, theme, inks, cursor, sheet } = scene;
  context.font = inks.font(12, 400);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const every = numberStep(view.pitch);
  const mine = view.x(cursor.time);
  const reach = sheet.widthOf(stepLabel(cursor.time)) * 1.1 + TOKENS_LEAST_GAP;
  context.fillStyle = theme.muted;
  for (let time = first; time <= last; time += 1) {
    if ((time + 1) % every !== 0) continue;
    if (every === 1 ? time === cursor.time : Math.abs(view.x(time) - mine) < reach) continue;
    paintNumber(scene, time);
  }
  context.font = inks.font(12, 700);
  context.fillStyle = theme.text;
  paintNumber(scene, cursor.time);
}

// At the ends of the sequence the number moves inside; of a half-hidden column it is left out.
function paintNumber({ context, layout, view, sheet, model }, time) {
  const { left, right } = layout.plot;
  const label = stepLabel(time);
  const half = sheet.widthOf(label) / 2;
  const x = view.x(time);
  const inside = Math.min(Math.max(x, left + half), right - half);
  const isEnd = time === 0 || time === model.steps - 1;
  if (Math.abs(x - inside) > (isEnd ? half + 2 : 2)) return;
  context.fillText(label, inside, layout.numbers.y);
}

function numberStep(pitch) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => step * pitch >= TOKENS_NUMBER_ROOM) ?? 1000;
}

/** The guesses over each column, and whether the likeliest was right. */
export function paintGuesses(scene) {
  const [first, last] = scene.view.range;
  for (let time = first; time <= last; time += 1) paintColumnGuesses(scene, time);
}

function paintColumnGuesses(scene, time) {
  const { context, layout, view, theme, cursor, model } = scene;
  const { top, rowHeight, guesses } = layout.predictions;
  const width = Math.min(view.pitch * 0.86, 130);
  const left = view.x(time) - width / 2;
  const reached = scene.backward || time <= cursor.time;
  if (!reached) {
    context.strokeStyle = theme.border;
    context.setLineDash([3, 3]);
    context.lineWidth = 1;
    context.strokeRect(left, top + rowHeight + 2, width, rowHeight * guesses - 2);
    context.setLineDash([]);
    return;
  }
  context.globalAlpha = time === cursor.time && !scene.backward ? scene.progress : 1;
  const found = model.guesses(time, guesses);
  paintTruth(scene, time, found[0], left, width);
  found.forEach((guess, rank) =>
    paintGuess(scene, guess, left, top + rowHeight * (rank + 1) + 2, width));
  context.globalAlpha = 1;
}

// "✓ a": the token that really came next, and whether the likeliest guess named it.
function paintTruth(scene, time, guess, left, width) {
  const { context, layout, inks, model, sheet } = scene;
  const truth = model.truth(time);
  if (truth === null || !guess) return;
  context.fillStyle = guess.right ? inks.right : inks.wrong;
  context.font = inks.font(14, 700);
  context.textAlign = "center";
  context.textBaseline = "middle";
  const label = sheet.fit(`${guess.right ? "✓" : "✗"} ${tokenLabel(truth)}`, width);
  const middle = layout.predictions.top + layout.predictions.rowHeight / 2;
  context.fillText(label || (guess.right ? "✓" : "✗"), left + width / 2, middle + 1);
}

function paintGuess(scene, { label, probability, right }, left, top, width) {
  const { context, theme, inks, sheet, layout } = scene;
  const height = layout.predictions.rowHeight - 2;
  context.fillStyle = theme.secondary;
  context.fillRect(left, top, width, height);
  context.globalAlpha *= 0.34;
  context.fillStyle = right === false ? theme.muted : inks.right;
  context.fillRect(left, top, width * probability, height);
  context.globalAlpha /= 0.34;
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  const middle = top + height / 2 + 1;
  const percent = formatPercent(probability);
  context.font = inks.font(13);
  const used = sheet.widthOf(percent);
  context.font = inks.font(14, right ? 700 : 500);
  const labelled = sheet.widthOf(label);
  const both = labelled + used + 12 <= width;
  context.textAlign = both ? "left" : "center";
  const shown = sheet.fit(label, both ? width - used - 12 : width - 4);
  context.fillText(shown, both ? left + 4 : left + width / 2, middle);
  if (!both) return;
  context.font = inks.font(13);
  context.textAlign = "right";
  context.fillText(percent, left + width - 4, middle);
}
