// Sizes that span many powers of ten: their axis, and how they are written.

const LOG_AXIS_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOG_AXIS_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** Whole exponents inside [log10(low), log10(high)], thinned so that at most `most` are left.
 * The thinned ones are multiples of the same step, so they do not jump when the range moves. */
export function powersBetween(low, high, most) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const count = last - first + 1;
  const step = [1, 2, 3, 5, 10, 20, 50].find((size) => count / size <= most) ?? 100;
  const powers = [];
  for (let power = Math.ceil(first / step) * step; power <= last; power += step) powers.push(power);
  return powers;
}

/** 10 to the `power` as it stands at an axis: "10⁻⁴", "1". */
export function powerLabel(power) {
  if (power === 0) return "1";
  return `10${power < 0 ? "⁻" : ""}${digitsFrom(LOG_AXIS_SUPERSCRIPTS, Math.abs(power))}`;
}

/** A whole number below the line: "₁₂". */
export function subscript(number) {
  return digitsFrom(LOG_AXIS_SUBSCRIPTS, number);
}

/** The size of something, two significant digits: "2.1e-4", "0.37", "12"; "–" for no value. */
export function formatSize(size, digits = 2) {
  if (size === undefined || Number.isNaN(size)) return "–";
  if (size === 0) return "0";
  if (!Number.isFinite(size)) return "∞";
  if (size < 0.01 || size >= 1e4) return size.toExponential(digits - 1).replace("e+", "e");
  const text = size.toPrecision(digits);
  return text.includes("e") ? size.toFixed(0) : text;
}

/** A share in [0, 1] as a percentage; what is not quite all or nothing never reads as such. */
export function formatPercent(share) {
  if (Number.isNaN(share)) return "–";
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  if (percent > 99 && percent < 100) return ">99%";
  if (percent < 0.1) return "<0.1%";
  return percent < 9.95 ? `${percent.toFixed(1)}%` : `${percent.toFixed(0)}%`;
}

/** A ratio of sizes, which may be tiny or large: "0.42%", "3.1e-6%", "250%", "×45". */
export function formatRatio(ratio) {
  if (!Number.isFinite(ratio)) return "–";
  if (ratio >= 10) return `×${formatSize(ratio)}`;
  return `${formatSize(ratio * 100)}%`;
}

/** The largest |finite value|; 0 when there is none. */
export function largestSize(values) {
  let largest = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > largest && size !== Infinity) largest = size;
  }
  return largest;
}

function digitsFrom(signs, number) {
  return [...String(number)].map((digit) => signs[Number(digit)]).join("");
}
