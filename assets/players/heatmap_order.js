// In which order the rows of a heatmap stand.

/** Orders that can be chosen for `signal`: "recorded", "similarity" where it was computed, "step". */
export function rowOrders(recording, signal) {
  return recording.has(`order_${signal}`)
    ? ["recorded", "similarity", "step"]
    : ["recorded", "step"];
}

/** -> {order, units, rows}: units[row] is the unit drawn in that row, rows[unit] the reverse.
 * For "step" the rows fall from the largest to the smallest value at `time`. */
export function orderRows(recording, order, { signal, layer, direction, time }) {
  const count = recording.width(signal);
  const units = rowPermutation(recording, order, count, { signal, layer, direction, time });
  const rows = new Int32Array(count);
  units.forEach((unit, row) => (rows[unit] = row));
  return { order, units, rows };
}

function rowPermutation(recording, order, count, { signal, layer, direction, time }) {
  const name = `order_${signal}`;
  if (order === "similarity" && recording.has(name)) {
    const { shape, data } = recording.array(name);
    const start = (layer * shape[1] + direction) * count;
    return data.subarray(start, start + count);
  }
  const units = Int32Array.from({ length: count }, (_, unit) => unit);
  if (order !== "step") return units;
  const values = recording.row(signal, layer, direction, time);
  const size = (unit) => (Number.isNaN(values[unit]) ? -Infinity : values[unit]);
  return units.sort((a, b) => size(b) - size(a) || a - b);
}
