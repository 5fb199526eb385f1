// Formulas as HTML and as SVG text, from a small notation:
//   a letter is italic, \word is upright, _x and _{...} are below the line, ^{...} above it.

const CELL_MATH_TOKEN = /\\([a-z]+)|([_^])(?:\{([^}]*)\}|(.))|([A-Za-z])|([^\\_^A-Za-z]+)/gu;
const CELL_SUB_SIZE = 0.82;
const CELL_PLAIN_SUB = {
  t: "ₜ",
  "−": "₋",
  "+": "₊",
  0: "₀",
  1: "₁",
  h: "ₕ",
  n: "ₙ",
  i: "ᵢ",
  o: "ₒ",
};

/** "W_f x_{t-1}" -> [{text, italic, shift}], shift -1 below the line, 1 above it. */
export function mathTokens(source) {
  const tokens = [];
  for (const [, word, mark, group, single, letter, rest] of source.matchAll(CELL_MATH_TOKEN)) {
    if (mark) {
      const shift = mark === "_" ? -1 : 1;
      for (const inner of mathTokens(group ?? single)) tokens.push({ ...inner, shift });
    } else if (word) {
      tokens.push({ text: word, italic: false, shift: 0 });
    } else {
      const text = letter ?? rest.replace(/-/g, "−");
      tokens.push({ text, italic: letter !== undefined, shift: 0 });
    }
  }
  return tokens;
}

/** The formula as plain text, for tooltips and screen readers: "hₜ₋₁". */
export function mathPlain(source) {
  return mathTokens(source)
    .map(({ text, shift }) =>
      shift < 0 ? [...text].map((sign) => CELL_PLAIN_SUB[sign] ?? `_${sign}`).join("") : text,
    )
    .join("");
}

/** Puts the formula into an HTML element as <i>, <sub> and <sup>. */
export function setMathHtml(element, source) {
  element.replaceChildren(...mathTokens(source).map(mathHtml));
}

function mathHtml({ text, italic, shift }) {
  let node = document.createTextNode(text);
  if (italic) node = wrapMath("i", node);
  if (shift) node = wrapMath(shift < 0 ? "sub" : "sup", node);
  return node;
}

function wrapMath(name, child) {
  const element = document.createElement(name);
  element.append(child);
  return element;
}

/** Puts the formula into an SVG <text> element; `size` is its font size. */
export function setMathSvg(element, source, size) {
  if (element.dataset.math === source) return;
  element.dataset.math = source;
  let raised = 0;
  const spans = mathTokens(source).map(({ text, italic, shift }) => {
    const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    span.textContent = text;
    if (italic) span.setAttribute("font-style", "italic");
    if (shift) span.setAttribute("font-size", String(size * CELL_SUB_SIZE));
    const wanted = shift * -0.24 * size;
    if (wanted !== raised) span.setAttribute("dy", String(wanted - raised));
    raised = wanted;
    return span;
  });
  element.replaceChildren(...spans);
}

/** A number with three decimals: "0.412", "−1.250", "–" where there is no value. */
export function fixedNumber(value) {
  const { negative, digits } = numberParts(value);
  return (negative ? "−" : "") + digits;
}

/** The same as its sign and its digits. */
export function numberParts(value) {
  if (Number.isNaN(value)) return { negative: false, digits: "–" };
  const size = Math.abs(value);
  const digits = size === Infinity ? "∞" : size >= 1e5 ? size.toExponential(2) : size.toFixed(3);
  return { negative: value < 0 && Number(digits) !== 0, digits };
}
