// Moves the cursor while it is playing: `speed` steps a second, frame by frame.

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
    if (!changed.has("playing")) return;
    if (!cursor.playing) return rest(bus, me, state);
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
  const { speed, mode, time } = bus.cursor;
  const steps = bus.limits.steps ?? 1;
  state.owed += passed * speed;
  const atEnd = mode === "backward" ? time === 0 : time === steps - 1;
  if (atEnd) {
    if (!isLooping()) {
      if (state.owed >= 1) bus.move({ playing: false }, "clock");
    } else if (state.owed >= Math.max(1, LOOP_PAUSE_SECONDS * speed)) {
      state.owed = 0;
      bus.move({ time: firstTime(mode, steps) }, "clock");
    }
    return;
  }
  const whole = Math.floor(state.owed);
  if (whole === 0) return;
  state.owed -= whole;
  bus.move({ time: mode === "backward" ? time - whole : time + whole }, "clock");
}

function rewindAtEnd(bus) {
  const { mode, time } = bus.cursor;
  const steps = bus.limits.steps ?? 1;
  const last = mode === "backward" ? 0 : steps - 1;
  if (time === last) bus.move({ time: firstTime(mode, steps) }, "clock");
}

function firstTime(mode, steps) {
  return mode === "backward" ? steps - 1 : 0;
}
