// The account of a memory over the text: a stack of what each earlier word wrote and is still
// there; or any other parts that add up (options.parts, from the array `parts`).
import { element } from "./dom.js";
import { groupedLedger } from "./ledger_model.js";
import { ledgerOf } from "./ledger_model.js";
import { ledgerShares } from "./ledger_model.js";
import { openSheet } from "./sheet.js";
import { nameStack } from "./stack_paint.js";
import { paintStack } from "./stack_paint.js";
import { paintStackAxes } from "./stack_paint.js";
import { stackBands } from "./stack_paint.js";
import { stackColor } from "./stack_paint.js";
import { stackPlot } from "./stack_paint.js";
import { stackScale } from "./stack_paint.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatTick } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const LEDGER_NAMED = 5;

/** options: names (of the parts), first (number of the first colour), percent; for a ledger also
 * groups (the part of every step, then of what was there before) and whole (all units together). */
export function createLedger(host, ctx) {
  return new LedgerPicture(host, ctx);
}

class LedgerPicture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.steps = ctx.recording.spec.steps;
    this.head = element("div", { class: "ledger-head" });
    this.body = element("div", { class: "ledger-body" });
    host.append(this.head, this.body);
    this.sheet = openSheet(this.body);
    this.cursor = element("div", { class: "ledger-cursor" });
    this.sheet.overlay.append(this.cursor);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  draw(cursor, changed) {
    if (["layer", "direction", "unit"].some((key) => changed.has(key))) this.#build(cursor);
    this.#place(cursor);
  }

  resize() {
    this.sheet.resize();
    this.#build(this.ctx.bus.cursor);
    this.#place(this.ctx.bus.cursor);
  }

  retheme() {
    this.resize();
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #build({ layer, direction, unit }) {
    const { recording, options } = this.ctx;
    const { names, first = 0, percent = false } = options;
    this.matrix = options.groups
      ? ledgerParts(recording, options, { layer, direction, unit })
      : recording.array("parts").data;
    const bands = stackBands(this.matrix, this.steps, names.length);
    const { context, width, height } = this.sheet;
    const theme = this.ctx.theme();
    this.plot = stackPlot(width, height, this.steps);
    this.scale = stackScale(bands.low, bands.high, this.plot, percent);
    this.bands = bands;
    this.sheet.clear();
    paintStackAxes(context, this.plot, this.scale, theme);
    const stack = { bands, names, steps: this.steps, first };
    paintStack(context, stack, this.plot, this.scale, theme);
    this.#paintSum(context, theme);
    nameStack(context, stack, this.plot, this.scale, theme);
    this.#paintTimes(context, theme);
  }

  /** Where parts of both signs meet, a line shows what they add up to. */
  #paintSum(context, theme) {
    if (this.scale.low >= 0) return;
    const count = this.ctx.options.names.length;
    context.beginPath();
    for (let t = 0; t < this.steps; t += 1) {
      const x = this.plot.x + t * this.plot.across;
      const y = this.scale.y(this.#sum(t, count));
      context.lineTo(x, y);
      context.lineTo(x + this.plot.across, y);
    }
    for (const [color, thick] of [[theme.background, 5], [theme.text, 2]]) {
      context.strokeStyle = color;
      context.lineWidth = thick;
      context.stroke();
    }
  }

  #paintTimes(context, theme) {
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    const every = this.plot.across >= 17 ? 1 : Math.ceil(44 / this.plot.across / 5) * 5;
    for (let t = every - 1; t < this.steps; t += every) {
      const name = every === 1 ? this.ctx.recording.token(t) : stepLabel(t);
      const shown = this.sheet.fit(name, this.plot.across * every, context);
      context.fillText(shown, this.plot.x + (t + 0.5) * this.plot.across, this.plot.y + this.plot.height + 14);
    }
  }

  #sum(t, count) {
    let sum = 0;
    for (let part = 0; part < count; part += 1) sum += this.matrix[t * count + part];
    return sum;
  }

  /** The column of the cursor, and in words what is largest there. */
  #place({ time }) {
    const { x, y, across, height } = this.plot;
    this.cursor.style.width = `${across + 4}px`;
    this.cursor.style.height = `${height}px`;
    this.cursor.style.transform = `translate(${x + time * across - 2}px, ${y}px)`;
    const { names, first = 0, percent, formula } = this.ctx.options;
    const count = names.length;
    const here = [...names.keys()].map((part) => [part, this.matrix[time * count + part]]);
    const largest = here.filter(([, value]) => Math.abs(value) > 1e-9)
      .sort((one, other) => Math.abs(other[1]) - Math.abs(one[1]));
    const number = (value) => (percent ? wholePercent(value) : formatValue(value, 3));
    const shown = largest.slice(0, LEDGER_NAMED);
    const rest = largest.slice(LEDGER_NAMED).reduce((sum, [, value]) => sum + value, 0);
    const key = ([part, value]) => {
      const swatch = element("i", { class: "ledger-swatch" });
      swatch.style.background = stackColor(part, first, this.ctx.theme());
      return element("span", { class: "ledger-key" }, swatch, names[part], element("b", {}, number(value)));
    };
    const title = formula === "memory"
      ? fillText(this.ctx.text.ledger_sum, { value: formatValue(this.#sum(time, count), 3) })
      : this.ctx.text[`ledger_${formula}`] ?? "";
    this.head.replaceChildren(element("span", { class: "ledger-title" }, title), ...shown.map(key));
    if (largest.length > LEDGER_NAMED) {
      const others = element("span", { class: "ledger-key" }, this.ctx.text.ledger_rest, element("b", {}, number(rest)));
      this.head.append(others);
    }
  }

  #listen() {
    const { bus } = this.ctx;
    const { body } = this;
    body.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.plot) return;
      body.setPointerCapture(event.pointerId);
      bus.move({ time: this.#at(event).time }, "ledger");
    });
    body.addEventListener("pointermove", (event) => {
      if (!this.plot) return;
      const found = this.#at(event);
      if (body.hasPointerCapture(event.pointerId)) bus.move({ time: found.time }, "ledger");
      this.#explain(event, found);
    });
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  /** The step under the pointer, and the part of its stack, -1 beside it. */
  #at(event) {
    const [x, y] = this.sheet.point(event);
    const step = Math.floor((x - this.plot.x) / this.plot.across);
    const time = Math.min(Math.max(step, 0), this.steps - 1);
    const count = this.ctx.options.names.length;
    const part = this.ctx.options.names.findIndex((_, one) => {
      const ends = [this.scale.y(this.bands.from[time * count + one]), this.scale.y(this.bands.to[time * count + one])];
      return y >= Math.min(...ends) && y < Math.max(...ends);
    });
    return { time, part };
  }

  #explain(event, { time, part }) {
    const { text, recording, options } = this.ctx;
    const lines = [[fillText(text.at_step, { t: stepLabel(time) }), recording.token(time)]];
    if (part >= 0) {
      const value = this.matrix[time * options.names.length + part];
      lines.push([options.names[part], options.percent ? `${formatValue(100 * value, 1)}%` : formatValue(value)]);
      const from = options.groups?.indexOf(part) ?? -1;
      if (from >= 0 && from < this.steps) {
        lines.push([text.ledger_written, fillText(text.at_step, { t: stepLabel(from) })]);
      }
    }
    const corner = this.host.getBoundingClientRect();
    this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, lines);
  }
}

function wholePercent(value) {
  if (value !== 0 && Math.abs(value) < 0.005) return "<1%";
  return `${formatTick(Math.round(100 * value))}%`;
}

/** steps x parts: shares of all that the memory holds, or one unit's exact sum. */
function ledgerParts(recording, { groups, names, whole }, { layer, direction, unit }) {
  const { steps } = recording.spec;
  const shown = whole ? -1 : recording.fitUnit("keep", unit);
  const account = ledgerOf(recording, { layer, direction, unit: shown });
  const grouped = groupedLedger(account, groups, steps, names.length);
  return whole ? ledgerShares(grouped, names.length) : grouped;
}
