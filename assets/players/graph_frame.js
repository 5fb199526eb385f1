// What stands around the unrolled graph: the names of its rows, and the map of the whole
// sequence with the window on it.
import { cellColor } from "./graph_nodes.js";
import { largestSize } from "./log_axis.js";

const FRAME_LINE = 15;

// The names that the gutter must hold: [{text, y, chosen}].
function frameLabels({ layout, model, cursor }) {
  const { text } = model;
  const labels = [];
  const { predictions, tokens, numbers, map } = layout;
  if (predictions && layout.level === "far") {
    labels.push({ text: text.graph_likelihood, y: (predictions.top + predictions.bottom) / 2 });
  } else if (predictions) {
    const truthY = predictions.top + predictions.rowHeight / 2 + 1;
    if (model.readsOn) labels.push({ text: text.graph_next, y: truthY });
    labels.push({ text: text.graph_guesses, y: (truthY + 12 + predictions.bottom) / 2 });
  }
  for (const { layer, direction, middle } of layout.rows) {
    const chosen = cursor.layer === layer && cursor.direction === direction;
    labels.push({ text: model.rowLabel(layer, direction), y: middle, chosen });
  }
  if (layout.level !== "far") {
    for (const { name, middle } of layout.rows.flatMap((row) => row.parts)) {
      if (name !== model.main) labels.push({ text: model.partLabel(name), y: middle });
    }
  }
  labels.push({ text: text.graph_input, y: tokens.top + tokens.height / 2 });
  labels.push({ text: text.graph_steps, y: numbers.y });
  if (map) labels.push({ text: text.graph_map, y: (map.top + map.bottom) / 2 });
  return labels;
}

/** Width of the gutter: the longest name, but never so much that the graph suffers. */
export function gutterWidth(sheet, inks, model, hostWidth) {
  const { text, layers, directions } = model;
  const names = [text.graph_guesses, text.graph_next, text.graph_input, text.graph_map];
  names.push(model.rowLabel(layers - 1, directions - 1));
  sheet.context.font = inks.font(13, 600);
  const longest = Math.max(...names.map((name) => sheet.widthOf(name)));
  return Math.ceil(Math.min(longest, hostWidth * 0.18, 120)) + 12;
}

export function paintGutter(scene) {
  const { context, theme, inks, layout, sheet } = scene;
  if (layout.level === "far" && layout.predictions) paintPercentEnds(scene);
  const room = layout.plot.left - 10;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { text, y, chosen } of frameLabels(scene)) {
    context.font = inks.font(13, chosen ? 700 : 400);
    context.fillStyle = chosen ? theme.text : theme.muted;
    const lines = wrapGutter(sheet, text, room);
    lines.forEach((line, at) =>
      context.fillText(line, 2, y + 1 + (at - (lines.length - 1) / 2) * FRAME_LINE));
  }
}

function paintPercentEnds({ context, theme, inks, layout }) {
  const { top, bottom } = layout.predictions;
  if (bottom - top < 70) return;
  context.font = inks.font(12);
  context.fillStyle = theme.muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText("100%", layout.plot.left - 5, top + 5);
  context.fillText("0%", layout.plot.left - 5, bottom - 4);
}

function wrapGutter(sheet, text, room) {
  if (sheet.widthOf(text) <= room) return [text];
  const parts = text.includes(" ") ? text.split(" ").map((word) => `${word} `) : [...text];
  const lines = [""];
  for (const part of parts) {
    if (lines.at(-1) && sheet.widthOf(lines.at(-1) + part.trimEnd()) > room) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => line.trimEnd());
}

/** The column of the cursor, as a band behind everything. */
export function paintBand(scene) {
  const { context, layout, view, cursor, theme } = scene;
  const width = Math.max(view.pitch - 2, 2);
  const top = (layout.predictions ?? layout.rows.at(-1)).top - 2;
  context.fillStyle = theme.primary;
  context.globalAlpha = theme.dark ? 0.16 : 0.1;
  context.beginPath();
  const bottom = layout.numbers.y + 9;
  context.roundRect(view.x(cursor.time) - width / 2, top, width, bottom - top, 6);
  context.fill();
  context.globalAlpha = 1;
}

/** Soft edges where the sequence goes on outside the window. */
export function paintFades({ context, layout, view }) {
  const { plot, width } = layout;
  const bottom = layout.numbers.y + 10;
  const fade = (edge, inner) => {
    const shade = context.createLinearGradient(edge, 0, inner, 0);
    shade.addColorStop(0, "rgba(0, 0, 0, 1)");
    shade.addColorStop(1, "rgba(0, 0, 0, 0)");
    context.fillStyle = shade;
    context.fillRect(Math.min(edge, inner), 0, Math.abs(inner - edge), bottom);
  };
  context.globalCompositeOperation = "destination-out";
  if (view.left > 0.05) fade(plot.left, plot.left + 22);
  if (!view.isAtEnd) fade(Math.min(plot.right, width), plot.right - 22);
  context.globalCompositeOperation = "source-over";
}

/** The whole sequence: size of the state as bars, or of the gradient as colours. */
export function paintMap(scene) {
  const { layout, model, context, view, theme, cursor } = scene;
  const { map } = layout;
  if (!map) return;
  const pitch = map.width / model.steps;
  const row = { layer: cursor.layer, direction: cursor.direction };
  context.fillStyle = theme.secondary;
  context.fillRect(map.left, map.top, map.width, map.bottom - map.top);
  if (scene.backward) paintMapColors(scene, row, pitch);
  else paintMapBars(scene, row, pitch);
  const [from, to] = [Math.max(view.left, 0), Math.min(view.left + view.columns, model.steps)];
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.strokeRect(map.left + from * pitch, map.top, (to - from) * pitch, map.bottom - map.top);
  context.fillStyle = theme.primary;
  const width = Math.max(pitch, 3);
  const x = map.left + (cursor.time + 0.5) * pitch - width / 2;
  context.fillRect(x, map.top - 2, width, map.bottom - map.top + 4);
}

function paintMapBars({ context, layout, model, theme, cursor }, { layer, direction }, pitch) {
  const { map } = layout;
  const norms = model.stateNorms(layer, direction);
  const most = largestSize(norms) || 1;
  const height = map.bottom - map.top - 2;
  for (const reached of [true, false]) {
    context.fillStyle = reached ? theme.muted : theme.border;
    norms.forEach((norm, time) => {
      if (Number.isNaN(norm) || model.isReached(cursor, direction, time) !== reached) return;
      const high = (height * norm) / most;
      context.fillRect(map.left + time * pitch, map.bottom - high, Math.max(pitch * 0.85, 0.75), high);
    });
  }
}

function paintMapColors(scene, row, pitch) {
  const { context, layout, model, cursor } = scene;
  const { map } = layout;
  for (let time = 0; time < model.steps; time += 1) {
    if (!model.isReached(cursor, row.direction, time)) continue;
    const color = cellColor(scene, row, time);
    if (color === null) continue;
    context.fillStyle = color;
    context.fillRect(map.left + time * pitch, map.top, pitch + 0.5, map.bottom - map.top);
  }
}
