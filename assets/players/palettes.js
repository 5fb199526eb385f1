// One colour scale per kind of signal, each with a light and a dark form.
//   signed    blue (negative) - paper (zero) - orange (positive), over [-1, 1]
//   gate      recedes into the page (closed, 0) - stands out in green (open, 1)
//   gradient  recedes (vanished, 0) - stands out in purple (large, 1), after a log mapping
// Lightness alone already tells the order within each scale, so none needs full colour vision.

const PALETTE_STOPS = {
  light: {
    signed: ["#0b3f86", "#2f7cc4", "#9cc6e6", "#f4f3ef", "#f3b98a", "#d9661f", "#8f2f06"],
    gate: ["#ebe9e3", "#c3dfb6", "#6dbd8d", "#1d8f72", "#00584f"],
    gradient: ["#f3eff4", "#dcb6dd", "#b868bb", "#832a8c", "#43094f"],
  },
  dark: {
    signed: ["#9fd2ff", "#4d9fea", "#245a92", "#22262e", "#96501f", "#ec8a3c", "#ffd3a3"],
    gate: ["#2a2d33", "#2c5a4c", "#2f9671", "#6fd08a", "#e4f79b"],
    gradient: ["#26222b", "#55306a", "#9a3fa6", "#d977cf", "#ffdcf6"],
  },
};

const PALETTE_SIZE = 256;
const paletteCache = new Map();

/** Uint8ClampedArray of 256 RGBA colours, lowest value first. */
export function paletteOf(kind, theme) {
  const shade = theme.dark ? "dark" : "light";
  const key = `${shade} ${kind}`;
  if (!paletteCache.has(key)) {
    const stops = PALETTE_STOPS[shade][kind];
    if (!stops) throw new RangeError(`palette "${kind}": expected signed, gate or gradient`);
    paletteCache.set(key, interpolateStops(stops.map(hexToOklab)));
  }
  return paletteCache.get(key);
}

/** Position 0..1 in a palette -> index of its RGBA entry; -1 where there is no value. */
export function paletteIndex(position) {
  if (Number.isNaN(position)) return -1;
  return Math.round(Math.min(Math.max(position, 0), 1) * (PALETTE_SIZE - 1));
}

/** A CSS background for a colour bar, lowest value at the `from` side. */
export function paletteGradient(kind, theme, towards = "to right") {
  const colors = paletteOf(kind, theme);
  const stops = [];
  for (let index = 0; index < PALETTE_SIZE; index += 15) stops.push(paletteCss(colors, index));
  return `linear-gradient(${towards}, ${stops.join(", ")})`;
}

/** Entry `index` of a palette as a CSS colour. */
export function paletteCss(colors, index) {
  const at = index * 4;
  return `rgb(${colors[at]}, ${colors[at + 1]}, ${colors[at + 2]})`;
}

/** Black or white, whichever is easier to read on entry `index`. */
export function paletteInk(colors, index) {
  const [red, green, blue] = [0, 1, 2].map((part) => toLinear(colors[index * 4 + part] / 255));
  // Relative luminance; at 0.179 black and white have the same contrast (WCAG 2).
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

function interpolateStops(stops) {
  const colors = new Uint8ClampedArray(PALETTE_SIZE * 4);
  for (let index = 0; index < PALETTE_SIZE; index += 1) {
    const place = (index / (PALETTE_SIZE - 1)) * (stops.length - 1);
    const left = Math.min(Math.floor(place), stops.length - 2);
    const mix = stops[left].map((low, part) => low + (stops[left + 1][part] - low) * (place - left));
    colors.set([...oklabToBytes(mix), 255], index * 4);
  }
  return colors;
}

// Oklab (Björn Ottosson, 2020): equal distances look equally large, so equal steps of a value
// are equal steps to the eye.
function hexToOklab(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) =>
    toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  );
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function oklabToBytes([lightness, a, b]) {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ].map((part) => fromLinear(part) * 255);
}

function toLinear(part) {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function fromLinear(part) {
  if (part <= 0.0031308) return Math.max(part, 0) * 12.92;
  return 1.055 * part ** (1 / 2.4) - 0.055;
}
