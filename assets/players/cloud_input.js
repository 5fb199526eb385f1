// Mouse, touch and wheel over a cloud: turn, move, come closer, point, choose, draw a rectangle.

const INPUT_CLICK_PIXELS = 4;
const INPUT_WHEEL = 0.0016;
const INPUT_LINE_PIXELS = 24;

/** acts: {rotate(right, down), pan(right, down), zoom(factor, x, y), hover(x, y), leave(),
 * press(x, y, adds), box(rectangle), boxed(rectangle), isBoxing()}; all in pixels of `body`. */
export function attachCloudInput(body, acts) {
  return new CloudInput(body, acts);
}

class CloudInput {
  #pointers = new Map();
  #kind = "";
  #start = null;
  #moved = false;

  constructor(body, acts) {
    this.body = body;
    this.acts = acts;
    body.addEventListener("pointerdown", (event) => this.#press(event));
    body.addEventListener("pointermove", (event) => this.#move(event));
    body.addEventListener("pointerup", (event) => this.#release(event));
    body.addEventListener("pointercancel", (event) => this.#cancel(event));
    body.addEventListener("pointerleave", () => acts.leave());
    body.addEventListener("contextmenu", (event) => event.preventDefault());
    body.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get isDragging() {
    return this.#pointers.size > 0;
  }

  #press(event) {
    // The keys belong to the stage then; a ring around the picture would only be in the way.
    this.body.closest(".u-stage")?.focus({ preventScroll: true });
    event.preventDefault();
    this.body.setPointerCapture(event.pointerId);
    const place = this.#place(event);
    this.#pointers.set(event.pointerId, place);
    this.#start = place;
    this.#moved = false;
    const aside = event.button > 0 || event.shiftKey;
    this.#kind = this.acts.isBoxing() || event.altKey ? "box" : aside ? "pan" : "rotate";
    this.acts.leave();
  }

  #move(event) {
    const place = this.#place(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.acts.hover(...place);
    if (this.#pointers.size === 2) return this.#pinch(event.pointerId, before, place);
    const far = Math.hypot(place[0] - this.#start[0], place[1] - this.#start[1]);
    if (!this.#moved && far < INPUT_CLICK_PIXELS) return undefined;
    this.#moved = true;
    this.#pointers.set(event.pointerId, place);
    if (this.#kind === "box") return this.acts.box(rectangle(this.#start, place));
    return this.acts[this.#kind](place[0] - before[0], place[1] - before[1]);
  }

  #release(event) {
    const place = this.#place(event);
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size > 0) return;
    if (this.#moved && this.#kind === "box") this.acts.boxed(rectangle(this.#start, place));
    else if (!this.#moved && event.button === 0) {
      this.acts.press(...place, event.shiftKey || event.ctrlKey || event.metaKey);
    }
  }

  #cancel(event) {
    this.#pointers.delete(event.pointerId);
    this.acts.box(null);
  }

  /** Two fingers: their distance zooms, their middle moves. */
  #pinch(id, before, place) {
    const [other] = [...this.#pointers].filter(([one]) => one !== id).map(([, value]) => value);
    const apart = (one) => Math.max(Math.hypot(one[0] - other[0], one[1] - other[1]), 1);
    this.#moved = true;
    this.#kind = "pan";
    this.#pointers.set(id, place);
    this.acts.zoom(apart(place) / apart(before), (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
    this.acts.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
  }

  #wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? INPUT_LINE_PIXELS : 1;
    // Two fingers on a touchpad arrive as a wheel with ctrl and small steps.
    const strength = event.ctrlKey ? 6 * INPUT_WHEEL : INPUT_WHEEL;
    const pixels = Math.min(Math.max(event.deltaY * unit, -240), 240);
    this.acts.zoom(Math.exp(-pixels * strength), ...this.#place(event));
  }

  #place({ clientX, clientY }) {
    const { left, top } = this.body.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}

function rectangle([x, y], [otherX, otherY]) {
  return {
    left: Math.min(x, otherX),
    right: Math.max(x, otherX),
    top: Math.min(y, otherY),
    bottom: Math.max(y, otherY),
  };
}
