// The account of a gated memory m_t = keep_t m_{t-1} + written_t: what is left at every step of
// what each earlier step wrote. Computed from `keep` and `written`; it adds up to the memory.

const ledgerCache = new WeakMap();

/** What is left at step t of what step k wrote, t * (steps + 1) + k; the last column is what was
 * there before the first step. For `unit` with its sign; for unit -1 the sum of sizes over all. */
export function ledgerOf(recording, { layer, direction, unit }) {
  const known = ledgerCache.get(recording) ?? new Map();
  ledgerCache.set(recording, known);
  const key = `${layer} ${direction} ${unit}`;
  if (!known.has(key)) {
    if (known.size > 8) known.clear();
    known.set(key, keepAccount(recording, layer, direction, unit));
  }
  return known.get(key);
}

/** Columns of `matrix` (steps x columns) added up by group: steps x count. */
export function groupedLedger(matrix, groups, steps, count) {
  const columns = groups.length;
  const grouped = new Float32Array(steps * count);
  for (let t = 0; t < steps; t += 1) {
    for (let k = 0; k < columns; k += 1) grouped[t * count + groups[k]] += matrix[t * columns + k];
  }
  return grouped;
}

/** Every row divided by its sum of sizes: shares. */
export function ledgerShares(matrix, columns) {
  const shares = new Float32Array(matrix.length);
  for (let start = 0; start < matrix.length; start += columns) {
    let whole = 0;
    for (let k = 0; k < columns; k += 1) whole += Math.abs(matrix[start + k]);
    for (let k = 0; k < columns && whole > 0; k += 1) shares[start + k] = matrix[start + k] / whole;
  }
  return shares;
}

function keepAccount(recording, layer, direction, unit) {
  const { steps } = recording.spec;
  const columns = steps + 1;
  const result = new Float32Array(steps * columns);
  const width = recording.width("keep");
  const units = unit < 0 ? [...Array(width).keys()] : [unit];
  const size = unit < 0 ? Math.abs : (value) => value;
  const start = recording.initial("start", layer, direction);
  const order = [...Array(steps).keys()];
  if (direction === 1) order.reverse();
  for (const one of units) {
    const left = new Float64Array(columns);
    left[steps] = size(start[one] ?? 0);
    order.forEach((t, read) => {
      const kept = recording.at("keep", layer, direction, t, one);
      left[steps] *= kept;
      for (let before = 0; before < read; before += 1) left[order[before]] *= kept;
      left[t] = size(recording.at("written", layer, direction, t, one));
      const row = t * columns;
      for (let k = 0; k < columns; k += 1) result[row + k] += left[k];
    });
  }
  return result;
}
