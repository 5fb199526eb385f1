// The picture "Inside a cell": one step of the chosen cell at the shared cursor, its wiring on the
// left, its equations with this step's numbers on the right.
import { CellDiagram, exactNumber, partTip } from "./cell_diagram.js";
import { cellEquations } from "./cell_equations.js";
import { createFormula } from "./cell_formula.js";
import { createScaleKeys } from "./cell_legend.js";
import { runPulses } from "./cell_pulse.js";
import { attachStageKeys, createStages } from "./cell_stages.js";
import { shortToken } from "./cell_tokens.js";
import { CellStep } from "./cell_values.js";
import { prefersStillness } from "./clock.js";
import { element } from "./dom.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";

const CELL_CURSOR = ["time", "layer", "direction", "unit"];

/** options: {stage}: the stage shown first (1..n), everything when absent. */
export function createCell(host, ctx) {
  const picture = new CellPicture(host, ctx);
  return {
    draw: (cursor, changed) => picture.draw(cursor, changed),
    resize: () => picture.resize(),
    retheme: () => picture.retheme(),
    destroy: () => picture.destroy(),
  };
}

class CellPicture {
  #step = null;
  #outputUnit = null;
  #stopPulses = () => {};
  #lit = [];

  constructor(host, { recording, bus, theme, text, options = {}, memory = {} }) {
    Object.assign(this, { host, recording, bus, theme, text, memory });
    const { cell } = recording.spec;
    const equations = cellEquations(cell, isProjected(recording));
    this.diagram = new CellDiagram(cell, text);
    this.formula = createFormula(equations, cellNotes(cell, text), text);
    this.stages = createStages(cell.kind, text, (stage) => this.#choose(stage));
    this.legend = createScaleKeys(recording, text);
    this.tooltip = attachTooltip(host);
    this.wiring = element("div", { class: "cell-wiring" }, this.diagram.node);
    const side = element("div", { class: "cell-side" }, this.formula.node, this.legend.node);
    const body = element("div", { class: "cell-body" }, this.wiring, side);
    this.side = side;
    this.root = element("div", { class: "cell" }, this.stages.node, body);
    host.append(this.root);
    this.stage = memory.stage ?? options.stage ?? this.stages.last;
    this.detachKeys = attachStageKeys(host, (change) => this.stages.move(change));
    this.#listen();
    this.legend.retheme(theme());
    this.resize();
  }

  draw(cursor, changed) {
    if (this.#step && !CELL_CURSOR.some((key) => changed.has(key))) return;
    const first = this.#step === null;
    if (changed.has("layer") || changed.has("direction")) this.#outputUnit = null;
    const before = this.#step;
    this.#step = new CellStep(this.recording, cursor, this.#outputUnit);
    this.#paint();
    // How much room the equations need is known once they hold numbers.
    if (first) this.resize();
    const one = before && Math.abs(cursor.time - before.time) === 1;
    if (changed.has("time") && one && !prefersStillness()) this.#pulse(cursor);
  }

  #pulse(cursor) {
    this.#stopPulses();
    const now = performance.now();
    const quick = now - (this.lastStep ?? 0) < 150;
    this.lastStep = now;
    if (quick) return;
    this.#stopPulses = runPulses(this.diagram.parts, this.stage, cursor.playing ? cursor.speed : 1);
  }

  #paint() {
    if (!this.#step) return;
    const theme = this.theme();
    this.diagram.draw(this.#step, theme);
    this.formula.draw(this.#step, theme);
  }

  resize() {
    this.#stopPulses();
    this.root.classList.toggle("cell-stacked", this.host.clientWidth < 620);
    this.#fitType();
    const { clientWidth, clientHeight } = this.wiring;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.diagram.resize(clientWidth, clientHeight);
    this.#showStage();
    this.#paint();
    this.diagram.light(this.#lit);
  }

  // The largest type at which all equations fit: it grows with the picture, so that they can be
  // read from the back of a room. Where none fits, the equations' names give way.
  #fitType() {
    const { clientWidth, clientHeight } = this.host;
    const most = Math.min(Math.max(Math.min(clientWidth / 54, clientHeight / 24), 14), 30);
    for (const tight of [false, true]) {
      this.root.classList.toggle("cell-tight", tight);
      for (let size = Math.round(most); size >= 13; size -= 0.5) {
        this.root.style.setProperty("--cell-size", `${size}px`);
        if (this.side.scrollHeight <= this.side.clientHeight) return;
      }
    }
  }

  retheme() {
    this.legend.retheme(this.theme());
    this.#paint();
  }

  destroy() {
    this.detachKeys();
    this.#stopPulses();
    this.tooltip.destroy();
    this.root.remove();
  }

  #choose(stage) {
    this.stage = this.memory.stage = stage;
    this.#showStage();
  }

  #showStage() {
    const all = this.stage >= this.stages.last;
    this.stages.show(Math.min(this.stage, this.stages.last));
    this.diagram.setStage(this.stage, all);
    this.formula.setStage(this.stage);
  }

  #listen() {
    const { node } = this.diagram;
    node.addEventListener("click", (event) => this.#chooseUnit(event));
    node.addEventListener("pointermove", (event) => this.#point(event));
    node.addEventListener("pointerleave", () => this.#leave());
    for (const [id, row] of this.formula.rows) {
      row.node.addEventListener("pointerenter", () => this.#light([id], true));
      row.node.addEventListener("pointerleave", () => this.#leave());
      row.node.addEventListener("focus", () => this.#focusEquation(id, row.node));
      row.node.addEventListener("blur", () => this.#leave());
    }
  }

  #chooseUnit(event) {
    const cell = event.target.closest("[data-unit]");
    if (!cell) return;
    const name = cell.closest("[data-strip]").dataset.strip;
    const unit = Number(cell.dataset.unit);
    if (name === "input") return;
    if (this.#step.ownOutput && /^(previous_)?output/.test(name)) {
      this.#outputUnit = unit;
      this.draw(this.bus.cursor, new Set(["unit"]));
    } else {
      this.bus.move({ unit }, "cell");
    }
  }

  #point(event) {
    const part = this.diagram.partAt(event.target);
    if (!part || !this.#step) return this.#leave();
    const lines = this.#tipLines(part, event.target);
    const { left, top } = this.host.getBoundingClientRect();
    if (lines.length) this.tooltip.show(event.clientX - left, event.clientY - top, lines);
    else this.tooltip.hide();
    this.#light(part.of.eq, false);
  }

  #tipLines(part, target) {
    const cell = target.closest("[data-unit]");
    if (!cell)
      return this.#withUnit(partTip(part, this.#step), this.#step.unitOf(part.of.name ?? ""));
    const name = cell.closest("[data-strip]").dataset.strip;
    const unit = Number(cell.dataset.unit);
    const row = this.#step.row(name);
    const head = this.#unitName(name, unit);
    return [head, [this.#stripName(name), exactNumber(row[unit])]];
  }

  #tokenLines() {
    const { token, unknownToken, layer } = this.#step;
    if (layer > 0 || token === "") return [];
    return [unknownToken ? fillText(this.text.unknown_token, { token }) : token];
  }

  #withUnit(lines, unit) {
    return lines.length ? [fillText(this.text.unit_number, { unit }), ...lines] : [];
  }

  #unitName(name, unit) {
    const token = this.#step.unitToken(name, unit);
    const label = fillText(this.text.unit_number, { unit });
    return token ? `${label} · ${shortToken(token, 12)}` : label;
  }

  #stripName(name) {
    const signal = name.replace(/^previous_/, "");
    return this.text[`signal_${signal}`] ?? this.text.cell_input_below;
  }

  #focusEquation(id, row) {
    this.#light([id], true);
    if (!row.matches(":focus-visible") || !this.#step) return;
    const part = this.diagram.parts.find((one) => !one.wire && one.of.id === id);
    if (!part) return;
    const box = part.group.getBoundingClientRect();
    const { left, top } = this.host.getBoundingClientRect();
    const lines = this.#withUnit(partTip(part, this.#step), this.#step.unitOf(id));
    this.tooltip.show(box.right - left, box.top - top, lines);
  }

  #light(ids, dim) {
    this.#lit = ids;
    this.diagram.light(ids);
    this.diagram.node.classList.toggle("cell-dim", dim && ids.length > 0);
    for (const [id, row] of this.formula.rows) {
      row.node.classList.toggle("cell-lit", ids.includes(id));
    }
  }

  #leave() {
    this.tooltip.hide();
    this.#light([], false);
  }
}

/** An LSTM with proj_size: its hidden state has another width than its cell state. */
function isProjected(recording) {
  return recording.has("cell") && recording.width("cell") !== recording.width("hidden");
}

/** What must be said about a cell's formulas, as paragraphs. */
function cellNotes({ kind }, text) {
  if (kind === "elman") return [text.cell_note_elman];
  if (kind === "jordan") return [text.cell_note_jordan];
  if (kind === "gru") return [text.cell_note_update, text.cell_note_reset_torch];
  if (kind === "gru-original") return [text.cell_note_update, text.cell_note_reset_original];
  return [];
}
