// The nodes of the cell picture. Each drawing function takes a node of the wiring and gives
// {group, update(step, paint)}; x, y is the top left corner unless it says centre.
import { activationOf } from "./cell_activations.js";
import { drawCurve } from "./cell_curve.js";
import { fixedNumber, setMathSvg } from "./cell_math.js";
import { drawStrip } from "./cell_strip.js";
import { fitToken, shortToken, textWidth } from "./cell_tokens.js";
import { drawValve } from "./cell_valve.js";
import { WIRING_NARROW } from "./cell_wiring_parts.js";
import { svgElement } from "./dom.js";
import { formatPercent } from "./log_axis.js";

const NODE_MATH = 17;
const NODE_PAD = 8;
const NODE_STRIP = 14;
const NODE_TOKEN = 23;

const NODE_DRAWINGS = {
  card: drawCard,
  frame: drawFrame,
  input: drawInput,
  gate: drawGate,
  valve: drawValve,
  operator: drawOperator,
  pill: drawPill,
  curve: drawCurve,
  label: drawLabel,
  note: drawNote,
  predictions: drawPredictions,
};

/** Draws one node of the wiring. */
export function drawNode(node, text) {
  return NODE_DRAWINGS[node.type](node, text);
}

function textAt(x, y, look, anchor = "start", content = "") {
  return svgElement("text", { x, y, class: look, "text-anchor": anchor }, content);
}

function box({ x, y, width, height }, look, radius = 6) {
  return svgElement("rect", { x, y, width, height, rx: radius, class: look });
}

function nodeLook(look, narrow) {
  return narrow ? `${look} cell-narrow` : look;
}

/** A state: its letter, the chosen unit's number and all units. */
function drawCard(node) {
  const { x, y, width, height, math, name } = node;
  const narrow = width < WIRING_NARROW;
  const pad = narrow ? 5 : NODE_PAD;
  const label = textAt(x + pad, y + 19, "cell-math");
  const number = textAt(x + width - pad, y + 19, "cell-number cell-strong", "end");
  const place = { x: x + NODE_PAD, y: y + height - NODE_STRIP - 7, height: NODE_STRIP };
  const strip = drawStrip({ ...place, width: width - 2 * NODE_PAD }, name);
  const group = svgElement("g", { class: nodeLook("cell-card", narrow) }, box(node, "cell-box"));
  group.append(label, number, strip.group);
  return {
    group,
    update(step, paint) {
      setMathSvg(label, math(step.before), NODE_MATH);
      const token = step.unitToken(name);
      number.textContent = `${token && `${shortToken(token)}  `}${fixedNumber(step.value(name))}`;
      strip.update(step, paint);
    },
  };
}

/** A box with a letter; what else stands in it are nodes of their own. */
function drawFrame(node) {
  const { x, y, height, math } = node;
  const label = textAt(x + NODE_PAD, y + height / 2 + 6, "cell-math");
  return {
    group: svgElement("g", { class: "cell-card" }, box(node, "cell-box"), label),
    update() {},
  };
}

/** What is read: the token, or above the first layer all units of the layer below. */
function drawInput(node) {
  const { x, y, width, height } = node;
  const label = textAt(x + NODE_PAD, y + 20, "cell-math");
  const token = textAt(x + width / 2 + 20, y + height / 2 + 8, "cell-token", "middle");
  const place = { x: x + NODE_PAD, y: y + height - NODE_STRIP - 7, height: NODE_STRIP };
  const strip = drawStrip({ ...place, width: width - 2 * NODE_PAD }, "input");
  const frame = box(node, "cell-box");
  const group = svgElement(
    "g",
    { class: "cell-card cell-input" },
    frame,
    label,
    token,
    strip.group,
  );
  return {
    group,
    update(step, paint) {
      const below = step.layer > 0;
      const source = below ? `x_t = ${step.belowLetter}_t^{(${step.layer})}` : "x_t =";
      setMathSvg(label, source, NODE_MATH);
      label.setAttribute("y", below ? y + 20 : y + height / 2 + 6);
      const shown = fitToken(below ? "" : step.token, width - 56, NODE_TOKEN);
      token.textContent = shown.text;
      token.style.fontSize = `${shown.size}px`;
      frame.classList.toggle("cell-unknown", !below && step.unknownToken);
      strip.update(step, paint);
    },
  };
}

/** A gate or candidate: name, function, value, all units, and at the bottom its two parts. */
function drawGate(node, text) {
  const { x, y, width, height, math, name, title, parts } = node;
  const narrow = width < WIRING_NARROW;
  const pad = narrow ? 5 : NODE_PAD;
  const right = x + width - pad;
  const heading = textAt(x + pad, y + 19, "cell-name", "start", text[title]);
  const letter = textAt(right, y + 19, "cell-math", "end");
  setMathSvg(letter, math, NODE_MATH);
  const sign = textAt(x + pad, y + 41, "cell-sign", "start", activationOf(node.activation).sign);
  const number = textAt(right, y + 41, "cell-number cell-big", "end");
  const place = { x: x + NODE_PAD, y: y + 51, width: width - 2 * NODE_PAD, height: NODE_STRIP };
  const strip = drawStrip(place, name);
  // In a narrow box the two parts do not fit side by side.
  const higher = y + height - (narrow ? 23 : 7);
  const numbers = [
    textAt(x + pad - 2, higher, "cell-number"),
    textAt(right + 2, y + height - 7, "cell-number", "end"),
  ];
  const group = svgElement("g", { class: nodeLook("cell-gate", narrow) }, box(node, "cell-box"));
  group.append(heading, letter, sign, number, strip.group, ...numbers);
  return {
    group,
    update(step, paint) {
      number.textContent = fixedNumber(step.value(name));
      numbers.forEach((one, index) => (one.textContent = fixedNumber(step.value(parts[index]))));
      strip.update(step, paint);
    },
  };
}

/** A plus in a circle; x, y is its centre. */
function drawOperator({ x, y, sign = "+" }) {
  const circle = svgElement("circle", { cx: x, cy: y, r: 13, class: "cell-box" });
  const label = textAt(x, y + 6, "cell-operator", "middle", sign);
  return { group: svgElement("g", {}, circle, label), update() {} };
}

/** A function or a matrix on a wire; x, y is its centre. */
function drawPill(node, text) {
  const { x, y, label, math, plain = text[label] } = node;
  const width = node.width ?? textWidth(plain, 16) + 22;
  const frame = { x: x - width / 2, y: y - 13, width, height: 26 };
  const words = textAt(x, y + 5, math ? "cell-math" : "cell-sign", "middle");
  if (!math) words.textContent = plain;
  return {
    group: svgElement("g", {}, box(frame, "cell-box cell-pill", 13), words),
    update: (step) => math && setMathSvg(words, math(step.before), NODE_MATH),
  };
}

/** A letter or product with its number beside a wire. */
function drawLabel({ x, y, anchor = "start", math, name }) {
  const line = svgElement("text", { x, y, class: "cell-beside", "text-anchor": anchor });
  const letters = svgElement("tspan");
  const number = svgElement("tspan", { class: "cell-number" });
  line.append(letters, number);
  return {
    group: svgElement("g", {}, line),
    update(step) {
      if (math) {
        setMathSvg(letters, `${math(step.before)} = `, NODE_MATH);
      }
      number.textContent = fixedNumber(step.value(name));
    },
  };
}

/** Words: fixed ones, or those that `say(step, text)` gives (nothing hides the note). */
function drawNote({ x, y, anchor = "start", say }, text) {
  const words = textAt(x, y, "cell-words", anchor);
  return {
    group: svgElement("g", {}, words),
    update: (step) => (words.textContent = say(step, text)),
  };
}

/** The best guesses for the next token, as many as `most`. */
function drawPredictions({ x, y, anchor = "end", most = 1, bare = false }, text) {
  const line = textAt(x, y, "cell-words", anchor);
  return {
    group: svgElement("g", { class: "cell-predictions" }, line),
    update(step) {
      const guesses = step.predictions().slice(0, most);
      const spans = guesses.flatMap(({ token, probability }, index) => [
        svgElement("tspan", { dx: index ? 12 : 6, class: "cell-guess" }, shortToken(token)),
        svgElement("tspan", { dx: 5, class: "cell-number" }, formatPercent(probability)),
      ]);
      const head = guesses.length && !bare ? [svgElement("tspan", {}, step.guessesName(text))] : [];
      line.replaceChildren(...head, ...spans);
    },
  };
}
