// Units by time of one signal. Below lie the tokens, at the right the vector of the cursor's step.
import { element } from "./dom.js";
import { labelledSelect } from "./dom.js";
import { orderRows } from "./heatmap_order.js";
import { rowOrders } from "./heatmap_order.js";
import { fitCanvas } from "./heatmap_paint.js";
import { heatImage } from "./heatmap_paint.js";
import { paintHeat } from "./heatmap_paint.js";
import { paintTimes } from "./heatmap_paint.js";
import { paintUnits } from "./heatmap_paint.js";
import { paintVector } from "./heatmap_paint.js";
import { iconButton } from "./icons.js";
import { createColorBar } from "./legend.js";
import { scaleOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { signalLabel } from "./words.js";
import { stepLabel } from "./words.js";

const HEAT_LEFT = 44;
const HEAT_BOTTOM = 28;
const HEAT_TOP = 8;
const HEAT_VECTOR = 96;

/** options: signal (fixed), signals (to choose from), order, static (no choosers). */
export function createHeatmap(host, ctx) {
  return new HeatmapPicture(host, ctx);
}

class HeatmapPicture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    const { options, recording, memory } = ctx;
    this.signals = (options.signals ?? recording.signals).filter((name) => recording.has(name));
    memory.order ??= options.order ?? "recorded";
    memory.sortedAt ??= 0;
    this.labels = Array.from({ length: recording.spec.steps }, (_, time) => recording.token(time));
    this.#buildHeader();
    this.#buildBody();
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  draw(cursor, changed) {
    const signal = this.#shownSignal(cursor);
    const rebuilt = signal !== this.signal || changed.has("layer") || changed.has("direction");
    if (rebuilt) {
      this.signal = signal;
      this.#paint(cursor);
    }
    this.#place(cursor);
  }

  resize() {
    this.#paint(this.ctx.bus.cursor);
    this.#place(this.ctx.bus.cursor);
  }

  retheme() {
    this.resize();
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #shownSignal(cursor) {
    const { signal } = this.ctx.options;
    if (signal) return signal;
    return this.signals.includes(cursor.signal) ? cursor.signal : this.signals[0];
  }

  #buildHeader() {
    const { text, options, bus } = this.ctx;
    const names = this.signals.map((name) => [name, signalLabel(text, name)]);
    this.picker = labelledSelect(text.signal, names, (signal) => bus.move({ signal }, "heatmap"));
    this.picker.field.hidden = Boolean(options.signal) || names.length < 2;
    this.picker.select.dataset.focus = "heatmap-signal";
    this.orders = labelledSelect(text.row_order, [], (order) => this.#sort(order));
    this.orders.select.dataset.focus = "heatmap-order";
    this.again = iconButton("sort", text.sort_again, () => this.#sort("step"));
    this.again.classList.add("u-word");
    this.sorted = element("span");
    this.again.append(this.sorted);
    const choosers = [this.picker.field, this.orders.field, this.again];
    this.legend = createColorBar(text);
    const parts = options.static ? [] : choosers;
    this.host.classList.toggle("u-heat-static", options.static === true);
    this.header = element("div", { class: "u-heat-header" }, ...parts, this.legend.node);
  }

  #buildBody() {
    this.base = element("canvas", { "aria-hidden": "true" });
    this.vector = element("canvas", { class: "u-heat-layer", "aria-hidden": "true" });
    this.column = element("div", { class: "u-heat-column" });
    this.row = element("div", { class: "u-heat-row" });
    this.unitMark = element("div", { class: "u-heat-unit" });
    this.timeMark = element("div", { class: "u-heat-time" });
    this.value = element("div", { class: "u-heat-value" });
    const marks = [this.column, this.row, this.unitMark, this.timeMark, this.value];
    this.body = element("div", { class: "u-heat-body" }, this.base, this.vector, ...marks);
    this.host.append(this.header, this.body);
  }

  #sort(order) {
    const { memory, bus } = this.ctx;
    memory.order = order;
    memory.sortedAt = bus.cursor.time;
    this.resize();
  }

  /** All that does not move with the cursor. */
  #paint(cursor) {
    const { recording, memory } = this.ctx;
    const { signal } = this;
    const theme = this.ctx.theme();
    const { layer, direction } = cursor;
    const time = Math.min(memory.sortedAt, recording.spec.steps - 1);
    this.scale = scaleOf(recording, signal);
    this.rows = orderRows(recording, memory.order, { signal, layer, direction, time });
    this.#drawHeader(time);
    this.plot = this.#plot();
    const { width, height } = this.plot.outer;
    if (width === 0 || height === 0) return;
    const context = fitCanvas(this.base, width, height);
    const plane = recording.plane(signal, layer, direction);
    paintHeat(context, heatImage(plane, this.rows.units, this.scale, theme), this.plot, theme);
    paintUnits(context, this.rows, this.plot, theme);
    this.showsTokens = paintTimes(context, this.labels, this.plot, theme);
    this.vectorContext = fitCanvas(this.vector, width, height);
    this.#sizeMarks();
  }

  /** The borders lie around the column and the row, so that the values stay visible. */
  #sizeMarks() {
    const { plot, rows, labels } = this;
    const { x, y, width: beside, height: tall } = plot.vector;
    this.column.style.width = `${plot.width / labels.length + 4}px`;
    this.column.style.height = `${plot.height}px`;
    this.row.style.width = `${plot.width + (beside ? beside + 14 : 0)}px`;
    this.row.style.height = `${plot.height / rows.units.length + 4}px`;
    this.value.hidden = beside === 0;
    this.value.style.transform = `translate(${x}px, ${y + tall + 3}px)`;
  }

  #drawHeader(time) {
    const { recording, memory, text } = this.ctx;
    this.legend.draw(this.scale, this.#title(), this.ctx.theme());
    this.picker.select.value = this.signal;
    const available = rowOrders(recording, this.signal);
    this.orders.select.replaceChildren(
      ...available.map((name) => element("option", { value: name }, text[`order_${name}`])),
    );
    this.orders.select.value = available.includes(memory.order) ? memory.order : "recorded";
    this.again.hidden = memory.order !== "step";
    this.sorted.textContent = fillText(text.at_step, { t: stepLabel(time) });
  }

  #title() {
    const chosen = !this.ctx.options.static && !this.picker.field.hidden;
    return chosen || this.ctx.label ? "" : signalLabel(this.ctx.text, this.signal);
  }

  #plot() {
    const width = this.body.clientWidth;
    const height = this.body.clientHeight;
    const beside = width > 460 ? HEAT_VECTOR : 0;
    const inner = Math.max(width - HEAT_LEFT - (beside ? beside + 14 : 4), 1);
    const plot = { x: HEAT_LEFT, y: HEAT_TOP, width: inner };
    plot.height = Math.max(height - HEAT_TOP - HEAT_BOTTOM, 1);
    plot.outer = { width, height };
    plot.vector = { x: HEAT_LEFT + inner + 14, y: plot.y, width: beside, height: plot.height };
    return plot;
  }

  /** All that moves with the cursor: four boxes and the vector's bars. */
  #place({ time, layer, direction, unit }) {
    const { recording } = this.ctx;
    const { plot, rows, labels } = this;
    const across = plot.width / labels.length;
    const down = plot.height / rows.units.length;
    const shown = recording.fitUnit(this.signal, unit);
    const x = plot.x + time * across;
    const y = plot.y + rows.rows[shown] * down;
    this.column.style.transform = `translate(${x - 2}px, ${plot.y}px)`;
    this.row.style.transform = `translate(${plot.x}px, ${y - 2}px)`;
    this.unitMark.textContent = String(shown);
    this.unitMark.style.transform = `translate(0, ${y + down / 2 - 8}px)`;
    const token = labels[time];
    this.timeMark.textContent = this.showsTokens ? token : `${stepLabel(time)} ${token}`;
    const middle = Math.min(Math.max(x + across / 2, 40), plot.outer.width - 40);
    this.timeMark.style.transform = `translate(${middle}px, ${plot.y + plot.height + 3}px) translateX(-50%)`;
    const values = recording.row(this.signal, layer, direction, time);
    this.value.textContent = formatValue(values[shown]);
    if (plot.vector.width && this.vectorContext) {
      const theme = this.ctx.theme();
      paintVector(this.vectorContext, values, rows.units, this.scale, plot.vector, theme);
    }
  }

  #listen() {
    const { bus } = this.ctx;
    const { body } = this;
    body.addEventListener("pointerdown", (event) => {
      const found = this.#at(event);
      if (event.button !== 0 || !found) return;
      body.setPointerCapture(event.pointerId);
      const signal = this.ctx.options.signal ? { signal: this.signal } : {};
      bus.move({ ...found, ...signal }, "heatmap");
    });
    body.addEventListener("pointermove", (event) => {
      const dragging = body.hasPointerCapture(event.pointerId);
      const found = this.#at(event, dragging);
      if (dragging && found?.time !== undefined) bus.move({ time: found.time }, "heatmap");
      this.#explain(event, found);
    });
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  /** What lies under the pointer: {time, unit}, only {unit} in the vector, null outside. */
  #at(event, dragging = false) {
    const { plot, rows, labels } = this;
    const corner = this.body.getBoundingClientRect();
    const right = (event.clientX - corner.left - plot.x) / plot.width;
    const down = (event.clientY - corner.top - plot.y) / plot.height;
    const row = Math.min(Math.max(Math.floor(down * rows.units.length), 0), rows.units.length - 1);
    const column = Math.min(Math.max(Math.floor(right * labels.length), 0), labels.length - 1);
    const found = { unit: rows.units[row], time: column };
    if (dragging) return found;
    if (down < 0 || down >= 1.15 || right < 0) return null;
    // On the axis below only the time is meant.
    if (down >= 1) return right < 1 ? { time: column } : null;
    return right < 1 ? found : { unit: found.unit };
  }

  #explain(event, found) {
    if (!found) return this.tooltip.hide();
    const { recording, text, bus } = this.ctx;
    const { layer, direction } = bus.cursor;
    const time = found.time ?? bus.cursor.time;
    const unit = found.unit ?? recording.fitUnit(this.signal, bus.cursor.unit);
    const value = recording.at(this.signal, layer, direction, time, unit);
    const corner = this.host.getBoundingClientRect();
    return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [
      [fillText(text.at_step, { t: stepLabel(time) }), this.labels[time]],
      [text.unit, String(unit)],
      [signalLabel(text, this.signal), formatValue(value)],
    ]);
  }
}
