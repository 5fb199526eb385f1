// Painting for the heatmap: the image, its axes, and the bars of one step's vector.
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { stepLabel } from "./words.js";

const HEAT_FONT_SIZE = 13;

/** Sizes a canvas to CSS pixels and returns its context, scaled for the screen's density. */
export function fitCanvas(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** The values of one layer and direction as an image of (time x rows) pixels; what has no value
 * stays transparent. */
export function heatImage(plane, units, scale, theme) {
  const count = units.length;
  const steps = plane.length / count;
  const canvas = document.createElement("canvas");
  canvas.width = steps;
  canvas.height = count;
  const context = canvas.getContext("2d");
  const image = context.createImageData(steps, count);
  const colors = new Uint32Array(paletteOf(scale.kind, theme).buffer);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < count; row += 1) {
    for (let time = 0; time < steps; time += 1) {
      const index = paletteIndex(scale.position(plane[time * count + units[row]]));
      if (index >= 0) pixels[row * steps + time] = colors[index];
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The image into `plot` {x, y, width, height}, over hatching, with seams where cells are large. */
export function paintHeat(context, image, plot, theme) {
  const { x, y, width, height } = plot;
  paintHatching(context, plot, theme);
  const [across, down] = [width / image.width, height / image.height];
  context.imageSmoothingEnabled = across < 1 || down < 1;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, width, height);
  if (Math.min(across, down) < 7) return;
  context.strokeStyle = theme.background;
  context.globalAlpha = 0.7;
  context.beginPath();
  for (let column = 1; column < image.width; column += 1) {
    const at = x + column * across;
    context.moveTo(at, y);
    context.lineTo(at, y + height);
  }
  for (let row = 1; row < image.height; row += 1) {
    const at = y + row * down;
    context.moveTo(x, at);
    context.lineTo(x + width, at);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function paintHatching(context, { x, y, width, height }, theme) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.beginPath();
  for (let start = x - height; start < x + width; start += 8) {
    context.moveTo(start, y + height);
    context.lineTo(start + height, y);
  }
  context.stroke();
  context.restore();
}

/** Unit numbers left of the plot: every row where there is room, else round ones. */
export function paintUnits(context, { units, order }, plot, theme) {
  const height = plot.height / units.length;
  const every = height >= 14 ? 1 : order === "recorded" ? roundStep(16 / height) : 0;
  heatText(context, theme, "right");
  for (let row = 0; every > 0 && row < units.length; row += every) {
    context.fillText(String(units[row]), plot.x - 8, plot.y + (row + 0.5) * height);
  }
}

/** Tokens below the columns where they fit, else round step numbers. -> true for tokens. */
export function paintTimes(context, labels, plot, theme) {
  const width = plot.width / labels.length;
  const y = plot.y + plot.height + 13;
  heatText(context, theme, "center");
  const widest = Math.max(0, ...[...new Set(labels)].map((label) => context.measureText(label).width));
  if (labels.some(Boolean) && (widest <= width - 1 || width >= 30)) {
    labels.forEach((label, time) => {
      context.fillText(fitLabel(context, label, width - 4), plot.x + (time + 0.5) * width, y);
    });
    return true;
  }
  const every = roundStep(44 / width);
  for (let time = every - 1; time < labels.length; time += every) {
    context.fillText(stepLabel(time), plot.x + (time + 0.5) * width, y);
  }
  return false;
}

/** One step's vector as bars from zero, row by row, on the scale of the colours. */
export function paintVector(context, values, units, scale, area, theme) {
  const { x, y, width, height } = area;
  const down = height / units.length;
  const colors = paletteOf(scale.kind, theme);
  const zero = scale.kind === "signed" ? x + width / 2 : x;
  context.clearRect(x - 1, y, width + 2, height);
  context.fillStyle = theme.faint;
  context.fillRect(zero - 0.5, y, 1, height);
  const thick = Math.max(down - (down > 4 ? 1 : 0), 0.5);
  for (let row = 0; row < units.length; row += 1) {
    const position = scale.position(values[units[row]]);
    const index = paletteIndex(position);
    if (index < 0) continue;
    const end = x + Math.min(Math.max(position, 0), 1) * width;
    context.fillStyle = paletteCss(colors, index);
    context.fillRect(Math.min(zero, end), y + row * down, Math.abs(end - zero), thick);
  }
}

/** The next of 1, 2, 5, 10, 20, ... that is at least `least`. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= least);
}

function heatText(context, theme, align) {
  context.font = `${HEAT_FONT_SIZE}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = align;
  context.textBaseline = "middle";
}

function fitLabel(context, label, width) {
  if (context.measureText(label).width <= width) return label;
  const letters = [...label];
  while (letters.length > 0 && context.measureText(`${letters.join("")}…`).width > width) letters.pop();
  return `${letters.join("")}…`;
}
