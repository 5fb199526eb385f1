// Named curves over the frames: their values, their colours, and the scale of either axis.

// Curves of the right axis are dashed, so that they can be told apart without colours.
const CURVES_DASHES = { left: "", right: "7 4" };

/** options.curves: [{name, label, axis: "left" | "right", log}] -> [{label, axis, values, ...}]. */
export function namedCurves(recording, options) {
  return options.curves.map(({ name, label = name, axis = "left", log = false }, at) => {
    const { data } = recording.array(`curve.${name}`);
    return { name, label, axis, log, values: data, dash: CURVES_DASHES[axis], at };
  });
}

/** {low, high, log, ticks, position(value) -> 0..1} of the curves of one axis; null without any.
 * An axis is logarithmic where all of its curves ask for it and have a positive value. */
export function curveScale(curves, axis) {
  const own = curves.filter((curve) => curve.axis === axis);
  if (own.length === 0) return null;
  const log = own.every((curve) => curve.log);
  const shown = (value) => Number.isFinite(value) && (!log || value > 0);
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of own) {
    for (const value of values) {
      if (!shown(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return { ...linearScale(0, 1), log: false };
  return log ? logarithmicScale(low, high) : { ...linearScale(low, high), log: false };
}

function linearScale(low, high) {
  // A curve that hardly leaves 0 is shown from 0 on.
  const from = low > 0 && low < 0.4 * high ? 0 : low;
  const room = high - from || Math.abs(high) || 1;
  const step = tickStep(room / 4);
  const first = Math.floor(from / step + 1e-9) * step;
  const last = Math.max(Math.ceil(high / step - 1e-9) * step, first + step);
  const count = Math.round((last - first) / step);
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((first + at * step).toPrecision(12)));
  return { low: first, high: last, ticks, position: (value) => (value - first) / (last - first) };
}

function logarithmicScale(low, high) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(Math.ceil(Math.log10(high) - 1e-9), first + 1);
  const every = Math.ceil((last - first) / 5);
  const ticks = [];
  for (let power = first; power <= last; power += every) ticks.push(10 ** power);
  const position = (value) => (value > 0 ? (Math.log10(value) - first) / (last - first) : NaN);
  return { low: 10 ** first, high: 10 ** last, ticks, position, log: true };
}

function tickStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999);
}
