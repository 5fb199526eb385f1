// Backpropagation through time in numbers: what the server itemised, and the matrices behind one
// term, multiplied up here. t is the step of the loss, k the step whose copy of U is meant.

export class BpttModel {
  #paths = { loss: -1, from: 0, products: [] };

  constructor(recording) {
    this.recording = recording;
    this.steps = recording.spec.steps;
    this.units = recording.shape("slope")[1];
  }

  /** The step whose loss is looked at: the cursor's unit. */
  loss({ unit }) {
    return Math.min(Math.max(unit, 0), this.steps - 1);
  }

  /** The chosen copy of U, which no loss before its step knows. */
  copy(cursor) {
    return Math.min(cursor.time, this.loss(cursor));
  }

  /** How many copies truncation keeps: the cursor's pinned number, at most all of them. */
  window({ pinned }) {
    return pinned.length ? pinned[pinned.length - 1] + 1 : Math.min(2, this.steps);
  }

  /** An entry of a (t, k) table: term, influence, error, cosine. */
  of(name, t, k) {
    return this.recording.array(name).data[t * this.steps + k];
  }

  /** The first `count` entries of row t of a table. */
  row(name, t, count = t + 1) {
    const start = t * this.steps;
    return this.recording.array(name).data.subarray(start, start + count);
  }

  /** A number a step: loss, total. */
  step(name, t) {
    return this.recording.array(name).data[t];
  }

  /** A vector a step: out, slope, before. */
  vector(name, step) {
    const { data } = this.recording.array(name);
    return data.subarray(step * this.units, (step + 1) * this.units);
  }

  /** dh_t/dh_k (unit, unit), row by row: the product of the Jacobians between the two. */
  path(t, k) {
    if (this.#paths.loss !== t) this.#paths = { loss: t, products: [bpttIdentity(this.units)] };
    const { products } = this.#paths;
    while (products.length <= t - k) {
      const step = t - products.length + 1;
      products.push(bpttProduct(products[products.length - 1], this.#jacobian(step), this.units));
    }
    return products[t - k];
  }

  /** dL_t/dh_k. */
  carried(t, k) {
    return bpttRow(this.vector("out", t), this.path(t, k), this.units);
  }

  /** The gradient of copy k of U from the loss at t: (unit, unit), row by row. */
  term(t, k) {
    const { units } = this;
    const carried = this.carried(t, k);
    const slope = this.vector("slope", k);
    const before = this.vector("before", k);
    const found = new Float64Array(units * units);
    for (let at = 0; at < found.length; at += 1) {
      const row = Math.floor(at / units);
      found[at] = carried[row] * slope[row] * before[at % units];
    }
    return found;
  }

  #jacobian(step) {
    const { data } = this.recording.array("jacobian");
    const size = this.units * this.units;
    return data.subarray(step * size, (step + 1) * size);
  }
}

/** The Euclidean length of a vector, the Frobenius norm of a matrix. */
export function bpttNorm(values) {
  return Math.hypot(...values);
}

function bpttIdentity(size) {
  const found = new Float64Array(size * size);
  for (let at = 0; at < size; at += 1) found[at * (size + 1)] = 1;
  return found;
}

function bpttProduct(left, right, size) {
  const found = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    found.set(bpttRow(left.subarray(row * size, (row + 1) * size), right, size), row * size);
  }
  return found;
}

function bpttRow(row, matrix, size) {
  const found = new Float64Array(size);
  for (let inner = 0; inner < size; inner += 1) {
    for (let column = 0; column < size; column += 1) {
      found[column] += row[inner] * matrix[inner * size + column];
    }
  }
  return found;
}
