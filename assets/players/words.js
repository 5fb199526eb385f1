// How numbers, steps and sentences are written, the same in every picture.

/** "t = {t}" with {t: 3} -> "t = 3". Unknown names stay as they are. */
export function fillText(template, values) {
  return String(template ?? "").replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
}

/** A number with `digits` after the point, a true minus sign, and "–" where there is no value. */
export function formatValue(value, digits = 4) {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 10 ** -digits || size >= 1e6)
      ? size.toExponential(Math.max(1, digits - 2))
      : size.toFixed(digits);
  const negative = value < 0 && Number(text) !== 0;
  return (negative ? "−" : "") + text;
}

/** A short number for the end of an axis or a colour bar: 1, −0.5, 12. */
export function formatTick(value) {
  const text = String(Number(Math.abs(value).toPrecision(3)));
  return (value < 0 ? "−" : "") + text;
}

/** Steps are counted from 1 on the screen (x₁ is the first token, h₀ the initial state). */
export function stepLabel(time) {
  return String(time + 1);
}

/** The name of a signal in the reader's language. */
export function signalLabel(text, signal) {
  return text[`signal_${signal}`] ?? signal;
}
