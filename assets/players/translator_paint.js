// Painting encoder, decoder lanes, what is fed back, and the lines of attention.
import { categoryColor } from "./categories.js";
import { tokenLabel } from "./recording.js";

const TRANSLATOR_FAINT = 0.22;
const TRANSLATOR_LEAST_WEIGHT = 0.02;

/** scene = {sheet, model, lane, layout, theme, text, time}. */
export function paintTranslator(scene) {
  const { sheet, model, layout } = scene;
  sheet.clear();
  scene.context = sheet.context;
  scene.colors = translatorColors(scene.theme);
  if (layout.encoder) {
    paintTranslatorEncoder(scene);
    layout.lanes.forEach((_, lane) => paintTranslatorHandOver(scene, lane));
    paintTranslatorAttention(scene);
  }
  model.lanes.forEach((_, lane) => paintTranslatorLane(scene, lane));
  paintTranslatorLegend(scene);
}

function translatorColors(theme) {
  return {
    true: categoryColor(0, theme),
    own: theme.muted,
    wrong: categoryColor(1, theme),
    right: categoryColor(2, theme),
    look: categoryColor(3, theme),
    start: theme.muted,
  };
}

function paintTranslatorEncoder(scene) {
  const { context, model, layout, theme, text, time } = scene;
  const { encoder } = layout;
  translatorLabel(scene, 8, encoder.rows[0] + 14, [text.translator_encoder], true);
  encoder.rows.forEach((y, direction) => {
    const middle = y + encoder.height / 2;
    for (let step = 0; step < model.turn; step += 1) {
      context.globalAlpha = step <= time ? 1 : TRANSLATOR_FAINT;
      translatorState(scene, "source", direction * model.turn + step, encoder.x(step), y, encoder);
      if (step + 1 < model.turn) {
        const ends = [encoder.x(step) + encoder.box / 2, encoder.x(step + 1) - encoder.box / 2];
        context.globalAlpha = step < time ? 1 : TRANSLATOR_FAINT;
        translatorArrow(scene, ...(direction ? ends.reverse() : ends).map((x) => [x, middle]), theme.muted);
      }
    }
  });
  for (let step = 0; step < model.turn; step += 1) {
    context.globalAlpha = step <= time ? 1 : 0.45;
    context.font = `${step === time ? 700 : 400} ${encoder.font}px ${theme.font}`;
    context.fillStyle = model.unknown.has(step) ? scene.colors.wrong : theme.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const room = Math.max(encoder.pitch - 1, 10);
    context.fillText(scene.sheet.fit(model.source[step], room), encoder.x(step), encoder.tokenY);
    if (step === time) translatorRing(scene, encoder.x(step), encoder.rows[0] - 3, encoder.box, encoder.bottom - encoder.rows[0] + 6);
  }
  context.globalAlpha = 1;
}

/** The last state goes over into the first of the decoder; in both directions, both last ones. */
function paintTranslatorHandOver(scene, lane) {
  const { context, model, layout, theme, time } = scene;
  const { encoder, lanes } = layout;
  const place = lanes[lane];
  const to = [place.x(0) - place.box / 2, place.y + place.height / 2];
  const from = encoder.x(model.turn - 1);
  const turn = Math.min(from, to[0] - 14);
  context.globalAlpha = time >= model.turn - 1 ? 1 : TRANSLATOR_FAINT;
  context.strokeStyle = context.fillStyle = theme.text;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(from, encoder.bottom);
  context.lineTo(from, encoder.bottom + 9);
  context.lineTo(turn, encoder.bottom + 9);
  if (encoder.rows.length > 1) {
    context.moveTo(encoder.x(0), encoder.bottom);
    context.lineTo(encoder.x(0), encoder.bottom + 9);
    context.lineTo(turn, encoder.bottom + 9);
  }
  context.moveTo(turn, encoder.bottom + 9);
  context.lineTo(turn, to[1]);
  context.stroke();
  translatorArrow(scene, [turn, to[1]], to, theme.text, 2);
  context.globalAlpha = 1;
}

function paintTranslatorAttention(scene) {
  const { context, model, layout, lane, time, colors } = scene;
  const weights = model.weights(lane, time - model.turn);
  if (!weights) return;
  const { encoder, lanes } = layout;
  const place = lanes[lane];
  const x = place.x(time - model.turn);
  context.strokeStyle = context.fillStyle = colors.look;
  weights.forEach((weight, step) => {
    if (weight < TRANSLATOR_LEAST_WEIGHT) return;
    context.globalAlpha = 0.25 + 0.75 * weight;
    context.lineWidth = 1 + 6 * weight;
    context.beginPath();
    context.moveTo(encoder.x(step), encoder.bottom + 1);
    context.bezierCurveTo(encoder.x(step), encoder.bottom + 40, x, place.fedY - 50, x + place.box / 2 - 3, place.y);
    context.stroke();
  });
  context.globalAlpha = 1;
}

function paintTranslatorLane(scene, lane) {
  const { context, model, layout, theme, time } = scene;
  const place = layout.lanes[lane];
  const { fed, given, said, right, chance, lines, label: title } = model.lanes[lane];
  const chosen = lane === scene.lane;
  translatorLabel(scene, 8, place.top + 12, [title, ...lines], chosen);
  said.forEach((token, step) => {
    const x = place.x(step);
    const now = model.turn + step;
    const seen = now <= time;
    context.globalAlpha = seen ? 1 : TRANSLATOR_FAINT;
    if (step && given[step] !== "true") paintTranslatorFeedback(scene, place, step, given[step]);
    translatorChip(scene, x, place.fedY, tokenLabel(fed[step]), scene.colors[given[step]], given[step] === "true");
    translatorArrow(scene, [x, place.fedY + place.chip / 2], [x, place.y], theme.muted);
    translatorState(scene, `lane${lane}`, step, x, place.y, place);
    if (step) {
      const middle = place.y + place.height / 2;
      translatorArrow(scene, [place.x(step - 1) + place.box / 2, middle], [x - place.box / 2, middle], theme.muted);
    }
    translatorArrow(scene, [x, place.y + place.height], [x, place.saidY - place.chip / 2], theme.muted);
    const color = right[step] === false ? scene.colors.wrong : right[step] ? scene.colors.right : theme.text;
    translatorChip(scene, x, place.saidY, tokenLabel(token), color, false, right[step] === false);
    context.fillStyle = theme.faint;
    const wide = place.box;
    context.fillRect(x - wide / 2, place.saidY + place.chip / 2 + 3, wide, 4);
    context.fillStyle = color;
    context.fillRect(x - wide / 2, place.saidY + place.chip / 2 + 3, wide * chance[step], 4);
    if (now === time) translatorRing(scene, x, place.fedY - place.chip / 2 - 3, Math.max(place.box, 26), place.bottom - place.top + 8, !chosen);
  });
  context.globalAlpha = 1;
}

/** What was said goes round, up between the columns, and is the next thing fed. */
function paintTranslatorFeedback({ context, colors }, place, step, given) {
  const [before, x] = [place.x(step - 1), place.x(step)];
  const gap = (before + x) / 2;
  context.strokeStyle = context.fillStyle = colors[given];
  context.lineWidth = given === "wrong" ? 2 : 1.4;
  context.beginPath();
  context.moveTo(before + 10, place.saidY);
  context.bezierCurveTo(gap + 4, place.saidY, gap - 2, place.saidY - 10, gap, place.y + place.height / 2);
  context.bezierCurveTo(gap + 2, place.fedY + 10, gap - 4, place.fedY, x - 11, place.fedY);
  context.stroke();
}

function paintTranslatorLegend(scene) {
  const { context, layout, theme, text, model, colors } = scene;
  const given = new Set(model.lanes.flatMap((lane) => lane.given));
  const entries = [
    given.has("true") && [colors.true, text.translator_true],
    given.has("own") && [colors.own, text.translator_own],
    given.has("wrong") && [colors.wrong, text.translator_wrong],
    model.weights(0, 0) && [colors.look, text.translator_look],
  ].filter(Boolean);
  context.font = `13px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  let x = layout.gutter;
  for (const [color, name] of entries) {
    context.fillStyle = color;
    context.fillRect(x, layout.legendY - 5, 10, 10);
    context.fillStyle = theme.text;
    context.fillText(name, x + 15, layout.legendY);
    x += 33 + scene.sheet.widthOf(name);
  }
}

function translatorState({ context, model, theme }, name, index, x, y, { box, height }) {
  context.imageSmoothingEnabled = false;
  context.drawImage(model.sprite(name, index, theme), x - box / 2, y, box, height);
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(x - box / 2, y, box, height);
}

function translatorChip({ context, theme, sheet }, x, y, token, color, filled, crossed = false) {
  context.font = `600 15px ${theme.font}`;
  const width = Math.max(sheet.widthOf(token) + 10, 20);
  context.beginPath();
  context.roundRect(x - width / 2, y - 11, width, 22, 5);
  context.fillStyle = filled ? color : theme.background;
  context.fill();
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.stroke();
  context.fillStyle = filled ? theme.background : theme.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(token, x, y + 1);
  if (!crossed) return;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x - width / 2, y + 11);
  context.lineTo(x + width / 2, y - 11);
  context.stroke();
}

function translatorArrow({ context }, from, to, color, width = 1.3) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 2) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(5, length * 0.6);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(to[0] - ux * head, to[1] - uy * head);
  context.stroke();
  context.beginPath();
  context.moveTo(...to);
  context.lineTo(to[0] - ux * head - uy * head * 0.6, to[1] - uy * head + ux * head * 0.6);
  context.lineTo(to[0] - ux * head + uy * head * 0.6, to[1] - uy * head - ux * head * 0.6);
  context.fill();
}

function translatorRing({ context, theme }, x, y, width, height, quiet = false) {
  context.strokeStyle = theme.primary;
  context.lineWidth = quiet ? 1 : 2.5;
  context.beginPath();
  context.roundRect(x - width / 2 - 5, y, width + 10, height, 7);
  context.stroke();
}

function translatorLabel({ context, theme, sheet, layout }, x, y, lines, strong) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  lines.forEach((line, number) => {
    context.font = `${number === 0 && strong ? 700 : 400} 14px ${theme.font}`;
    context.fillText(sheet.fit(line, layout.gutter - 14), x, y + 20 * number);
  });
}
