// What colours say in a cloud: group, frequency, tint; and how much each word stands out.
import { CATEGORY_COUNT } from "./categories.js";
import { categoryColor } from "./categories.js";
import { paletteOf } from "./palettes.js";

/** Of 255: a word that steps back so that others stand out. */
const CLOUD_DIM = 26;
// The lowest values must still be seen on the background.
const CLOUD_PALE = 0.3;
const CLOUD_KINDS = { frequency: "gate", tint: "gradient" };

/** The palette of a colouring by numbers. */
export function colouringKind(colouring) {
  return CLOUD_KINDS[colouring];
}

/** CSS colour of group `group`; a negative one has none. */
export function groupColor(group, theme) {
  return group < 0 ? theme.muted : categoryColor(group, theme);
}

/** A share 0..1 of a palette without its pale end. */
export function palettePlace(share) {
  return CLOUD_PALE + (1 - CLOUD_PALE) * Math.min(Math.max(share, 0), 1);
}

/** RGBA bytes of all words in `frame`. `standsOut(point)` -> false lets a word step back. */
export function cloudColors(model, colouring, frame, theme, standsOut) {
  const colors = new Uint8Array(model.count * 4);
  const paint = painterOf(model, colouring, frame, theme);
  for (let point = 0; point < model.count; point += 1) {
    const [from, at] = paint(point);
    colors[point * 4] = from[at];
    colors[point * 4 + 1] = from[at + 1];
    colors[point * 4 + 2] = from[at + 2];
    colors[point * 4 + 3] = standsOut === null || standsOut(point) ? 255 : CLOUD_DIM;
  }
  return colors;
}

/** -> (point) -> [bytes, offset] of its colour. */
function painterOf(model, colouring, frame, theme) {
  const plain = parsedColor(colouring === "none" ? groupColor(0, theme) : theme.muted);
  if (colouring === "group") {
    const list = Array.from({ length: CATEGORY_COUNT }, (_, group) =>
      parsedColor(categoryColor(group, theme)));
    return (point) => [model.group[point] < 0 ? plain : list[model.group[point] % CATEGORY_COUNT], 0];
  }
  const kind = colouringKind(colouring);
  if (!kind) return () => [plain, 0];
  const palette = paletteOf(kind, theme);
  const share = colouring === "tint"
    ? (point) => model.tintAt(frame, point)
    : (point) => model.frequencyShare(point);
  return (point) => {
    const value = share(point);
    return Number.isNaN(value) ? [plain, 0] : [palette, 4 * Math.round(palettePlace(value) * 255)];
  };
}

const colorCache = new Map();

/** Any CSS colour as [red, green, blue] bytes. */
export function parsedColor(color) {
  if (!colorCache.has(color)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    colorCache.set(color, [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)]);
  }
  return colorCache.get(color);
}
