// A cloud of words in space or in the plane: points drawn by the graphics processor, words and
// marks on a canvas above. cursor.unit is the chosen word, cursor.time the frame, cursor.pinned
// the marked words.
import { prefersStillness } from "./clock.js";
import { cloudActs } from "./cloud_acts.js";
import { CloudCamera } from "./cloud_camera.js";
import { createCloudCard } from "./cloud_card.js";
import { cloudColors } from "./cloud_colors.js";
import { wordLines } from "./cloud_facts.js";
import { attachCloudInput } from "./cloud_input.js";
import { attachCloudKeys } from "./cloud_keys.js";
import { createCloudLegend } from "./cloud_legend.js";
import { CloudModel } from "./cloud_model.js";
import { CloudMotion } from "./cloud_motion.js";
import { CloudPainter } from "./cloud_painter.js";
import { wordAt } from "./cloud_pick.js";
import { wordsIn } from "./cloud_pick.js";
import { createCloudTable } from "./cloud_table.js";
import { createCloudTools } from "./cloud_tools.js";
import { element } from "./dom.js";
import { attachTooltip } from "./tooltip.js";

const CLOUD_TURN_A_SECOND = 22;
const CLOUD_REST = 250;
// Further apart, frames have nothing to do with each other: the words jump.
const CLOUD_GLIDES = 3;

/** options: dimensions 2 | 3, colour "group" | "frequency" | "tint" | "none", groups: names,
 * group_label, tint_label, tint_ends: [low, high], lines: [[from, to, "arrow" | "dashed"], ...],
 * axes: names, trails: false and card: false to leave them out, drawer: "webgl" to use the graphics
 * processor even where the browser only imitates one. */
export function createCloud(host, ctx) {
  return new CloudPicture(host, ctx);
}

class CloudPicture {
  #frame = 0;
  #last = 0;
  #pointer = null;
  #restTimer = 0;
  #rested = "";

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    const { recording, options, memory, bus } = ctx;
    this.model = new CloudModel(recording, options);
    this.camera = new CloudCamera(memory, this.model.isFlat);
    const seen = this.#placesBefore(memory);
    this.motion = new CloudMotion(this.model, this.#frameOf(bus.cursor), seen);
    if (seen) this.motion.begin(performance.now());
    if (memory.opening !== options.colour) memory.colouring = memory.opening = options.colour;
    /** What the reader is doing, gone with the picture; `memory` outlives it. */
    this.doing = { box: null, isBoxing: false, isTurning: false, hover: -1 };
    this.#mark(this.motion.frame);
    this.#build(cloudActs(this));
    this.recolour();
  }

  draw(cursor, changed) {
    const frame = this.#frameOf(cursor);
    if (frame !== this.motion.frame) {
      const glides = !prefersStillness() && Math.abs(frame - this.motion.frame) < CLOUD_GLIDES;
      const { playing, speed } = cursor;
      this.motion.go(frame, performance.now(), { glides, playing, speed });
    }
    this.#mark(frame);
    if (this.#changesColours(changed)) this.recolour();
    this.refresh();
    // A picture is made before its neighbours, so its first size may not be its own.
    if (!this.painter.fits) this.painter.resize();
    this.#paint(performance.now());
  }

  resize() {
    this.painter.resize();
    this.#paint(performance.now());
  }

  retheme() {
    this.recolour();
    this.refresh();
    this.#paint(performance.now());
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#restTimer);
    const { memory } = this.ctx;
    this.camera.settle();
    memory.places = this.motion.snapshot();
    memory.labels = this.model.labels;
    this.dropKeys();
    this.tooltip.destroy();
    this.painter.destroy();
    this.host.replaceChildren();
  }

  /** What the colours say: the reader's choice as far as the data has it. */
  get colouring() {
    const { colouring } = this.ctx.memory;
    const { colourings } = this.model;
    return colourings.includes(colouring) ? colouring : colourings[0];
  }

  recolour() {
    const { memory, theme, bus } = this.ctx;
    const { model, colouring } = this;
    const frame = this.#frameOf(bus.cursor);
    const alone = memory.isIsolating ? new Set(Object.values(this.marks).flat()) : null;
    const group = colouring === "group" ? memory.shownGroup ?? null : null;
    const standsOut = (point) =>
      (group === null || model.group[point] === group) && (alone === null || alone.has(point));
    const all = group === null && alone === null;
    this.painter.setColors(cloudColors(model, colouring, frame, theme(), all ? null : standsOut));
  }

  /** The bar, the card, the legend and the table. */
  refresh() {
    const { ctx, doing, colouring, neighbours } = this;
    const { memory, bus } = ctx;
    const { unit, pinned } = bus.cursor;
    this.tools.draw({ ...doing, ...memory, colouring, isFlat: this.camera.isFlat, pinned: pinned.length });
    this.card.draw(this.#frameOf(bus.cursor), unit, neighbours, pinned.includes(unit));
    this.legend.draw(colouring, ctx.theme(), memory.shownGroup ?? null);
    if (memory.hasTable && this.table.node.hidden) this.#rested = "";
    this.table.node.hidden = !memory.hasTable;
    this.body.classList.toggle("cloud-boxing", doing.isBoxing);
    this.wake();
  }

  /** Draws in the next frame of the screen, once, however often it is asked. */
  wake() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#paint(now);
    });
  }

  /** The pointer rests at (x, y), or is elsewhere. */
  point(place) {
    this.#pointer = place;
    this.wake();
  }

  #frameOf({ time }) {
    return Math.min(time, this.model.frames - 1);
  }

  /** The same words in other places (another projection, more training) glide there. */
  #placesBefore({ places, labels }) {
    if (!places || prefersStillness() || labels.length !== this.model.count) return null;
    return labels.every((label, point) => label === this.model.labels[point]) ? places : null;
  }

  #build(acts) {
    const { model, ctx, host } = this;
    const { text } = ctx;
    this.tools = createCloudTools(model, text, acts);
    this.legend = createCloudLegend(model, text, acts.group);
    this.card = createCloudCard(model, text, acts);
    this.table = createCloudTable(model, text, acts);
    this.body = element("div", { class: "cloud-body", tabindex: 0, role: "img", "data-focus": "cloud" });
    this.body.setAttribute("aria-label", `${ctx.alt || ctx.label} ${text.cloud_keys}`.trim());
    this.card.node.hidden = ctx.options.card === false;
    const side = element("div", { class: "cloud-side" }, this.card.node, this.legend.node);
    const middle = element("div", { class: "cloud-middle" }, this.body, side, this.table.node);
    middle.classList.toggle("cloud-cardless", this.card.node.hidden);
    host.append(this.tools.node, middle);
    this.painter = new CloudPainter(this.body, model, ctx, () => this.wake());
    this.tooltip = attachTooltip(host);
    this.input = attachCloudInput(this.body, acts);
    this.dropKeys = attachCloudKeys(host, acts);
  }

  #changesColours(changed) {
    if (this.ctx.memory.isIsolating) return ["unit", "pinned", "time"].some((key) => changed.has(key));
    return changed.has("time") && this.colouring === "tint" && this.model.tintMoves;
  }

  #mark(frame) {
    const { unit, pinned } = this.ctx.bus.cursor;
    this.neighbours = this.model.neighbours(frame, unit);
    this.marks = {
      chosen: unit,
      pinned: [...pinned],
      neighbours: this.neighbours.map(({ point }) => point),
      lines: [...new Set((this.ctx.options.lines ?? []).flatMap(([from, to]) => [from, to]))],
    };
  }

  #paint(now) {
    const { camera, motion, doing } = this;
    const seconds = Math.min((now - this.#last) / 1000, 0.1);
    this.#last = now;
    if (doing.isTurning && !this.input.isDragging && !camera.isFlat) {
      camera.rotate(-CLOUD_TURN_A_SECOND * seconds, 0);
    }
    const moving = [camera.advance(now), motion.advance(now), doing.isTurning && !camera.isFlat];
    this.#pick();
    this.painter.draw(camera, motion, { ...this.marks, hover: doing.hover }, doing.box);
    if (moving.some(Boolean)) this.wake();
    this.#restSoon();
  }

  /** Once nothing moves, the words are chosen anew, and the table lists what is seen. */
  #restSoon() {
    const { rowX, rowY } = this.painter.scene.view;
    const key = [rowX, rowY, this.motion.frame, this.motion.share, this.ctx.bus.cursor.unit].join();
    if (key === this.#rested) return;
    this.#rested = key;
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#rest(), CLOUD_REST);
  }

  #rest() {
    this.painter.labels.forget();
    if (this.ctx.memory.hasTable) this.#fillTable();
    this.wake();
  }

  #pick() {
    const { scene } = this.painter;
    if (!this.#pointer || !scene) {
      this.doing.hover = -1;
      return this.tooltip.hide();
    }
    const point = wordAt(scene, ...this.#pointer);
    this.doing.hover = point;
    this.body.classList.toggle("cloud-over", point >= 0);
    return point < 0 ? this.tooltip.hide() : this.#explain(point);
  }

  #explain(point) {
    const { ctx, motion, marks } = this;
    const lines = wordLines(this.model, ctx.text, motion.frame, point, marks);
    const [x, y] = this.#pointer;
    this.tooltip.show(x + this.body.offsetLeft, y + this.body.offsetTop, lines);
  }

  #fillTable() {
    const { width, height, scene } = this.painter;
    const { points, total } = wordsIn(scene, { left: 0, top: 0, right: width, bottom: height });
    const { frame } = this.motion;
    const { unit } = this.ctx.bus.cursor;
    this.table.draw({ frame, chosen: unit, neighbours: this.neighbours, words: points, total });
  }
}
