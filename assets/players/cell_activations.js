// The functions a cell applies to a sum: how they are written, computed and drawn.

const ACTIVATION_TABLE = {
  sigmoid: { sign: "σ", of: (x) => 1 / (1 + Math.exp(-x)), low: 0, high: 1 },
  tanh: { sign: "tanh", of: Math.tanh, low: -1, high: 1 },
  relu: { sign: "relu", of: (x) => (x > 0 ? x : 0), low: -1, high: 4 },
  elu: { sign: "elu", of: (x) => (x > 0 ? x : Math.expm1(x)), low: -1, high: 4 },
  identity: { sign: "", of: (x) => x, low: -4, high: 4 },
  softmax: { sign: "softmax", of: null, low: 0, high: 1 },
};

/** {name, sign, open, symbolOpen, close, low, high, apply(x, row), middle(number, id)}: row() gives
 * all units' sums (softmax needs them); middle is the formula between the sum and the result. */
export function activationOf(name) {
  const entry = ACTIVATION_TABLE[name];
  if (!entry) {
    const known = Object.keys(ACTIVATION_TABLE).join(", ");
    throw new RangeError(`activation "${name}"; expected one of ${known}`);
  }
  const bare = name === "identity";
  const open = bare ? "" : `${entry.sign}(`;
  const close = bare ? "" : ")";
  return {
    name,
    sign: entry.sign,
    low: entry.low,
    high: entry.high,
    open,
    close,
    symbolOpen: entry.sign.length > 1 ? `\\${open}` : open,
    apply: name === "softmax" ? (x, row) => softmaxAt(x, row()) : entry.of,
    middle: name === "softmax" ? softmaxMiddle : (number) => [[`= ${open}`, number, close]],
  };
}

/** exp(x) / sum of exp(row): one entry of softmax. */
function softmaxAt(x, row) {
  if (!row) return Number.NaN;
  // Taking the largest out first keeps exp within range and changes nothing.
  const largest = Math.max(...row);
  return Math.exp(x - largest) / exponentialSum(row, largest);
}

function exponentialSum(row, shift) {
  let total = 0;
  for (const value of row) total += Math.exp(value - shift);
  return total;
}

function softmaxMiddle(number, id) {
  const total = (step) => {
    const row = step.row(`${id}_preactivation`);
    return row ? exponentialSum(row, 0) : Number.NaN;
  };
  return [["= exp(", number, ") / ", { of: total, as: "positive" }]];
}
