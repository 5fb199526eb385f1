// The same signal before and after, side by side on one scale and one cursor: what a change in
// the network did to its states. The second recording's signals are called `after.<signal>`.
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { labelledSelect } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { heatImage } from "./heatmap_paint.js";
import { paintHeat } from "./heatmap_paint.js";
import { paintTimes } from "./heatmap_paint.js";
import { paintUnits } from "./heatmap_paint.js";
import { createColorBar } from "./legend.js";
import { scaleOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { signalLabel } from "./words.js";
import { stepLabel } from "./words.js";

const TWIN_MARGIN = { left: 34, right: 4, top: 4, bottom: 26 };

/** Both halves show the cursor's signal; options.signals are those to choose from. */
export function createTwins(host, ctx) {
  return new TwinsPicture(host, ctx);
}

class TwinsPicture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    const { text, bus, options, recording } = ctx;
    this.signals = options.signals;
    this.labels = Array.from({ length: recording.spec.steps }, (_, time) => recording.token(time));
    const names = this.signals.map((name) => [name, signalLabel(text, name)]);
    this.picker = labelledSelect(text.signal, names, (signal) => bus.move({ signal }, "twins"));
    this.picker.select.dataset.focus = "twins-signal";
    this.legend = createColorBar(text);
    this.head = element("div", { class: "twins-head" }, this.picker.field, this.legend.node);
    this.halves = ["", "after."].map((prefix) => this.#half(prefix));
    this.both = element("div", { class: "twins-both" }, ...this.halves.map(({ node }) => node));
    host.append(this.head, this.both);
    this.tooltip = attachTooltip(host);
  }

  draw(cursor, changed) {
    const signal = this.signals.includes(cursor.signal) ? cursor.signal : this.signals[0];
    const again = ["layer", "direction"].some((key) => changed.has(key)) || signal !== this.signal;
    this.signal = signal;
    if (again) this.#paint(cursor);
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

  #half(prefix) {
    const { text } = this.ctx;
    const swatch = element("i", { class: "ledger-swatch" });
    const name = prefix ? text.twins_after : text.twins_before;
    const title = element("div", { class: "twins-title" }, swatch, element("span", {}, name));
    const canvas = element("canvas", { "aria-hidden": "true" });
    const column = element("div", { class: "twins-column" });
    const row = element("div", { class: "twins-row" });
    const value = element("b", { class: "twins-value" });
    title.append(value);
    const body = element("div", { class: "twins-body" }, canvas, column, row);
    const half = { prefix, canvas, column, row, value, body, swatch };
    half.node = element("div", { class: "twins-half" }, title, body);
    this.#listen(half);
    return half;
  }

  #paint({ layer, direction }) {
    const { recording, text } = this.ctx;
    if (!this.signal) return;
    const theme = this.ctx.theme();
    const scales = this.halves.map(({ prefix }) => scaleOf(recording, prefix + this.signal));
    // A gate lies between 0 and 1 by either name; states share the wider of their two scales.
    const gate = scaleOf(recording, this.signal);
    this.scale = gate.kind === "gate" || scales[0].high >= scales[1].high ? scales[0] : scales[1];
    this.picker.select.value = this.signal;
    this.legend.draw(this.scale, "", theme);
    this.rows = { units: [...Array(recording.width(this.signal)).keys()], order: "recorded" };
    for (const half of this.halves) {
      half.swatch.style.background = categoryColor(half.prefix ? 1 : 0, theme);
      const { clientWidth, clientHeight } = half.body;
      if (!clientWidth || !clientHeight) continue;
      const { left, right, top, bottom } = TWIN_MARGIN;
      const plot = { x: left, y: top, width: clientWidth - left - right, height: clientHeight - top - bottom };
      const context = fitCanvas(half.canvas, clientWidth, clientHeight);
      const plane = recording.plane(half.prefix + this.signal, layer, direction);
      paintHeat(context, heatImage(plane, this.rows.units, this.scale, theme), plot, theme);
      paintUnits(context, this.rows, plot, theme);
      paintTimes(context, this.labels, plot, theme);
      half.plot = plot;
      half.node.setAttribute("aria-label", signalLabel(text, this.signal));
    }
  }

  #place({ time, layer, direction, unit }) {
    const { recording } = this.ctx;
    const shown = recording.fitUnit(this.signal, unit);
    for (const { plot, column, row, value, prefix } of this.halves) {
      if (!plot) continue;
      const [across, down] = [plot.width / this.labels.length, plot.height / this.rows.units.length];
      column.style.width = `${across + 4}px`;
      column.style.height = `${plot.height}px`;
      column.style.transform = `translate(${plot.x + time * across - 2}px, ${plot.y}px)`;
      row.style.width = `${plot.width}px`;
      row.style.height = `${down + 4}px`;
      row.style.transform = `translate(${plot.x}px, ${plot.y + shown * down - 2}px)`;
      value.textContent = formatValue(recording.at(prefix + this.signal, layer, direction, time, shown), 3);
    }
  }

  #listen(half) {
    const { bus } = this.ctx;
    half.body.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !half.plot) return;
      half.body.setPointerCapture(event.pointerId);
      bus.move(this.#at(half, event), "twins");
    });
    half.body.addEventListener("pointermove", (event) => {
      if (!half.plot) return;
      const found = this.#at(half, event);
      if (half.body.hasPointerCapture(event.pointerId)) bus.move({ time: found.time }, "twins");
      this.#explain(event, found);
    });
    half.body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #at({ plot, body }, event) {
    const corner = body.getBoundingClientRect();
    const inside = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    return {
      time: inside((event.clientX - corner.left - plot.x) / plot.width, this.labels.length),
      unit: inside((event.clientY - corner.top - plot.y) / plot.height, this.rows.units.length),
    };
  }

  #explain(event, { time, unit }) {
    const { recording, text, bus } = this.ctx;
    const { layer, direction } = bus.cursor;
    const [before, after] = this.halves.map(({ prefix }) =>
      recording.at(prefix + this.signal, layer, direction, time, unit));
    const corner = this.host.getBoundingClientRect();
    this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [
      [fillText(text.at_step, { t: stepLabel(time) }), this.labels[time]],
      [text.unit, String(unit)],
      [text.twins_before, formatValue(before)],
      [text.twins_after, formatValue(after)],
    ]);
  }
}
