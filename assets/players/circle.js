// A circle in space and the axes that PCA finds: turned over the steps, seen from any side, with
// each axis's share of the variance and the two coordinates that are enough.
import { paintCircleFlat } from "./circle_flat.js";
import { paintCircleShares } from "./circle_flat.js";
import { circleCamera } from "./circle_space.js";
import { paintCircleSpace } from "./circle_space.js";
import { turnCircleCamera } from "./circle_space.js";
import { openSheet } from "./sheet.js";

const CIRCLE_VIEWS = { space: paintCircleSpace, shares: paintCircleShares, flat: paintCircleFlat };
const CIRCLE_RADIANS_A_PIXEL = 0.009;
const CIRCLE_KEYS = { a: [-0.15, 0], d: [0.15, 0], w: [0, 0.15], s: [0, -0.15] };

/** options.view: "space", "shares" or "flat". Arrays: circle.points (step, point, 3), circle.axes
 * (step, 3, 3), circle.shares (step, 6) for x, y, z and the principal axes, circle.flat (point, 2). */
export function createCircle(host, ctx) {
  return new CirclePicture(host, ctx);
}

class CirclePicture {
  #sized = false;
  #held = null;

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.paint = CIRCLE_VIEWS[ctx.options.view];
    this.sheet = openSheet(host);
    const { canvas } = this.sheet;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", ctx.alt || ctx.label);
    if (ctx.options.view === "space") this.#listen(canvas);
  }

  draw(cursor) {
    this.cursor = cursor;
    if (!this.#sized) this.sheet.resize();
    this.#sized = true;
    this.#paint();
  }

  resize() {
    this.sheet.resize();
    if (this.cursor) this.#paint();
  }

  retheme() {
    if (this.cursor) this.#paint();
  }

  destroy() {
    this.host.replaceChildren();
  }

  #paint() {
    const { sheet, ctx, cursor } = this;
    const camera = circleCamera(ctx.memory);
    sheet.clear();
    this.paint({ sheet, ctx, camera, theme: ctx.theme(), step: circleStep(ctx.recording, cursor.time) });
  }

  #turn(right, down) {
    turnCircleCamera(this.ctx.memory, right, down);
    this.#paint();
  }

  #listen(canvas) {
    canvas.tabIndex = 0;
    canvas.dataset.focus = "circle";
    Object.assign(canvas.style, { touchAction: "none", cursor: "grab" });
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#held = [event.clientX, event.clientY];
    });
    canvas.addEventListener("pointermove", ({ clientX, clientY }) => {
      if (!this.#held) return;
      const [x, y] = this.#held;
      this.#held = [clientX, clientY];
      this.#turn((clientX - x) * CIRCLE_RADIANS_A_PIXEL, (clientY - y) * CIRCLE_RADIANS_A_PIXEL);
    });
    const leave = () => (this.#held = null);
    canvas.addEventListener("pointerup", leave);
    canvas.addEventListener("pointercancel", leave);
    canvas.addEventListener("keydown", (event) => {
      const turn = CIRCLE_KEYS[event.key.toLowerCase()];
      if (!turn || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#turn(...turn);
    });
  }
}

/** What one step holds: views, not copies. */
function circleStep(recording, time) {
  const part = (name) => {
    const { shape, data } = recording.array(name);
    const size = data.length / shape[0];
    return data.subarray(time * size, (time + 1) * size);
  };
  return { points: part("circle.points"), axes: part("circle.axes"), shares: part("circle.shares") };
}
