// Named curves over the frames on up to two axes, with their numbers at the cursor.
import { categoryColor } from "./categories.js";
import { curveScale } from "./curves_model.js";
import { namedCurves } from "./curves_model.js";
import { element } from "./dom.js";
import { svgElement } from "./dom.js";
import { powerLabel } from "./log_axis.js";
import { attachTooltip } from "./tooltip.js";
import { formatTick } from "./words.js";
import { formatValue } from "./words.js";

const CURVES_MARGIN = { left: 54, right: 54, none: 14, top: 10, bottom: 24 };
const CURVES_TICK_ROOM = 84;

/** options.curves: [{name, label, axis: "left" | "right", log}] for the arrays `curve.<name>`. */
export function createCurves(host, ctx) {
  return new CurvesPicture(host, ctx);
}

class CurvesPicture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.curves = namedCurves(ctx.recording, ctx.options);
    this.steps = ctx.recording.spec.steps;
    this.scales = { left: curveScale(this.curves, "left"), right: curveScale(this.curves, "right") };
    this.keys = element("div", { class: "curves-keys" });
    this.still = svgElement("g");
    this.line = svgElement("line", { class: "u-cursor-line" });
    this.dots = svgElement("g");
    this.svg = svgElement("svg", { "aria-hidden": "true" }, this.still, this.line, this.dots);
    this.body = element("div", { class: "u-lines-body", role: "img" }, this.svg);
    this.body.setAttribute("aria-label", ctx.alt || ctx.label);
    host.append(this.keys, this.body);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  draw(cursor) {
    if (!this.plot) this.resize();
    this.#place(cursor);
  }

  resize() {
    this.#paintKeys();
    this.#measure();
    this.#paint();
    this.#place(this.ctx.bus.cursor);
  }

  retheme() {
    this.resize();
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #paintKeys() {
    const theme = this.ctx.theme();
    const two = this.scales.left && this.scales.right;
    this.numbers = this.curves.map(() => element("b", { class: "curves-number" }));
    this.keys.replaceChildren(...this.curves.map((curve, at) => {
      const stroke = svgElement("line", { x1: 1, x2: 25, y1: 6, y2: 6, "stroke-dasharray": curve.dash });
      stroke.style.stroke = categoryColor(curve.at, theme);
      const sign = svgElement("svg", { class: "curves-sign", width: 26, height: 12, "aria-hidden": "true" }, stroke);
      const side = two ? (curve.axis === "left" ? "← " : "→ ") : "";
      return element("span", { class: "curves-key" }, sign, side + curve.label, this.numbers[at]);
    }));
  }

  #measure() {
    const { top, bottom, none } = CURVES_MARGIN;
    const { left, right } = this.scales;
    const width = this.body.clientWidth;
    const height = this.body.clientHeight;
    const x = left ? CURVES_MARGIN.left : none;
    const inner = Math.max(width - x - (right ? CURVES_MARGIN.right : none), 1);
    this.plot = { x, y: top, width: inner, height: Math.max(height - top - bottom, 1) };
  }

  #paint() {
    const theme = this.ctx.theme();
    this.still.replaceChildren();
    this.dots.replaceChildren();
    this.#paintAxes();
    this.marks = this.curves.map((curve) => {
      const attributes = { class: "u-line", d: this.#path(curve), "stroke-dasharray": curve.dash };
      const path = svgElement("path", attributes);
      const dot = svgElement("circle", { class: "u-dot", r: 6 });
      path.style.stroke = dot.style.fill = categoryColor(curve.at, theme);
      this.still.append(path);
      this.dots.append(dot);
      return dot;
    });
    this.line.setAttribute("y1", this.plot.y);
    this.line.setAttribute("y2", this.plot.y + this.plot.height);
  }

  #paintAxes() {
    const { x, y, width, height } = this.plot;
    for (const [axis, scale] of Object.entries(this.scales)) {
      for (const tick of scale?.ticks ?? []) {
        const at = y + (1 - scale.position(tick)) * height;
        const isMain = axis === "left" || !this.scales.left;
        if (isMain) this.still.append(svgElement("line", { class: "u-axis-line", x1: x, x2: x + width, y1: at, y2: at }));
        const name = scale.log ? powerLabel(Math.round(Math.log10(tick))) : formatTick(tick);
        const place = axis === "left" ? [x - 8, "end"] : [x + width + 8, "start"];
        this.still.append(curvesText(place[0], at + 4.5, place[1], name));
      }
    }
    const pitch = width / this.steps;
    const every = Math.max(1, Math.ceil(CURVES_TICK_ROOM / pitch));
    for (let time = 0; time < this.steps; time += every) {
      const name = this.ctx.recording.token(time);
      this.still.append(curvesText(this.#x(time), y + height + 18, "middle", name));
    }
  }

  #x(time) {
    return this.plot.x + ((time + 0.5) / this.steps) * this.plot.width;
  }

  #y({ axis }, value) {
    return this.plot.y + (1 - this.scales[axis].position(value)) * this.plot.height;
  }

  /** Broken where there is no value. */
  #path(curve) {
    let path = "";
    let open = false;
    curve.values.forEach((value, time) => {
      const y = this.#y(curve, value);
      if (Number.isFinite(y)) path += `${open ? "L" : "M"}${this.#x(time).toFixed(1)} ${y.toFixed(1)}`;
      open = Number.isFinite(y);
    });
    return path;
  }

  #place({ time }) {
    this.line.setAttribute("transform", `translate(${this.#x(time)} 0)`);
    this.curves.forEach((curve, at) => {
      const value = curve.values[time];
      const y = this.#y(curve, value);
      this.numbers[at].textContent = formatValue(value);
      this.marks[at].style.display = Number.isFinite(y) ? "" : "none";
      if (Number.isFinite(y)) this.marks[at].setAttribute("transform", `translate(${this.#x(time)} ${y})`);
    });
  }

  #listen() {
    const { body } = this;
    const { bus } = this.ctx;
    body.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      body.setPointerCapture(event.pointerId);
      bus.move({ time: this.#timeAt(event) }, "curves");
    });
    body.addEventListener("pointermove", (event) => {
      const time = this.#timeAt(event);
      if (body.hasPointerCapture(event.pointerId)) bus.move({ time }, "curves");
      this.#explain(event, time);
    });
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #timeAt({ clientX }) {
    const left = clientX - this.body.getBoundingClientRect().left - this.plot.x;
    const time = Math.round((left / this.plot.width) * this.steps - 0.5);
    return Math.min(Math.max(time, 0), this.steps - 1);
  }

  #explain({ clientX, clientY }, time) {
    const corner = this.host.getBoundingClientRect();
    const rows = this.curves.map(({ label, values }) => [label, formatValue(values[time])]);
    const lines = [this.ctx.recording.token(time), ...rows];
    this.tooltip.show(clientX - corner.left, clientY - corner.top, lines);
  }
}

function curvesText(x, y, anchor, name) {
  return svgElement("text", { class: "u-axis-text", x, y, "text-anchor": anchor }, name);
}
