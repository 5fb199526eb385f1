// The page's colours, read from Streamlit's variables or the system's preference, and the one
// mapping from a signal's values to colours.
import { paletteCss, paletteIndex, paletteInk, paletteOf } from "./palettes.js";

const THEME_DEFAULTS = {
  light: {
    background: "#ffffff",
    secondary: "#f3f4f6",
    text: "#1d2129",
    border: "#d5d8de",
    primary: "#b80e51",
  },
  dark: {
    background: "#14171c",
    secondary: "#20242b",
    text: "#eceef2",
    border: "#3b414c",
    primary: "#ff6ea6",
  },
};
const THEME_VARIABLES = {
  background: "--st-background-color",
  secondary: "--st-secondary-background-color",
  text: "--st-text-color",
  border: "--st-border-color",
  primary: "--st-primary-color",
};
const THEME_FONT =
  'system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", ' +
  '"Noto Sans CJK SC", sans-serif';
const GRADIENT_DECADES = 6;

/** Theme of the page around `element`: colours as CSS strings, `font`, `dark`, and a `key`. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const given = (name) => {
    const value = style.getPropertyValue(name).trim();
    return value && value !== "unset" ? value : "";
  };
  const background = given(THEME_VARIABLES.background);
  const dark = background
    ? isDark(background)
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = { dark, ...THEME_DEFAULTS[dark ? "dark" : "light"] };
  for (const [name, variable] of Object.entries(THEME_VARIABLES)) {
    theme[name] = given(variable) || theme[name];
  }
  theme.muted = mixColors(theme.text, theme.background, 0.68);
  theme.faint = mixColors(theme.text, theme.background, 0.16);
  theme.font = given("--st-font") || THEME_FONT;
  theme.key = JSON.stringify(theme);
  return Object.freeze(theme);
}

/** Sets the theme as --u-... variables, which the style sheet uses. */
export function applyTheme(element, theme) {
  const names = ["background", "secondary", "text", "border", "primary", "muted", "faint", "font"];
  for (const name of names) element.style.setProperty(`--u-${name}`, theme[name]);
  element.style.colorScheme = theme.dark ? "dark" : "light";
}

/** "gate" for what lies between closed and open, "gradient" for sizes of gradients, or "signed". */
export function kindOf(signal) {
  if (/^(input|forget|output|reset|update)_gate$/.test(signal)) return "gate";
  return signal.startsWith("grad_") ? "gradient" : "signed";
}

/** CSS colour of a value: signed in [-1, 1], gate in [0, 1], gradient in [0, 1] (log-mapped). */
export function colorOf(kind, value, theme) {
  const index = paletteIndex(kind === "signed" ? (value + 1) / 2 : value);
  return index < 0 ? theme.faint : paletteCss(paletteOf(kind, theme), index);
}

/** What is easily read on that colour: black or white. */
export function inkOf(kind, value, theme) {
  const index = paletteIndex(kind === "signed" ? (value + 1) / 2 : value);
  return index < 0 ? theme.muted : paletteInk(paletteOf(kind, theme), index);
}

/** The scale of a recorded signal, the same for all pictures of a recording:
 * {kind, low, high, position(value) -> 0..1}. Signed scales are symmetric around 0. */
export function scaleOf(recording, signal) {
  const kind = kindOf(signal);
  if (kind === "gate") return { kind, low: 0, high: 1, position: (value) => value };
  const largest = recording.has(signal) ? recording.range(signal) : 1;
  if (kind === "gradient") return logScale(largest || 1);
  const high = signedLimit(largest);
  return { kind, low: -high, high, position: (value) => (value / high + 1) / 2 };
}

/** CSS colour of a value on a scale. */
export function colorAt(scale, value, theme) {
  const index = paletteIndex(scale.position(value));
  return index < 0 ? theme.faint : paletteCss(paletteOf(scale.kind, theme), index);
}

function logScale(high) {
  const low = high / 10 ** GRADIENT_DECADES;
  const position = (value) =>
    Number.isNaN(value) ? NaN : 1 + Math.log10(Math.max(Math.abs(value), low) / high) / GRADIENT_DECADES;
  return { kind: "gradient", low, high, position };
}

// Bounded states keep the scale [-1, 1], so that colours mean the same in every recording, unless
// everything is so small that nothing could be seen; then, and above 1, the next round number.
function signedLimit(largest) {
  if (largest > 0.4 && largest <= 1) return 1;
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 5, 10].map((step) => step * power).find((limit) => limit >= largest * 0.999);
}

function isDark(color) {
  const [red, green, blue] = rgbOf(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
}

function mixColors(front, back, share) {
  const under = rgbOf(back);
  const parts = rgbOf(front).map((part, i) => Math.round(part * share + under[i] * (1 - share)));
  return `rgb(${parts.join(", ")})`;
}

// A painted pixel understands every form of CSS colour, now and later.
function rgbOf(color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}
