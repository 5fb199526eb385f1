// A small network at work in the browser, so that a drawing is named while it is drawn: an image
// becomes the first state of a GRU, and each letter written is the next one read.
//   s_0 = tanh(W_s x + b_s)
//   r = σ(W_ir e + b_ir + W_hr s + b_hr), z likewise, n = tanh(W_in e + b_in + r ⊙ (W_hn s + b_hn))
//   s' = (1 - z) ⊙ n + z ⊙ s, with e the vector of the letter before
// Weights are torch's, row by row: reset, update, candidate.

const SPELLER_START = 0;
const SPELLER_END = 1;
const SPELLER_LONGEST = 16;

export class SpellerNet {
  /** `name` stands before the arrays: begin, begin_bias, letters, weight_ih, weight_hh, bias_ih,
   * bias_hh, read_out, read_out_bias. alphabet: the letters by their ids. */
  constructor(recording, name, alphabet) {
    this.alphabet = alphabet;
    this.part = (key) => recording.array(`${name}.${key}`).data;
    this.units = this.part("begin_bias").length;
    this.width = this.part("letters").length / recording.shape(`${name}.letters`)[0];
  }

  /** Steps {fed, state, chances, said}; what is fed first and said last are the marks. */
  spell(image) {
    let state = affine(this.part("begin"), image, this.part("begin_bias")).map(Math.tanh);
    const first = state;
    const steps = [];
    let token = SPELLER_START;
    while (steps.length < SPELLER_LONGEST) {
      state = this.#step(token, state);
      const chances = softmaxOf(affine(this.part("read_out"), state, this.part("read_out_bias")));
      const said = chances.indexOf(Math.max(...chances));
      steps.push({ fed: this.alphabet[token], state, chances, said: this.alphabet[said] });
      if (said === SPELLER_END) break;
      token = said;
    }
    return { first, steps };
  }

  #step(token, state) {
    const { units, width } = this;
    const letter = this.part("letters").subarray(token * width, (token + 1) * width);
    const from = affine(this.part("weight_ih"), letter, this.part("bias_ih"));
    const back = affine(this.part("weight_hh"), state, this.part("bias_hh"));
    return state.map((before, unit) => {
      const reset = sigmoidOf(from[unit] + back[unit]);
      const update = sigmoidOf(from[units + unit] + back[units + unit]);
      const candidate = Math.tanh(from[2 * units + unit] + reset * back[2 * units + unit]);
      return (1 - update) * candidate + update * before;
    });
  }
}

/** The likeliest letters of a step with their probabilities, best first. */
export function likeliest(chances, alphabet, count) {
  return [...chances.keys()]
    .sort((one, other) => chances[other] - chances[one])
    .slice(0, count)
    .map((id) => [alphabet[id], chances[id]]);
}

function affine(matrix, vector, bias) {
  const width = vector.length;
  return Float64Array.from(bias, (offset, row) => {
    let sum = offset;
    for (let at = 0; at < width; at += 1) sum += matrix[row * width + at] * vector[at];
    return sum;
  });
}

function softmaxOf(logits) {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function sigmoidOf(value) {
  return 1 / (1 + Math.exp(-value));
}
