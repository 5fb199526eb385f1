// Shallow or deep? The same network drawn both ways: one layer forward for each answer, and as
// many layers backward as there were steps, each in the colour of the gradient that reaches it.
import { element, svgElement } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { formatSize, powerLabel } from "./log_axis.js";
import { paletteCss, paletteGradient, paletteIndex, paletteOf } from "./palettes.js";
import { Picture } from "./picture.js";
import { attachTooltip } from "./tooltip.js";
import { fillText, stepLabel } from "./words.js";

const DEPTH_ROWS = 20;
const DEPTH_LEFT = 52;
const DEPTH_DECADES = 30;

export function createDepth(host, ctx) {
  return new DepthPicture(host, ctx);
}

class DepthPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { text, options, recording } = ctx;
    this.steps = recording.spec.steps;
    this.powers = recording.array("depth").data;
    const finite = [...this.powers].filter(Number.isFinite);
    const [least, most] = [Math.min(...finite), Math.max(...finite)];
    this.high = most;
    this.low = Math.max(least, most - DEPTH_DECADES);
    this.isCut = finite.length < this.steps || least < this.low;
    this.canvas = element("canvas", { role: "img", "aria-label": ctx.alt });
    this.body = element("div", { class: "bptt-body" }, this.canvas);
    this.legend = element("div", { class: "u-legend" });
    this.line = element("p", { class: "bptt-line" });
    const forward = element("section", { class: "depth-side" },
      element("h3", {}, text.depth_title), depthLoop(),
      element("p", { class: "bptt-line" }, options.forward));
    const backward = element("section", { class: "depth-side depth-deep" },
      element("h3", {}, fillText(text.depth_backward, { layers: this.steps })),
      this.line, this.body, this.legend);
    host.append(forward, backward);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.body;
    if (width === 0 || height === 0) return;
    const theme = this.ctx.theme();
    const across = Math.ceil(this.steps / DEPTH_ROWS);
    this.plot = { x: DEPTH_LEFT, across, cell: (width - DEPTH_LEFT - 4) / across, row: height / DEPTH_ROWS };
    const context = fitCanvas(this.canvas, width, height);
    const colors = paletteOf("gradient", theme);
    const { cell, row } = this.plot;
    for (let back = 0; back < this.steps; back += 1) {
      const [x, y] = this.#place(back);
      const index = paletteIndex(this.#position(this.steps - 1 - back));
      context.fillStyle = paletteCss(colors, Math.max(index, 0));
      context.fillRect(x, y, Math.max(cell - 1, 0.8), row - 3);
    }
    this.#paintNames(context, theme);
    this.#paintCursor(context, theme);
    this.#paintLegend(theme);
    this.#say();
  }

  /** Layers are counted from the loss backward, row by row. */
  #place(back) {
    const { x, across, cell, row } = this.plot;
    return [x + (back % across) * cell, Math.floor(back / across) * row];
  }

  #position(k) {
    const power = this.powers[k];
    if (!Number.isFinite(power)) return 0;
    return this.high === this.low ? 1 : (power - this.low) / (this.high - this.low);
  }

  #paintNames(context, theme) {
    const { across, row } = this.plot;
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.muted;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let line = 0; line < DEPTH_ROWS; line += row < 15 ? 2 : 1) {
      context.fillText(String(line * across), DEPTH_LEFT - 8, (line + 0.5) * row - 1);
    }
  }

  #paintCursor(context, theme) {
    const { cell, row } = this.plot;
    const [x, y] = this.#place(this.steps - 1 - this.cursor.time);
    context.strokeStyle = theme.primary;
    context.lineWidth = 3;
    context.strokeRect(x - 2.5, y - 0.5, cell + 4, row - 1);
  }

  #paintLegend(theme) {
    const bar = element("span", { class: "u-legend-bar" });
    bar.style.background = paletteGradient("gradient", theme);
    const end = (power, sign = "") => element("span", { class: "u-legend-end" }, sign + powerLabel(Math.round(power)));
    this.legend.replaceChildren(element("span", { class: "u-legend-title" }, "‖∂L/∂hₖ‖"),
      end(this.low, this.isCut ? "≤ " : ""), bar, end(this.high));
  }

  #say() {
    const { time } = this.cursor;
    this.line.textContent = fillText(this.ctx.text.depth_line, {
      back: this.steps - 1 - time, k: stepLabel(time), size: this.#size(time),
      share: this.#share(time),
    });
  }

  #size(k) {
    return depthNumber(this.powers[k]);
  }

  #share(k) {
    return depthNumber(this.powers[k] - this.powers[this.steps - 1]);
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.#choose(event));
    canvas.addEventListener("pointermove", (event) => {
      const k = this.#at(event);
      if (event.buttons & 1) this.#choose(event);
      if (k === null) return this.tooltip.hide();
      const corner = this.host.getBoundingClientRect();
      return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [
        [`h ${stepLabel(k)}`, this.ctx.recording.token(k)], ["‖∂L/∂h‖", this.#size(k)],
      ]);
    });
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #choose(event) {
    const time = this.#at(event);
    if (event.button <= 0 && time !== null) this.ctx.bus.move({ time }, "depth");
  }

  #at({ clientX, clientY }) {
    const corner = this.canvas.getBoundingClientRect();
    const { x, across, cell, row } = this.plot;
    const column = Math.floor((clientX - corner.left - x) / cell);
    const back = Math.floor((clientY - corner.top) / row) * across + column;
    const isInside = column >= 0 && column < across && back >= 0 && back < this.steps;
    return isInside ? this.steps - 1 - back : null;
  }
}

/** 10 to the `power`, which may be smaller than any number of a computer. */
function depthNumber(power) {
  if (!Number.isFinite(power)) return "0";
  return Math.abs(power) < 30 ? formatSize(10 ** power, 3) : powerLabel(Math.round(power));
}

/** x into h, h into itself, h into y: all that one answer needs. */
function depthLoop() {
  const wire = (d) => svgElement("path", { class: "depth-wire", d });
  const letter = (x, y, name, kind = "bptt-token") =>
    svgElement("text", { class: kind, x, y, "text-anchor": "middle" }, name);
  return svgElement("svg", { class: "depth-loop", viewBox: "0 0 220 260", "aria-hidden": "true" },
    svgElement("rect", { class: "cut-box cut-kept", x: 70, y: 100, width: 70, height: 60, rx: 6 }),
    wire("M105 226V164"), wire("M105 100V46"), wire("M140 130H188V72H122V96"),
    svgElement("path", { class: "depth-head", d: "M105 160l-6 11h12z M105 40l-6 11h12z M122 100l-6 -11h12z" }),
    letter(105, 246, "xₜ"), letter(105, 136, "hₜ"), letter(105, 30, "yₜ"),
    letter(88, 200, "W", "cut-name"), letter(88, 76, "V", "cut-name"), letter(202, 106, "U", "cut-name"));
}
