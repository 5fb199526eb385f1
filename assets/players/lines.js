// The value of the chosen unit over time, with the pinned units beside it.
import { element } from "./dom.js";
import { svgElement } from "./dom.js";
import { icon } from "./icons.js";
import { linePath } from "./lines_axes.js";
import { lineColors } from "./lines_axes.js";
import { paintLineAxes } from "./lines_axes.js";
import { plotArea } from "./lines_axes.js";
import { scaleOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { signalLabel } from "./words.js";
import { stepLabel } from "./words.js";

export function createLines(host, ctx) {
  return new LinesPicture(host, ctx);
}

class LinesPicture {
  #lines = [];

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.title = element("span", { class: "u-legend-title" });
    this.chips = element("div", { class: "u-chips" });
    this.still = svgElement("g");
    this.cursorLine = svgElement("line", { class: "u-cursor-line" });
    this.dots = svgElement("g");
    const moving = svgElement("g", {}, this.cursorLine, this.dots);
    this.svg = svgElement("svg", { "aria-hidden": "true" }, this.still, moving);
    this.body = element("div", { class: "u-lines-body" }, this.svg);
    host.append(this.chips, this.body);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  draw(cursor, changed) {
    const keys = ["signal", "layer", "direction", "unit", "pinned"];
    if (keys.some((key) => changed.has(key))) this.#build(cursor);
    this.#place(cursor);
  }

  resize() {
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

  /** The lines, the axes and the chips: all that does not move with the time. */
  #build({ signal, layer, direction, unit, pinned }) {
    const { recording, text } = this.ctx;
    if (!recording.has(signal)) return;
    const focused = this.host.getRootNode().activeElement?.dataset?.unit;
    const chosen = recording.fitUnit(signal, unit);
    const units = [chosen, ...pinned.filter((one) => one !== chosen && one < recording.width(signal))];
    const colors = lineColors(units, pinned, this.ctx.theme());
    this.scale = scaleOf(recording, signal);
    this.steps = recording.spec.steps;
    this.#lines = units.map((one, at) => {
      const values = Float32Array.from({ length: this.steps }, (_, time) =>
        recording.at(signal, layer, direction, time, one));
      return { unit: one, values, color: colors[at], chip: this.#chip(one, colors[at], pinned) };
    });
    this.title.textContent = signalLabel(text, signal);
    this.chips.replaceChildren(this.title, ...this.#lines.map(({ chip }) => chip.node));
    if (focused) this.chips.querySelector(`[data-unit="${focused}"]`)?.focus();
    this.#drawLines();
  }

  #drawLines() {
    const { width, height } = this.body.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.area = plotArea(width, height);
    this.still.replaceChildren();
    this.still.classList.toggle("u-dense", this.steps > 80);
    paintLineAxes(this.still, this.scale, this.area, this.steps);
    this.dots.replaceChildren();
    // The chosen unit is drawn last, on top.
    for (const line of [...this.#lines].reverse()) {
      const path = svgElement("path", { class: "u-line", d: linePath(line.values, this.scale, this.area) });
      path.style.stroke = line.color;
      path.classList.toggle("u-line-chosen", line === this.#lines[0]);
      this.still.append(path);
      line.dot = svgElement("circle", { class: "u-dot", r: line === this.#lines[0] ? 7 : 5 });
      line.dot.style.fill = line.color;
      this.dots.append(line.dot);
    }
    for (const [name, y] of [["y1", this.area.y], ["y2", this.area.y + this.area.height]]) {
      this.cursorLine.setAttribute(name, y);
    }
  }

  /** "unit 3 = 0.1234": a press pins the unit, another takes it away again. */
  #chip(unit, color, pinned) {
    const { text } = this.ctx;
    const isPinned = pinned.includes(unit);
    const value = element("span", { class: "u-chip-value" });
    const swatch = element("span", { class: "u-chip-line" });
    swatch.style.setProperty("--chip", color);
    const name = fillText(text.unit_number, { unit });
    const title = fillText(isPinned ? text.unpin : text.pin, { unit });
    const node = element("button", { type: "button", class: "u-chip", title, "data-unit": unit });
    node.setAttribute("aria-pressed", String(isPinned));
    node.append(swatch, element("span", {}, name), value, icon("pin"));
    node.addEventListener("click", () => this.#togglePin(unit));
    return { node, value };
  }

  #togglePin(unit) {
    const { bus } = this.ctx;
    const { pinned } = bus.cursor;
    const next = pinned.includes(unit) ? pinned.filter((one) => one !== unit) : [...pinned, unit];
    bus.move({ pinned: next }, "lines");
  }

  #place({ time }) {
    if (!this.area) return;
    const x = this.area.x + this.area.across(time, this.steps);
    this.cursorLine.setAttribute("transform", `translate(${x} 0)`);
    for (const { values, chip, dot } of this.#lines) {
      const value = values[time];
      chip.value.textContent = formatValue(value);
      if (!dot) continue;
      const here = !Number.isNaN(value);
      dot.style.display = here ? "" : "none";
      if (here) dot.setAttribute("transform", `translate(${x} ${this.area.down(this.scale, value)})`);
    }
  }

  #listen() {
    const { bus } = this.ctx;
    const { body } = this;
    body.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.area) return;
      body.setPointerCapture(event.pointerId);
      bus.move({ time: this.#timeAt(event) }, "lines");
    });
    body.addEventListener("pointermove", (event) => {
      if (!this.area) return;
      const time = this.#timeAt(event);
      if (body.hasPointerCapture(event.pointerId)) bus.move({ time }, "lines");
      this.#explain(event, time);
    });
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #timeAt(event) {
    const left = event.clientX - this.body.getBoundingClientRect().left - this.area.x;
    const time = Math.round((left / this.area.width) * this.steps - 0.5);
    return Math.min(Math.max(time, 0), this.steps - 1);
  }

  #explain(event, time) {
    const { text, recording } = this.ctx;
    const corner = this.host.getBoundingClientRect();
    const rows = this.#lines.map(({ unit, values }) =>
      [fillText(text.unit_number, { unit }), formatValue(values[time])]);
    const head = [fillText(text.at_step, { t: stepLabel(time) }), recording.token(time)];
    this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [head, ...rows]);
  }
}
