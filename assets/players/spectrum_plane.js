// The eigenvalues of the recurrent matrix on the complex plane, with the unit circle. Where the
// frames are spectral radii, the dashed circle through the largest can be taken and dragged.
import { categoryColor } from "./categories.js";
import { formatSize } from "./log_axis.js";
import { SheetPicture } from "./sheet_picture.js";
import { frameOf } from "./spectrum_frame.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const PLANE_NEAR = 9;
const PLANE_ROOM = 1.12;

/** Arrays: spectrum.eigenvalues (frame, n, 2), largest first; spectrum.radius (frame).
 * options.drag: whether the spectral radius is what the frames differ in. */
export function createPlane(host, ctx) {
  return new PlanePicture(host, ctx);
}

class PlanePicture extends SheetPicture {
  #dragging = false;

  constructor(host, ctx) {
    super(host, ctx);
    this.tooltip = attachTooltip(host);
    this.radii = ctx.recording.array("spectrum.radius").data;
    this.reach = PLANE_ROOM * Math.max(1.1, ...this.radii);
    const { canvas } = this.sheet;
    this.#listen(canvas);
  }

  paint() {
    const { sheet, ctx } = this;
    const { width, height, context } = sheet;
    const theme = ctx.theme();
    this.middle = { x: width / 2, y: height / 2 };
    this.scale = (Math.min(width, height) / 2 - 4) / this.reach;
    this.values = frameOf(ctx.recording, "spectrum.eigenvalues", this.cursor.time);
    sheet.clear();
    this.#paintAxes(context, theme);
    this.#paintCircle(1, theme.text, 2.5, []);
    const radius = this.radii[Math.min(this.cursor.time, this.radii.length - 1)];
    this.#paintCircle(radius, theme.primary, 2, [6, 4]);
    this.#paintValues(context, theme);
    this.#paintNames(context, theme, radius);
  }

  #paintAxes(context, theme) {
    const { x, y } = this.middle;
    const far = this.scale * this.reach;
    context.strokeStyle = theme.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x - far, y);
    context.lineTo(x + far, y);
    context.moveTo(x, y - far);
    context.lineTo(x, y + far);
    context.stroke();
    context.fillStyle = theme.muted;
    context.font = `13px ${theme.font}`;
    context.textBaseline = "bottom";
    context.textAlign = "right";
    context.fillText("Re", x + far, y - 3);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText("Im", x + 5, y - far);
  }

  #paintCircle(radius, color, width, dash) {
    const { context } = this.sheet;
    context.save();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
    context.arc(this.middle.x, this.middle.y, radius * this.scale, 0, 2 * Math.PI);
    context.stroke();
    context.restore();
  }

  #paintValues(context, theme) {
    const count = this.values.length / 2;
    for (let at = count - 1; at >= 0; at -= 1) {
      const [x, y] = this.#place(at);
      const outside = this.#size(at) > 1;
      context.fillStyle = categoryColor(outside ? 1 : 0, theme);
      context.strokeStyle = theme.background;
      context.lineWidth = 1.5;
      context.beginPath();
      const size = count > 32 ? 3.8 : 5;
      if (outside) context.rect(x - size, y - size, 2 * size, 2 * size);
      else context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
    const [x, y] = this.#place(Math.min(this.cursor.unit, count - 1));
    context.strokeStyle = theme.text;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.stroke();
  }

  #paintNames(context, theme, radius) {
    const { text } = this.ctx;
    const { width, height } = this.sheet;
    context.font = `600 14px ${theme.font}`;
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillStyle = theme.primary;
    context.fillText(`ρ = ${formatValue(radius, 2)}`, 4, 4);
    const outside = this.#outside();
    context.textBaseline = "bottom";
    context.font = `13px ${theme.font}`;
    context.fillStyle = categoryColor(0, theme);
    context.fillText(`● ${fillText(text.plane_inside, { count: this.values.length / 2 - outside })}`, 4, height - 4);
    context.textAlign = "right";
    context.fillStyle = categoryColor(1, theme);
    context.fillText(`■ ${fillText(text.plane_outside, { count: outside })}`, width - 4, height - 4);
  }

  #outside() {
    let count = 0;
    for (let at = 0; at < this.values.length / 2; at += 1) count += this.#size(at) > 1 ? 1 : 0;
    return count;
  }

  #size(at) {
    return Math.hypot(this.values[2 * at], this.values[2 * at + 1]);
  }

  #place(at) {
    const { middle, scale, values } = this;
    return [middle.x + scale * values[2 * at], middle.y - scale * values[2 * at + 1]];
  }

  #listen(canvas) {
    canvas.style.touchAction = "none";
    if (this.ctx.options.drag) canvas.style.cursor = "grab";
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const near = this.#near(event);
      if (near >= 0) this.ctx.bus.move({ unit: near }, "plane");
      this.#dragging = this.ctx.options.drag === true;
      canvas.setPointerCapture(event.pointerId);
      if (near < 0) this.#drag(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#dragging) this.#drag(event);
      this.#explain(event);
    });
    const leave = () => (this.#dragging = false);
    canvas.addEventListener("pointerup", leave);
    canvas.addEventListener("pointercancel", leave);
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  /** The frame whose spectral radius is nearest to the pointer's distance from the origin. */
  #drag(event) {
    if (!this.#dragging || !this.middle) return;
    const [x, y] = this.sheet.point(event);
    const wanted = Math.hypot(x - this.middle.x, y - this.middle.y) / this.scale;
    let time = 0;
    this.radii.forEach((radius, at) => {
      if (Math.abs(radius - wanted) < Math.abs(this.radii[time] - wanted)) time = at;
    });
    this.ctx.bus.move({ time }, "plane");
  }

  #near(event) {
    if (!this.values) return -1;
    const [x, y] = this.sheet.point(event);
    for (let at = 0; at < this.values.length / 2; at += 1) {
      const [left, top] = this.#place(at);
      if (Math.hypot(x - left, y - top) < PLANE_NEAR) return at;
    }
    return -1;
  }

  #explain(event) {
    const at = this.#near(event);
    if (at < 0) return this.tooltip.hide();
    const [x, y] = this.sheet.point(event);
    const [real, imaginary] = [this.values[2 * at], this.values[2 * at + 1]];
    const sign = imaginary < 0 ? "−" : "+";
    const size = this.#size(at);
    this.tooltip.show(x * this.sheet.zoom, y * this.sheet.zoom, [
      [`λ${at + 1}`, `${formatValue(real, 3)} ${sign} ${formatValue(Math.abs(imaginary), 3)}i`],
      ["|λ|", formatValue(size, 3)],
      ["|λ|¹⁰", formatSize(size ** 10)],
      ["|λ|³⁰", formatSize(size ** 30)],
    ]);
  }
}
