// The size of the gradient at every time step on a logarithmic scale, one panel a model.
import { element } from "./dom.js";
import { paintCrossings, paintNormsCursor, paintNormsSteps } from "./norms_cursor.js";
import { normsColumnBoxes, normsColumns, normsPanels, panelScale } from "./norms_layout.js";
import { createNormsLegend } from "./norms_legend.js";
import { NormsModel } from "./norms_model.js";
import { paintNormsBase, paintNormsCurves } from "./norms_paint.js";
import { openSheet } from "./sheet.js";
import { attachTooltip } from "./tooltip.js";

const NORMS_LEAST_TOKEN_PITCH = 13;

export function createNorms(host, context) {
  return new NormsPicture(host, context);
}

class NormsPicture {
  #dragging = false;
  #layer = -1;
  #plated = null;

  constructor(host, context) {
    this.host = host;
    this.context = context;
    this.bus = context.bus;
    this.theme = context.theme;
    this.cursor = context.bus.cursor;
    this.model = new NormsModel(context);
    // What stands still has a canvas of its own below, which is seldom painted.
    this.plate = openSheet(host);
    this.sheet = openSheet(host);
    this.#name();
    this.tooltip = attachTooltip(host);
    this.#prepareCanvas(context);
    this.resize();
  }

  draw(cursor) {
    this.cursor = cursor;
    if (cursor.layer !== this.#layer) this.#arrange();
    this.#paint();
  }

  /** Other weights: other curves, and other words about them. */
  reread() {
    this.model = new NormsModel(this.context);
    this.#name();
    this.#arrange();
  }

  #name() {
    this.legend = createNormsLegend(this.model, this.context.text);
    this.heads = this.model.series.map(panelHead);
    this.sheet.overlay.replaceChildren(this.legend.node, ...this.heads);
  }

  resize() {
    this.plate.resize();
    this.sheet.resize();
    this.#arrange();
    this.#paint();
  }

  retheme() {
    this.#arrange();
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #prepareCanvas({ alt, label }) {
    const { canvas } = this.sheet;
    canvas.tabIndex = 0;
    canvas.dataset.focus = "norms";
    canvas.style.touchAction = "pan-y";
    canvas.style.cursor = "pointer";
    canvas.setAttribute("role", "slider");
    canvas.setAttribute("aria-label", alt || label);
    canvas.setAttribute("aria-valuemin", "1");
    canvas.setAttribute("aria-valuemax", String(this.model.steps));
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerup", () => (this.#dragging = false));
    canvas.addEventListener("pointercancel", () => (this.#dragging = false));
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  /** Everything that only changes with size, theme or chosen layer. */
  #arrange() {
    const { sheet, model, heads } = this;
    const theme = this.theme();
    this.#layer = this.cursor.layer;
    this.legend.draw(theme, this.#layer);
    const top = this.legend.node.offsetHeight + 8;
    const count = model.series.length;
    const columns = normsColumns(sheet.width, sheet.height - top, count);
    const boxes = normsColumnBoxes(sheet.width, columns);
    heads.forEach((head, at) => (head.style.width = `${boxes[at % boxes.length].width}px`));
    const head = Math.max(0, ...heads.map((node) => node.offsetHeight)) + 8;
    const readouts = Math.max(1, ...model.series.map((series) => model.signalsOf(series).length));
    const { width, height } = sheet;
    const { hasFloor } = model;
    this.panels = normsPanels({ width, height, top, count, columns, head, readouts, hasFloor });
    this.panels.forEach((panel, at) => {
      heads[at].style.left = `${panel.left}px`;
      heads[at].style.top = `${panel.head}px`;
    });
    this.font = (size, weight = 400) => `${weight} ${size}px ${theme.font}`;
    this.base = sheet.layer();
    this.curves = sheet.layer();
    this.showsTokens = this.#tokensFit();
    const scene = this.#scene();
    paintNormsBase(this.base.context, scene);
    paintNormsCurves(this.curves.context, scene);
    this.#plated = null;
  }

  #tokensFit() {
    if (this.panels.length === 0) return false;
    const { pitch } = panelScale(this.panels[0], this.model);
    const { context } = this.sheet;
    context.font = this.font(14);
    const { tokens } = this.model.recording.spec;
    const fits = (_, time) => this.sheet.widthOf(this.model.recording.token(time)) < pitch - 2;
    return pitch >= NORMS_LEAST_TOKEN_PITCH && tokens.every(fits);
  }

  #scene() {
    const { model, sheet, panels, cursor, font, showsTokens } = this;
    const backward = cursor.mode === "backward";
    const { context } = sheet;
    const layer = Math.min(cursor.layer, model.layers - 1);
    return { model, sheet, panels, cursor, font, showsTokens, backward, context, layer,
      theme: this.theme() };
  }

  #paint() {
    const { model, cursor } = this;
    const scene = this.#scene();
    this.#paintPlate(scene.backward ? cursor.time : -1);
    this.sheet.clear();
    this.panels.forEach((panel, at) => {
      paintNormsSteps(scene, panel);
      paintNormsCursor(scene, panel, model.series[at]);
      paintCrossings(scene, panel, model.series[at]);
    });
    this.#say(cursor);
  }

  /** Axes and curves; backward, the curves draw themselves from the end to step `from`. */
  #paintPlate(from) {
    if (this.#plated === from) return;
    this.#plated = from;
    const { context, width, height } = this.plate;
    this.plate.clear();
    context.drawImage(this.base.canvas, 0, 0, width, height);
    context.save();
    context.beginPath();
    for (const panel of this.panels) {
      const left = from < 0 ? panel.left - 4 : panelScale(panel, this.model).x(from);
      context.rect(left, panel.top - 8, panel.right + 6 - left, panel.floor + 16 - panel.top);
    }
    context.clip();
    context.drawImage(this.curves.canvas, 0, 0, width, height);
    context.restore();
  }

  #say({ time }) {
    const { canvas } = this.sheet;
    const { model } = this;
    const sizes = model.series.map((series) => {
      const [curve] = model.chosen(series, this.cursor.layer);
      return `${series.label} ${model.numbers(curve, time)}`;
    });
    canvas.setAttribute("aria-valuenow", String(time + 1));
    canvas.setAttribute("aria-valuetext", `${time + 1}: ${sizes.join(", ")}`);
  }

  #press(event) {
    if (event.button !== 0) return;
    this.#dragging = true;
    this.sheet.canvas.setPointerCapture(event.pointerId);
    this.#point(event);
  }

  #point(event) {
    const [x, y] = this.sheet.point(event);
    const at = this.#panelAt(x, y);
    if (at < 0) return this.tooltip.hide();
    const time = panelScale(this.panels[at], this.model).time(x);
    if (this.#dragging) this.bus.move({ time }, "norms");
    const { zoom } = this.sheet;
    this.tooltip.show(x * zoom, y * zoom, this.model.describe(this.model.series[at], time));
  }

  #panelAt(x, y) {
    return this.panels.findIndex(({ left, right, head, readoutY }) =>
      x >= left - 4 && x <= right + 4 && y >= head && y <= readoutY + 12);
  }
}

function panelHead({ label, verdict }) {
  const name = element("div", {}, label);
  const sentence = element("div", {}, verdict);
  Object.assign(name.style, { fontSize: "16px", fontWeight: "700", lineHeight: "22px" });
  Object.assign(sentence.style, { fontSize: "13px", lineHeight: "18px" });
  const head = element("div", {}, name, sentence);
  Object.assign(head.style, { position: "absolute", overflowWrap: "anywhere" });
  return head;
}
