// The cursor that all pictures of a group share. Several stages on one page find the same
// bus through one property of globalThis; the last one to leave removes it.

const BUS_REGISTRY = "__unrolledBuses";
const BUS_REPORTED = ["time", "step", "layer", "direction", "unit", "signal", "mode", "pinned", "pick"];

/** Joins (or makes) the bus of `group`. Whoever opens it calls release() when it leaves. */
export function openBus(group, initialCursor = {}) {
  const buses = (globalThis[BUS_REGISTRY] ??= new Map());
  if (!buses.has(group)) {
    buses.set(group, new CursorBus(initialCursor, () => buses.delete(group)));
  }
  const bus = buses.get(group);
  bus.join();
  return bus;
}

class CursorBus {
  #cursor;
  #limits = {};
  #listeners = new Set();
  #resting = new Set();
  #members = 0;
  #forget;

  constructor(initialCursor, forget) {
    this.#forget = forget;
    this.#cursor = Object.freeze({
      time: 0,
      step: 0,
      axis: "time",
      layer: 0,
      direction: 0,
      unit: 0,
      signal: "hidden",
      mode: "forward",
      playing: false,
      speed: 1,
      pinned: Object.freeze([]),
      pick: "", // what the reader chose in a picture, for the page to act on
      ...initialCursor,
    });
    /** The clock that moves this cursor: one per group, however many stages there are. */
    this.driver = null;
  }

  get cursor() {
    return this.#cursor;
  }

  get limits() {
    return this.#limits;
  }

  /** {steps, checkpoints, layers, directions, units, signals}; the cursor is brought inside. */
  set limits(limits) {
    this.#limits = Object.freeze({ ...limits });
    this.move({}, "limits");
  }

  /** Changes what `patch` names. `time` and `step`, the checkpoint, are the axes that a clock can
   * move; moving by hand the one that is playing stops it. */
  move(patch, source = "") {
    const wanted = { ...this.#cursor, ...patch };
    const byHand = wanted.axis in patch && source !== "clock" && source !== "limits";
    if (byHand && !("playing" in patch)) wanted.playing = false;
    const next = clampCursor(wanted, this.#limits);
    const changed = new Set(Object.keys(next).filter((key) => differs(next, this.#cursor, key)));
    if (changed.size === 0) return;
    this.#cursor = Object.freeze(next);
    this.notify(changed);
  }

  notify(changed) {
    for (const listener of [...this.#listeners]) listener(this.#cursor, changed);
    for (const rest of this.#resting) rest.wait();
  }

  /** fn(cursor, changed): changed is a Set of the cursor's keys that differ. */
  subscribe(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /** fn(cursor) once the cursor has stood still for `ms`, only if it is not where it was. */
  onRest(fn, ms = 350) {
    const rest = new RestWatch(this, fn, ms);
    this.#resting.add(rest);
    return () => {
      rest.stop();
      this.#resting.delete(rest);
    };
  }

  join() {
    this.#members += 1;
  }

  release() {
    this.#members -= 1;
    if (this.#members === 0) this.#forget();
  }
}

class RestWatch {
  #bus;
  #fn;
  #ms;
  #timer = 0;
  #last;

  constructor(bus, fn, ms) {
    this.#bus = bus;
    this.#fn = fn;
    this.#ms = ms;
    this.#last = restKey(bus.cursor);
  }

  wait() {
    clearTimeout(this.#timer);
    if (this.#bus.cursor.playing) return;
    this.#timer = setTimeout(() => this.#report(), this.#ms);
  }

  #report() {
    const key = restKey(this.#bus.cursor);
    if (key === this.#last) return;
    this.#last = key;
    this.#fn(this.#bus.cursor);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

function restKey(cursor) {
  return JSON.stringify(BUS_REPORTED.map((key) => cursor[key]));
}

function differs(next, old, key) {
  if (key !== "pinned") return next[key] !== old[key];
  return next.pinned.join() !== old.pinned.join();
}

function clampCursor(cursor, { steps, checkpoints = 1, layers, directions, units, signals }) {
  const inside = (value, count) => {
    const whole = Math.round(Number(value)) || 0;
    return count === undefined ? whole : Math.min(Math.max(whole, 0), Math.max(count - 1, 0));
  };
  const known = !signals?.length || signals.includes(cursor.signal);
  return {
    ...cursor,
    time: inside(cursor.time, steps),
    step: inside(cursor.step, checkpoints),
    axis: cursor.axis === "step" && checkpoints > 1 ? "step" : "time",
    layer: inside(cursor.layer, layers),
    direction: inside(cursor.direction, directions),
    unit: inside(cursor.unit, units),
    signal: known ? cursor.signal : signals.includes("hidden") ? "hidden" : signals[0],
    pinned: Object.freeze(
      [...new Set(cursor.pinned)].filter((unit) => units === undefined || unit < units),
    ),
  };
}
