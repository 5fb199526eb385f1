// Backpropagation through time in numbers: what the server itemised, and the matrices behind one
// term, multiplied up here. t is the step of the loss, k the step whose copy of a parameter is meant:
// of U, or where the panel's options say so of another. `once`: a parameter that only the loss's own
// step uses. `mean`: one loss, the mean over the steps, whose terms stand in every row.

export class BpttModel {
  #paths = { loss: -1, from: 0, products: [] };

  constructor(recording, { once = false, mean = false } = {}) {
    this.recording = recording;
    this.once = once;
    this.mean = mean;
    this.steps = recording.spec.steps;
    this.units = recording.shape("slope")[1];
    this.read = recording.shape("read")[1];
  }

  /** The step whose loss is looked at: the cursor's unit. */
  loss({ unit }) {
    if (this.mean) return this.steps - 1;
    return Math.min(Math.max(unit, 0), this.steps - 1);
  }

  /** The chosen copy of U, which no loss before its step knows. */
  copy(cursor) {
    if (this.once && !this.mean) return this.loss(cursor);
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

  /** A vector a step: out, slope, read. */
  vector(name, step) {
    const { data } = this.recording.array(name);
    const wide = this.recording.shape(name)[1];
    return data.subarray(step * wide, (step + 1) * wide);
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

  /** The gradient of copy k from the loss at t: (unit, what it reads), row by row. */
  term(t, k) {
    const { units, read } = this;
    const carried = this.carried(t, k);
    const slope = this.vector("slope", k);
    const seen = this.vector("read", k);
    const found = new Float64Array(units * read);
    for (let at = 0; at < found.length; at += 1) {
      const row = Math.floor(at / read);
      found[at] = carried[row] * slope[row] * seen[at % read];
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
