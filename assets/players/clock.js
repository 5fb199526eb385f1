// Moves the cursor while it is playing: `speed` steps a second, frame by frame, along time or
// along the training.

/** Steps a second that can be chosen. */
export const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32];

// The last step stays on the screen for a moment before the reading starts again.
const LOOP_PAUSE_SECONDS = 0.8;

/** The next faster (+1) or slower (-1) speed. */
export function nextSpeed(speed, change) {
  const nearest = SPEEDS.reduce((best, candidate, index) =>
    Math.abs(candidate - speed) < Math.abs(SPEEDS[best] - speed) ? index : best, 0);
  return SPEEDS[Math.min(Math.max(nearest + change, 0), SPEEDS.length - 1)];
}

/** True where the reader asked the system for less motion: then nothing starts by itself. */
export function prefersStillness() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Plays `bus`; of several clocks on one bus only the first turns. isLooping() is asked at the
 * end of the sequence. Returns a function that stops it for good. */
export function startClock(bus, isLooping) {
  const me = {};
  const state = { frame: 0, last: 0, owed: 0 };
  const tick = (now) => {
    state.frame = requestAnimationFrame(tick);
    // A hidden tab gets no frames; on return the lost time is not caught up.
    const passed = Math.min((now - state.last) / 1000, 0.25);
    state.last = now;
    advance(bus, state, passed, isLooping);
  };
  const follow = (cursor, changed) => {
    if (changed.has("time") && !cursor.playing) state.owed = 0;
    if (!changed.has("playing") && !changed.has("axis")) return;
    if (!cursor.playing) return rest(bus, me, state);
    if (bus.driver === me) rewindAtEnd(bus);
    if (bus.driver !== null) return;
    bus.driver = me;
    rewindAtEnd(bus);
    Object.assign(state, { last: performance.now(), owed: 0 });
    state.frame = requestAnimationFrame(tick);
  };
  const leave = bus.subscribe(follow);
  follow(bus.cursor, new Set(["playing"]));
  return () => {
    leave();
    const turning = bus.driver === me;
    rest(bus, me, state);
    // Another stage of the group takes over.
    if (turning && bus.cursor.playing) bus.notify(new Set(["playing"]));
  };
}

function rest(bus, me, state) {
  cancelAnimationFrame(state.frame);
  if (bus.driver === me) bus.driver = null;
}

function advance(bus, state, passed, isLooping) {
  const { speed } = bus.cursor;
  const { axis, at, first, last } = track(bus);
  state.owed += passed * speed;
  if (at === last) {
    if (!isLooping()) {
      if (state.owed >= 1) bus.move({ playing: false }, "clock");
    } else if (state.owed >= Math.max(1, LOOP_PAUSE_SECONDS * speed)) {
      state.owed = 0;
      bus.move({ [axis]: first }, "clock");
    }
    return;
  }
  const whole = Math.floor(state.owed);
  if (whole === 0) return;
  state.owed -= whole;
  bus.move({ [axis]: first < last ? at + whole : at - whole }, "clock");
}

function rewindAtEnd(bus) {
  const { axis, at, first, last } = track(bus);
  if (at === last) bus.move({ [axis]: first }, "clock");
}

/** Where the cursor is on the axis that is played, and that axis' ends in the order of playing. */
function track({ cursor, limits }) {
  const { axis, mode } = cursor;
  const count = (axis === "step" ? limits.checkpoints : limits.steps) ?? 1;
  const ends = [0, count - 1];
  const [first, last] = axis === "time" && mode === "backward" ? ends.reverse() : ends;
  return { axis, at: cursor[axis], first, last };
}
