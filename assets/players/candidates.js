// What may come next at the cursor: the likeliest tokens before and after the filters, what was
// cut off and why, the die that chose, and the formula with this step's numbers.
import { candidatesAt } from "./candidates_model.js";
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { Picture } from "./picture.js";
import { tokenLabel } from "./recording.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const CANDIDATES_LABELLED = 0.06; // a narrower part of the strip has no room for its token

/** options: temperature, start. For the arrays see candidates_model.js. A press on a candidate
 * puts it into the cursor's `pick` as "number:time:token", which the page hears of. */
export function createCandidates(host, ctx) {
  return new Candidates(host, ctx);
}

class Candidates extends Picture {
  #picks = 0;

  constructor(host, ctx) {
    super(host, ctx);
    const { text } = ctx;
    this.title = element("div", { class: "candidates-title" });
    const key = (name) => element("span", {}, element("i", { class: `candidates-${name}` }), text[`candidates_${name}`]);
    const legend = element("div", { class: "candidates-legend" }, key("before"), key("after"));
    this.rows = element("div", { class: "candidates-rows" });
    this.strip = element("div", { class: "candidates-strip" });
    this.needle = element("div", { class: "candidates-needle" });
    this.die = element("div", { class: "candidates-line" });
    this.formula = element("div", { class: "candidates-line" });
    const dice = element("div", { class: "candidates-dice" }, this.strip, this.needle);
    host.classList.toggle("candidates-words", recordingHasWords(ctx.recording));
    host.append(this.title, legend, this.rows, dice, this.die, this.formula);
  }

  paint() {
    const { time } = this.cursor;
    const { text, recording, options } = this.ctx;
    const step = candidatesAt(recording, time);
    const own = { token: recording.token(time), next: recording.token(time + 1) };
    const ended = time === recording.spec.steps - 1;
    const title = ended ? text.candidates_end : time + 1 < options.start ? text.candidates_given : text.candidates_title;
    this.title.textContent = fillText(title, own);
    const open = !ended && time + 1 >= options.start;
    const focused = this.host.getRootNode().activeElement?.dataset?.focus;
    this.rows.replaceChildren(...step.shown.map((one) => this.#row(one, open)), this.#others(step));
    if (focused) this.rows.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
    this.#paintStrip(step);
    this.#write(step);
  }

  #row(one, open) {
    const { text, recording } = this.ctx;
    const { token, before, after, cut, drawn } = one;
    const name = tokenLabel(recording.spec.vocabulary[token]);
    const bar = (kind, share) => {
      const node = element("i", { class: `candidates-${kind}` });
      node.style.width = `${Math.max(100 * share, share > 0 ? 0.6 : 0)}%`;
      return node;
    };
    const numbers = `${candidatesShare(before)} → ${cut ? text[`candidates_${cut}`] : candidatesShare(after)}`;
    const node = element("button", { type: "button", class: "candidates-row", "data-focus": `candidate-${token}` },
      element("b", {}, name),
      element("span", { class: "candidates-bars" }, bar("before", before), bar("after", after)),
      element("span", { class: "candidates-number" }, numbers));
    node.classList.toggle("candidates-cut", cut !== null);
    node.classList.toggle("candidates-drawn", drawn);
    node.title = open && !drawn ? fillText(text.candidates_pick, { token: name }) : "";
    node.disabled = !open || drawn;
    node.addEventListener("click", () => this.#pick(token));
    return node;
  }

  #others({ others, othersBefore, othersAfter }) {
    if (!others) return "";
    const name = fillText(this.ctx.text.candidates_others, { count: others });
    const numbers = `${candidatesShare(othersBefore)} → ${candidatesShare(othersAfter)}`;
    return element("div", { class: "candidates-row candidates-rest" }, element("b", {}, name),
      element("span", { class: "candidates-bars" }), element("span", { class: "candidates-number" }, numbers));
  }

  #pick(token) {
    this.#picks += 1;
    this.ctx.bus.move({ pick: `${Date.now()}.${this.#picks}:${this.cursor.time}:${token}`, playing: false }, "candidates");
  }

  /** The tokens that may be drawn side by side, and where the die fell. */
  #paintStrip({ ranked, die, othersAfter }) {
    const theme = this.ctx.theme();
    const { vocabulary } = this.ctx.recording.spec;
    const parts = ranked.filter(({ after }) => after > 0).map(({ token, after, drawn }, at) => {
      const node = element("span", {}, after > CANDIDATES_LABELLED ? tokenLabel(vocabulary[token]) : "");
      node.style.flexGrow = String(after);
      node.style.background = categoryColor(at, theme);
      node.classList.toggle("candidates-drawn", drawn);
      return node;
    });
    if (othersAfter > 1e-4) {
      const rest = element("span", {});
      rest.style.flexGrow = String(othersAfter);
      rest.style.background = theme.faint;
      parts.push(rest);
    }
    this.strip.replaceChildren(...parts);
    this.needle.hidden = Number.isNaN(die);
    this.needle.style.left = `${100 * die}%`;
  }

  #write({ chosen, die, sum, left, likeliest }) {
    const { text, options } = this.ctx;
    const one = chosen ?? likeliest;
    const values = {
      token: tokenLabel(this.ctx.recording.spec.vocabulary[one.token]),
      die: formatValue(die, 3),
      before: formatValue(one.before, 3),
      tempered: formatValue(one.tempered, 3),
      after: formatValue(one.after, 3),
      temperature: options.temperature,
      sum: formatValue(sum, 3),
      left: formatValue(left, 3),
    };
    const cold = options.temperature === "0";
    const die_text = Number.isNaN(die) ? (chosen ? text.candidates_given_token : "") : cold ? text.candidates_cold : text.candidates_die;
    this.die.textContent = fillText(die_text, values);
    const formula = cold ? "" : one.after > 0 ? text.candidates_formula : text.candidates_formula_cut;
    this.formula.textContent = fillText(formula, values);
  }
}

function recordingHasWords({ spec }) {
  return spec.vocabulary.some((token) => [...token].length > 1);
}

function candidatesShare(share) {
  if (share > 0 && share < 0.0005) return "<0.1%";
  return `${formatValue(100 * share, share < 0.0995 ? 1 : 0)}%`;
}
