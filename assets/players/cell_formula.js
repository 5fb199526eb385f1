// The equations beside the wiring: symbols above, this step's numbers for the chosen unit below.
// What the parts give is compared with what was recorded; where they differ the numbers give way
// to a warning.
import { element } from "./dom.js";
import { shortToken } from "./cell_tokens.js";
import { createPiece } from "./cell_slot.js";
import { fixedNumber, mathPlain, setMathHtml } from "./cell_math.js";
import { paletteCss, paletteIndex, paletteInk, paletteOf } from "./palettes.js";
import { fillText } from "./words.js";

const FORMULA_TOLERANCE = 1e-3;

/** {node, rows: Map id -> row, draw(step, theme), setStage(stage)}. */
export function createFormula(equations, notes, text) {
  const rows = new Map(equations.map((equation) => [equation.id, new FormulaRow(equation, text)]));
  const list = element("ol", { class: "cell-equations" });
  list.append(...[...rows.values()].map((row) => row.node));
  const node = element("div", { class: "cell-formula" }, list);
  for (const note of notes) node.append(element("p", { class: "cell-note" }, note));
  return {
    node,
    rows,
    draw: (step, theme) => rows.forEach((row) => row.draw(step, theme)),
    setStage: (stage) => rows.forEach((row) => row.setStage(stage)),
  };
}

/** The largest difference between what the parts give and what was recorded: {parts, recorded,
 * difference}, relative above 1; null where a number is missing. */
export function formulaMismatch(equation, step) {
  let worst = null;
  for (const [computed, recorded] of equation.checks) {
    const found = { parts: computed(step), recorded: recorded(step) };
    found.difference = Math.abs(found.parts - found.recorded);
    found.size = found.difference / Math.max(1, Math.abs(found.recorded));
    if (Number.isNaN(found.size)) return null;
    if (!worst || found.size > worst.size) worst = found;
  }
  return worst;
}

class FormulaRow {
  #before = "";
  #pieces;

  constructor(equation, text) {
    this.equation = equation;
    this.text = text;
    this.title = element("span", { class: "cell-title" });
    this.symbols = element("span", { class: "cell-symbols" });
    this.result = element("span", { class: "cell-result" });
    this.warning = element("span", { class: "cell-warning", role: "note" });
    this.#pieces = equation.line.map((parts, index) =>
      createPiece(parts, index === 0 ? "cell-piece" : "cell-piece cell-later"),
    );
    const line = element("span", { class: "cell-line" }, ...this.#lineParts(), this.warning);
    this.node = element("li", { class: "cell-equation", tabindex: 0, "data-eq": equation.id });
    this.node.append(this.title, this.symbols, line);
  }

  // "= σ(0.542)" and "= 0.632" stay on one line, whatever happens before them.
  #lineParts() {
    const nodes = this.#pieces.map((piece) => piece.node);
    const last = nodes.length > 1 ? [nodes.pop()] : [];
    const result = element("span", { class: "cell-later" }, "= ", this.result);
    return [...nodes, element("span", { class: "cell-ending" }, ...last, result)];
  }

  draw(step, theme) {
    const { equation } = this;
    if (step.before !== this.#before) {
      this.#before = step.before;
      setMathHtml(this.symbols, equation.symbols(step.before));
    }
    const complete = equation.needs.every((name) => !Number.isNaN(step.value(name)));
    const mismatch = complete ? formulaMismatch(equation, step) : null;
    const wrong = mismatch !== null && mismatch.size > FORMULA_TOLERANCE;
    this.node.classList.toggle("cell-numberless", !complete || wrong);
    this.#warn(wrong ? mismatch : null);
    for (const piece of this.#pieces) piece.show(step);
    this.#showName(step);
    this.#showResult(step.value(equation.id), step.scale(equation.id), theme);
    this.node.setAttribute("aria-label", this.#spoken(step));
  }

  #showName(step) {
    const token = step.unitToken(this.equation.id);
    const name = this.text[`signal_${this.equation.id}`];
    this.title.textContent = token ? `${name} · ${shortToken(token, 12)}` : name;
  }

  #warn(mismatch) {
    this.warning.hidden = mismatch === null;
    this.warning.textContent =
      mismatch === null
        ? ""
        : fillText(this.text.cell_mismatch, {
            parts: fixedNumber(mismatch.parts),
            recorded: fixedNumber(mismatch.recorded),
            difference: mismatch.difference.toPrecision(2),
          });
  }

  #showResult(value, scale, theme) {
    this.result.textContent = fixedNumber(value);
    const index = paletteIndex(scale.position(value));
    const colors = paletteOf(scale.kind, theme);
    this.result.classList.toggle("cell-result-gate", scale.kind === "gate");
    this.result.style.background = index < 0 ? "none" : paletteCss(colors, index);
    this.result.style.color = index < 0 ? theme.text : paletteInk(colors, index);
  }

  #spoken(step) {
    const symbols = mathPlain(this.equation.symbols(step.before));
    const plain = this.node.classList.contains("cell-numberless");
    const pieces = this.#pieces.map((piece) => piece.spoken(step)).join(" ");
    const numbers = plain ? this.warning.textContent : pieces;
    return `${this.title.textContent}: ${symbols} ${numbers} = ${this.result.textContent}`;
  }

  setStage(stage) {
    const { stage: own, resultStage = own } = this.equation;
    this.node.classList.toggle("cell-ghost", stage < own);
    this.node.classList.toggle("cell-half", stage >= own && stage < resultStage);
  }
}
