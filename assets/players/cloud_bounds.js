// Where a cloud lies and how large it is, and its places scaled into the unit ball, so that the
// camera means the same for every cloud.

const CLOUD_SAMPLE = 20000;
// Among many points a few may lie far out; they must not make the rest small.
const CLOUD_INSIDE = 0.995;
const CLOUD_INSIDE_MOVING = 0.97;
const CLOUD_FEW = 400;
// A place that is not known (NaN) is put where no camera looks.
const CLOUD_NOWHERE = 1e9;

/** {center: [x, y, z], radius, flat} of all frames together. */
export function cloudBounds(data, frames = 1) {
  const count = data.length / 3;
  const step = Math.max(Math.floor(count / CLOUD_SAMPLE), 1);
  const axes = [0, 1, 2].map((axis) => sampleAxis(data, axis, step));
  const share = count <= CLOUD_FEW ? 1 : frames > 1 ? CLOUD_INSIDE_MOVING : CLOUD_INSIDE;
  const ends = axes.map((values) => [quantile(values, 1 - share), quantile(values, share)]);
  const center = ends.map(([low, high]) => (low + high) / 2);
  const distances = new Float64Array(axes[0].length);
  for (let at = 0, point = 0; at < distances.length; at += 1, point += step * 3) {
    const [x, y, z] = [data[point] - center[0], data[point + 1] - center[1], data[point + 2] - center[2]];
    distances[at] = Math.sqrt(x * x + y * y + z * z);
  }
  const radius = quantile(distances.filter((value) => value < CLOUD_NOWHERE).sort(), share);
  const flat = axes[2].length > 0 && axes[2].every((value) => value === axes[2][0]);
  return { center, radius: radius > 0 ? radius : 1, flat };
}

/** The same places around 0 with `radius` 1. */
export function scalePlaces(data, { center, radius }) {
  const [x, y, z] = center;
  const places = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    places[at] = (data[at] - x) / radius;
    places[at + 1] = (data[at + 1] - y) / radius;
    places[at + 2] = (data[at + 2] - z) / radius;
    const sum = places[at] + places[at + 1] + places[at + 2];
    if (sum !== sum) places[at] = places[at + 1] = places[at + 2] = CLOUD_NOWHERE;
  }
  return places;
}

function sampleAxis(data, axis, step) {
  const values = new Float64Array(Math.ceil(data.length / 3 / step));
  for (let at = 0; at < values.length; at += 1) values[at] = data[at * step * 3 + axis];
  return values.filter((value) => Math.abs(value) < CLOUD_NOWHERE).sort();
}

function quantile(sorted, share) {
  if (sorted.length === 0) return 0;
  return sorted[Math.round(share * (sorted.length - 1))];
}
