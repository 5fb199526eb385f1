// The three sheets of a cloud: axes, the points above them, and on top trails, lines, rings, words.
import { paintPlaneAxes } from "./cloud_axes.js";
import { paintSpaceAxes } from "./cloud_axes.js";
import { parsedColor } from "./cloud_colors.js";
import { hasGraphicsProcessor } from "./cloud_device.js";
import { openPointDrawer } from "./cloud_gl.js";
import { CloudLabels } from "./cloud_labels.js";
import { CLOUD_SIZE_UNIT } from "./cloud_model.js";
import { openPointRaster } from "./cloud_raster.js";
import { paintLinks } from "./cloud_trails.js";
import { paintMarks } from "./cloud_trails.js";
import { paintTrails } from "./cloud_trails.js";
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";

const PAINTER_FOG = 0.62;
const PAINTER_MOST_RATIO = 2;
// A large picture (a projector, the full screen) has larger words.
const PAINTER_PLAIN = { width: 820, height: 480, most: 1.6 };
const PAINTER_FEW = 200;
const PAINTER_RADIUS = { few: 5, least: 1.25, power: 0.22 };

export class CloudPainter {
  /** onChange() when the points must be drawn again: their context was lost or is back. */
  constructor(body, model, ctx, onChange) {
    this.body = body;
    this.model = model;
    this.ctx = ctx;
    this.labels = new CloudLabels(model);
    const canvas = () => element("canvas", { "aria-hidden": "true" });
    [this.under, this.below, this.above] = [canvas(), canvas(), canvas()];
    this.notice = element("div", { class: "cloud-notice", role: "status" }, ctx.text.cloud_lost);
    this.notice.hidden = true;
    body.append(this.under, this.below, this.above, this.notice);
    const changed = () => {
      this.notice.hidden = !this.points.isLost;
      onChange();
    };
    const wanted = ctx.options.drawer === "webgl" || hasGraphicsProcessor();
    const drawer = wanted ? openPointDrawer(this.below, model, changed) : null;
    this.points = drawer ?? openPointRaster(this.below, model);
    this.below.dataset.drawer = this.points.name;
    this.resize();
  }

  resize() {
    const width = Math.max(this.body.clientWidth, 1);
    const height = Math.max(this.body.clientHeight, 1);
    const ratio = Math.min(globalThis.devicePixelRatio || 1, PAINTER_MOST_RATIO);
    this.points.resize(width, height, ratio);
    this.context = fitCanvas(this.above, width, height);
    this.ground = fitCanvas(this.under, width, height);
    this.width = width;
    this.height = height;
    const { width: wide, height: high, most } = PAINTER_PLAIN;
    this.zoom = Math.min(Math.max(Math.min(width / wide, height / high), 1), most);
  }

  get fits() {
    return this.width === this.body.clientWidth && this.height === this.body.clientHeight;
  }

  setColors(colors) {
    this.colors = colors;
    this.points.setColors(colors);
  }

  /** marks = {chosen, neighbours, pinned, lines, hover: points}; box: a rectangle or null. */
  draw(camera, motion, marks, box) {
    const scene = this.#scene(camera, motion, marks);
    this.scene = scene;
    const look = { radius: scene.radius, fog: PAINTER_FOG, background: scene.paper };
    this.points.draw(scene.view, motion, look);
    for (const context of [this.ground, this.context]) context.clearRect(0, 0, this.width, this.height);
    paintPlaneAxes({ ...scene, context: this.ground });
    paintSpaceAxes({ ...scene, context: this.ground });
    if (this.ctx.options.trails !== false) paintTrails(scene);
    paintLinks(scene);
    paintMarks(scene);
    this.labels.draw(scene);
    if (box) this.#paintBox(scene, box);
  }

  destroy() {
    this.points.destroy();
  }

  /** Everything that drawing and picking need to know of this moment. */
  #scene(camera, motion, marks) {
    const { model, colors, context, zoom } = this;
    const theme = this.ctx.theme();
    const view = camera.view(this.width, this.height);
    const paper = parsedColor(theme.background).map((part) => part / 255);
    // Closer, the points grow too, but more slowly than the cloud.
    const radius = this.#radius() * Math.sqrt(3.1 / view.distance) * zoom;
    const pointRadius = (point, w) =>
      (((radius * model.sizes[point]) / 255) * CLOUD_SIZE_UNIT * view.distance) / w;
    const [ink, back] = [parsedColor(theme.text), parsedColor(theme.background)];
    const labelInk = (far) => {
      const parts = ink.map((part, at) => Math.round(part + (back[at] - part) * 0.38 * far));
      return `rgb(${parts.join(", ")})`;
    };
    return { model, motion, marks, colors, context, zoom, theme, view, paper, radius, pointRadius, labelInk };
  }

  #radius() {
    const { few, least, power } = PAINTER_RADIUS;
    return Math.max(few * Math.min(PAINTER_FEW / this.model.count, 1) ** power, least);
  }

  #paintBox({ context, theme }, { left, top, right, bottom }) {
    context.fillStyle = context.strokeStyle = theme.primary;
    context.lineWidth = 1.5;
    context.globalAlpha = 0.12;
    context.fillRect(left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    context.strokeRect(left, top, right - left, bottom - top);
  }
}
