// What follows the cursor in the panels of gradient sizes.
import { NORMS_READOUT_LINE, panelScale } from "./norms_layout.js";
import { findCrossings } from "./norms_model.js";
import { curveDash, curveInk, fillDot, haloText, insidePanel, strokeLine } from "./norms_paint.js";
import { stepLabel } from "./words.js";

const NORMS_NUMBER_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
const NORMS_NUMBER_ROOM = 34;
const NORMS_NAMED_PANEL = 262;

/** The steps where the chosen curve falls below 1% and 0.01%, as far as they are reached. */
export function paintCrossings(scene, panel, series) {
  const { context, model, theme, font, layer, cursor, backward } = scene;
  const [curve] = model.chosen(series, layer);
  const scale = panelScale(panel, model);
  context.font = font(13, 600);
  context.textBaseline = "middle";
  let above = -Infinity;
  for (const { time, back } of findCrossings(curve)) {
    if (backward && time < cursor.time) continue;
    const [x, y] = [scale.x(time), scale.y(curve.values[time])];
    fillDot(context, x, y, 6, theme.background);
    fillDot(context, x, y, 4.5, theme.text);
    // One step may fall below both shares; then its name is written once.
    if (y - above > 1) nameCrossing(scene, panel, model.stepsBack(back), x, y, y - above > 20);
    above = y;
  }
}

// Left above the curve, which falls to the left, or else right below it: both are empty there.
function nameCrossing({ context, theme, sheet }, panel, label, x, y, isFree) {
  const wide = sheet.widthOf(label);
  const before = x - 8 - wide;
  const fitsAfter = x + 9 + wide <= panel.right;
  const above = isFree && (before > panel.left + 48 || (!fitsAfter && before > panel.left));
  const left = above ? before : Math.min(x + 9, panel.right - wide);
  context.textAlign = "left";
  haloText(context, label, left, above ? y - 12 : y + 11, theme.text, theme.background);
}

/** The vertical line, a dot on every curve, the step and token below, the numbers at the foot. */
export function paintNormsCursor(scene, panel, series) {
  const { context, model, theme, cursor } = scene;
  const scale = panelScale(panel, model);
  const x = scale.x(cursor.time);
  const foot = model.hasFloor ? panel.floor : panel.bottom;
  strokeLine(context, [x, panel.top - 2], [x, foot + 4], theme.primary, 2);
  for (const curve of series.curves) {
    const value = curve.values[cursor.time];
    if (model.stateOf(value) !== "value") continue;
    fillDot(context, x, scale.y(value), 5.5, theme.background);
    fillDot(context, x, scale.y(value), 4, curveInk(curve, model.layers, theme));
  }
  paintHere(scene, panel, x);
  paintReadout(scene, panel, series);
}

// Every so many step numbers, never touching that of the cursor, which is there in any case.
export function paintNormsSteps(scene, panel) {
  const { context, model, theme, cursor, font, sheet, showsTokens } = scene;
  const scale = panelScale(panel, model);
  const every = NORMS_NUMBER_STEPS.find((step) => step * scale.pitch >= NORMS_NUMBER_ROOM);
  context.font = font(12);
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let time = every - 1; time < model.steps; time += every) {
    const close = Math.abs(scale.x(time) - scale.x(cursor.time)) < NORMS_NUMBER_ROOM * 0.7;
    if (time === cursor.time || (close && every > 1)) continue;
    const x = insidePanel(scale.x(time), sheet.widthOf(stepLabel(time)) / 2, panel);
    context.fillText(stepLabel(time), x, panel.numbersY);
  }
  if (showsTokens) paintTokenRow(scene, panel, scale);
}

function paintTokenRow({ context, model, theme, cursor, font }, panel, scale) {
  context.font = font(14);
  context.fillStyle = theme.text;
  for (let time = 0; time < model.steps; time += 1) {
    if (time === cursor.time) continue;
    context.fillText(model.recording.token(time), scale.x(time), panel.tokensY);
  }
}

// The cursor's own step and token, which always have room.
function paintHere(scene, panel, x) {
  const { context, model, theme, cursor, font, sheet } = scene;
  context.fillStyle = theme.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const write = (text, size, y) => {
    context.font = font(size, 700);
    const shown = sheet.fit(text, panel.width);
    context.fillText(shown, insidePanel(x, sheet.widthOf(shown) / 2, panel), y);
  };
  write(stepLabel(cursor.time), 13, panel.numbersY);
  write(model.recording.token(cursor.time), 15, panel.tokensY);
}

// "— ‖∂L/∂h₃‖ = 2.1e-4 (0.42%)", one line a signal; narrow panels leave out what the stroke says.
function paintReadout(scene, panel, series) {
  const { context, model, theme, cursor, font, sheet, layer } = scene;
  context.textAlign = "left";
  context.textBaseline = "middle";
  model.chosen(series, layer).forEach((curve, at) => {
    const y = panel.readoutY + at * NORMS_READOUT_LINE;
    const ink = curveInk(curve, model.layers, theme);
    strokeLine(context, [panel.left, y], [panel.left + 18, y], ink, 2.6, curveDash(curve.signal));
    context.font = font(13, 600);
    context.fillStyle = theme.text;
    const numbers = model.numbers(curve, cursor.time);
    const name = `${model.symbol(curve.signal, cursor.time)} = `;
    const named = panel.width >= NORMS_NAMED_PANEL;
    const fits = sheet.widthOf(numbers) <= panel.width - 24;
    const short = fits ? numbers : numbers.replace(/ \(.*$/, "");
    context.fillText(named ? name + numbers : short, panel.left + 24, y);
  });
}
