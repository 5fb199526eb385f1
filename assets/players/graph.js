// The network unrolled over the whole sequence: one column a step, one row a layer and direction.
// Forward, each step lights up with its state; backward, the gradient's size travels to the start.
import { prefersStillness } from "./clock.js";
import { gutterWidth } from "./graph_frame.js";
import { createGraphHeader } from "./graph_header.js";
import { GraphInks } from "./graph_inks.js";
import { attachGraphInput } from "./graph_input.js";
import { GRAPH_HEADER, graphLayout } from "./graph_layout.js";
import { GraphModel } from "./graph_model.js";
import { nodeBox } from "./graph_nodes.js";
import { graphScaleCaption, paintGraph } from "./graph_scene.js";
import { NodeSprites } from "./graph_sprites.js";
import { GraphView } from "./graph_view.js";
import { openSheet } from "./sheet.js";
import { attachTooltip } from "./tooltip.js";

const GRAPH_ARRIVAL_SECONDS = 0.3;
const GRAPH_ZOOM_STEP = 1.4;

export function createGraph(host, context) {
  return new GraphPicture(host, context);
}

class GraphPicture {
  #frame = 0;
  #lastTick = 0;
  #arrival = -Infinity;
  #hover = null;
  #followsKeys = false;

  constructor(host, context) {
    this.host = host;
    this.bus = context.bus;
    this.context = context;
    this.theme = context.theme;
    this.text = context.text;
    this.cursor = context.bus.cursor;
    this.model = new GraphModel(context);
    this.view = new GraphView(context.memory, this.model.steps);
    this.sheet = openSheet(host);
    this.header = createGraphHeader(context.text, {
      closer: () => this.#zoom(GRAPH_ZOOM_STEP, this.#zoomCentre()),
      wider: () => this.#zoom(1 / GRAPH_ZOOM_STEP, this.#zoomCentre()),
      all: () => this.#all(),
    });
    this.sheet.overlay.append(this.header.node);
    this.tooltip = attachTooltip(host);
    this.#prepareCanvas(context);
    this.retheme();
    this.resize();
    this.detach = attachGraphInput(this.sheet, this.#target());
  }

  draw(cursor, changed) {
    const before = this.cursor;
    this.cursor = cursor;
    if (changed.has("playing") || (changed.has("time") && !cursor.playing)) this.view.release();
    if (changed.has("time") && Math.abs(cursor.time - before.time) === 1) {
      this.#arrival = performance.now();
    }
    if (changed.has("time") || changed.has("playing")) {
      this.view.follow(cursor.time, !prefersStillness(), cursor.playing);
    }
    this.#paint();
    if (this.#followsKeys) this.#showCursor();
    this.#keepMoving();
  }

  /** Other weights have read the same text. */
  reread() {
    this.model = new GraphModel(this.context);
    this.retheme();
  }

  resize() {
    this.sheet.resize();
    this.gutter = gutterWidth(this.sheet, this.inks, this.model, this.sheet.width);
    this.header.resize(this.sheet.width);
    this.view.setPlot(this.gutter, this.sheet.width - 6 - this.gutter, this.cursor.time);
    this.#paint();
  }

  retheme() {
    const { model } = this;
    this.inks = new GraphInks(this.theme());
    const { recording, stateScale } = model;
    this.sprites = new NodeSprites(recording, "hidden", stateScale, this.theme());
    this.strips = new NodeSprites(recording, "hidden", stateScale, this.theme(), 1);
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.detach();
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #prepareCanvas({ alt, label }) {
    const { canvas } = this.sheet;
    canvas.tabIndex = 0;
    canvas.dataset.focus = "graph";
    canvas.setAttribute("role", "slider");
    canvas.setAttribute("aria-label", alt || label);
    canvas.setAttribute("aria-valuemin", "1");
    canvas.setAttribute("aria-valuemax", String(this.model.steps));
  }

  #target() {
    return {
      at: (x, y) => this.#spot(x, y),
      pick: (spot) => this.#pick(spot),
      jump: (x) => this.#jump(x),
      pan: (pixels) => this.#moveView(() => this.view.panBy(pixels)),
      zoom: (factor, x = this.#zoomCentre()) => this.#zoom(factor, x),
      all: () => this.#all(),
      hover: (spot, x, y) => this.#show(spot, x, y),
      leave: () => this.#leave(),
      focus: () => this.#showCursor(),
      moveRow: (change) => this.#moveRow(change),
    };
  }

  /** Buttons and keys zoom about the cursor where it is in sight, else about the middle. */
  #zoomCentre() {
    const x = this.view.x(this.cursor.time);
    const inside = x >= this.gutter && x <= this.gutter + this.view.width;
    return inside ? x : this.gutter + this.view.width / 2;
  }

  #zoom(factor, x) {
    const changed = this.view.zoom(factor, x);
    if (changed) this.#moveView(() => {});
    return changed;
  }

  #all() {
    this.#moveView(() => this.view.fitAll());
  }

  #moveView(change) {
    this.#show({ time: -1 });
    change();
    this.#paint();
  }

  #spot(x, y) {
    const { map, rows, numbers } = this.#layout();
    if (map && y >= map.top - 3) return { map: true, time: -1 };
    const inside = x >= this.gutter && y > GRAPH_HEADER && y < numbers.y + 10;
    const time = inside ? this.view.columnAt(x) : -1;
    const row = rows.find((one) => y >= one.top - 3 && y <= one.bottom + 3) ?? null;
    return { time, row: time < 0 ? null : row };
  }

  #pick({ time, row }) {
    if (time < 0) return;
    const where = row ? { layer: row.layer, direction: row.direction } : {};
    this.bus.move({ time, ...where }, "graph");
  }

  #jump(x) {
    const { map } = this.#layout();
    const share = (x - map.left) / map.width;
    this.bus.move({ time: Math.floor(share * this.model.steps) }, "graph");
  }

  #moveRow(change) {
    const { directions, layers } = this.model;
    const { layer, direction } = this.cursor;
    const row = layer * directions + direction + change;
    if (row < 0 || row >= layers * directions) return;
    this.bus.move({ layer: Math.floor(row / directions), direction: row % directions }, "graph");
  }

  #show(spot, x = 0, y = 0) {
    const before = this.#hover;
    this.#hover = spot.time >= 0 ? spot : null;
    if (!this.#hover) this.tooltip.hide();
    else {
      const { layer, direction } = spot.row ?? this.cursor;
      const { zoom } = this.sheet;
      this.tooltip.show(x * zoom, y * zoom, this.model.describe(layer, direction, spot.time));
    }
    if (before?.time !== this.#hover?.time || before?.row !== this.#hover?.row) this.#paint();
  }

  #leave() {
    this.#followsKeys = false;
    this.#show({ time: -1 });
  }

  /** With the keyboard's focus the numbers of the cursor's node are shown, and go along with it. */
  #showCursor() {
    this.#followsKeys = true;
    const { time, layer, direction, playing } = this.cursor;
    if (playing) return this.#show({ time: -1 });
    const row = this.#layout().rows.find((one) => one.layer === layer && one.direction === direction);
    const { right, middle } = nodeBox({ view: this.view, layout: this.#layout() }, row, time);
    this.#show({ time, row }, right, middle);
  }

  #layout() {
    const { model, sheet } = this;
    const shape = {
      steps: model.steps,
      layers: model.layers,
      directions: model.directions,
      guesses: model.guessCount,
      nodes: model.nodes,
      main: model.main,
      passed: model.passed,
    };
    return graphLayout(sheet.width, sheet.height, this.gutter, this.view.pitch, shape);
  }

  /** Runs frame by frame only while something arrives or the window glides. */
  #keepMoving() {
    if (this.#frame || (!this.view.isGliding && this.#progress() >= 1)) return;
    this.#lastTick = performance.now();
    const tick = (now) => {
      const gliding = this.view.glide(Math.max(now - this.#lastTick, 0) / 1000);
      this.#lastTick = now;
      const moving = gliding || this.#progress() < 1;
      this.#frame = moving ? requestAnimationFrame(tick) : 0;
      // A cursor that has moved on is drawn by the stage in this same frame.
      if (this.bus.cursor === this.cursor) this.#paint();
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #progress() {
    if (prefersStillness()) return 1;
    const { playing, speed } = this.cursor;
    const seconds = playing ? Math.min(GRAPH_ARRIVAL_SECONDS, 0.6 / speed) : GRAPH_ARRIVAL_SECONDS;
    return Math.min((performance.now() - this.#arrival) / 1000 / seconds, 1);
  }

  #paint() {
    const { model, cursor, sheet, view, inks, sprites, strips } = this;
    const theme = this.theme();
    const backward = model.isBackward(cursor);
    const layout = this.#layout();
    const progress = this.#progress();
    const { context } = sheet;
    const scene = { model, cursor, sheet, view, inks, sprites, strips, theme, layout, context, progress,
      backward, hover: this.#hover };
    paintGraph(scene);
    this.#say(scene);
  }

  #say(scene) {
    const { cursor, header, model, text } = this;
    const line = model.readout(cursor);
    const note = model.note(cursor, scene.layout.letters);
    header.draw(line, note, cursor.playing);
    header.showZoom(this.view);
    const { canvas } = this.sheet;
    canvas.setAttribute("aria-valuenow", String(cursor.time + 1));
    canvas.setAttribute("aria-valuetext", note ? `${line}. ${note}` : line);
    const scale = scene.backward ? model.gradientScale : model.stateScale;
    header.scale.show(graphScaleCaption(scene, text), scale, scene.theme);
  }
}
