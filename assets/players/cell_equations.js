// The equations of each cell, in order: the symbols, how this step's numbers are put in, and what
// must hold between them. An equation is
//   {id, stage, symbols(p), line, result, needs, checks}
// id is the quantity it computes; p the index of the step before. `line` is a list of pieces (see
// cell_slot.js): lists of strings, numbers {of: step -> value, as} and "|", where a line may break.
// `checks` are pairs of functions whose values must agree.
import { activationOf } from "./cell_activations.js";

const eqFirst = (name) => ({ of: quantity(name), as: "first" });
const eqTerm = (name) => ({ of: quantity(name), as: "term" });
const eqFactor = (name) => ({
  of: quantity(name),
  as: name.endsWith("_gate") ? "positive" : "factor",
});

function quantity(name) {
  return typeof name === "function" ? name : (step) => step.value(name);
}

/** The equations of a cell ({kind, activation, output_activation}); `projected`: the LSTM's hidden
 * state is W_hr times what leaves the output gate, so no single unit's numbers give it. */
export function cellEquations(cell, projected = false) {
  switch (cell.kind) {
    case "lstm":
      return lstmEquations(projected);
    case "gru":
      return gruEquations(torchCandidate());
    case "gru-original":
      return gruEquations(originalCandidate());
    case "elman":
      return [recurrentEquation(cell, "h")];
    case "jordan":
      return [recurrentEquation(cell, "y"), jordanOutput(cell)];
    default:
      throw new RangeError(
        `cell kind "${cell.kind}"; expected lstm, gru, gru-original, elman or jordan`,
      );
  }
}

/** A quantity that is a function of a sum of recorded parts: (name, function, [parts]). */
function sumEquation(id, stage, { fn, parts, symbols }) {
  const [head, ...tail] = parts;
  const pre = `${id}_preactivation`;
  const total = (step) => parts.reduce((sum, part) => sum + step.value(part), 0);
  const line = [[`= ${fn.open}`, eqFirst(head), ...tail.map(eqTerm), fn.close]];
  if (fn.name !== "identity") line.push(...fn.middle(eqFirst(pre), id));
  return {
    id,
    stage,
    symbols,
    line,
    needs: [...parts, pre],
    checks: [
      [total, quantity(pre)],
      [(step) => fn.apply(step.value(pre), () => step.row(pre)), quantity(id)],
    ],
  };
}

function gateEquation(name, letter, stage = 2, activation = "sigmoid") {
  const fn = activationOf(activation);
  return sumEquation(name, stage, {
    fn,
    parts: [`${name}_from_input`, `${name}_from_recurrent`, `${name}_bias`],
    symbols: (p) =>
      `${letter}_t = ${fn.symbolOpen}W_${letter} x_t + U_${letter} h_{${p}} + b_${letter}${fn.close}`,
  });
}

function lstmEquations(projected) {
  return [
    gateEquation("forget_gate", "f"),
    gateEquation("input_gate", "i"),
    gateEquation("output_gate", "o"),
    gateEquation("candidate", "g", 3, "tanh"),
    {
      id: "cell",
      stage: 4,
      symbols: (p) => `c_t = f_t ⊙ c_{${p}} + i_t ⊙ g_t`,
      line: [
        [
          ...["= ", eqFactor("forget_gate"), " · ", eqFactor("previous_cell"), "|"],
          ...[" + ", eqFactor("input_gate"), " · ", eqFactor("candidate")],
        ],
      ],
      needs: ["forget_gate", "previous_cell", "input_gate", "candidate"],
      checks: [[(step) => step.value("cell_kept") + step.value("cell_written"), quantity("cell")]],
    },
    projected ? projectedHidden() : lstmHidden(),
  ];
}

function lstmHidden() {
  return {
    id: "hidden",
    stage: 5,
    symbols: () => "h_t = o_t ⊙ \\tanh(c_t)",
    line: [
      ["= ", eqFactor("output_gate"), " · tanh(", eqFirst("cell"), ")"],
      ["= ", eqFactor("output_gate"), " · ", eqFactor("cell_squashed")],
    ],
    needs: ["output_gate", "cell"],
    checks: [
      [(step) => step.value("output_gate") * step.value("cell_squashed"), quantity("hidden")],
    ],
  };
}

function projectedHidden() {
  const symbols = () => "h_t = W_{hr} (o_t ⊙ \\tanh(c_t))";
  return { id: "hidden", stage: 5, symbols, line: [], needs: [], checks: [] };
}

function gruEquations(candidate) {
  return [
    gateEquation("reset_gate", "r"),
    gateEquation("update_gate", "z"),
    candidate,
    {
      id: "hidden",
      stage: 4,
      symbols: (p) => `h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{${p}}`,
      line: [
        [
          ...["= (1 − ", eqFactor("update_gate"), ") · ", eqFactor("candidate"), "|"],
          ...[" + ", eqFactor("update_gate"), " · ", eqFactor("previous_hidden")],
        ],
      ],
      needs: ["update_gate", "candidate", "previous_hidden"],
      checks: [
        [(step) => step.value("hidden_written") + step.value("hidden_kept"), quantity("hidden")],
      ],
    },
  ];
}

// torch and cuDNN: the reset gate multiplies what the recurrent weights made of h.
function torchCandidate() {
  const names = ["from_input", "bias", "from_recurrent", "recurrent_bias"];
  const [fromInput, bias, fromRecurrent, recurrentBias] = names.map((part) => `candidate_${part}`);
  const total = (step) => step.value(fromInput) + step.value(bias) + step.value("reset_candidate");
  return {
    id: "candidate",
    stage: 3,
    symbols: (p) => `n_t = \\tanh(W_n x_t + b_n + r_t ⊙ (U_n h_{${p}} + b_{hn}))`,
    line: [
      [
        ...["= tanh(", eqFirst(fromInput), eqTerm(bias), "|", " + ", eqFactor("reset_gate"), " · "],
        ...["(", eqFirst(fromRecurrent), eqTerm(recurrentBias), "))"],
      ],
      ["= tanh(", eqFirst("candidate_preactivation"), ")"],
    ],
    needs: [fromInput, bias, fromRecurrent, recurrentBias, "reset_gate"],
    checks: [
      [total, quantity("candidate_preactivation")],
      [(step) => Math.tanh(step.value("candidate_preactivation")), quantity("candidate")],
    ],
  };
}

// The original: the reset gate multiplies h before the recurrent weights see it.
function originalCandidate() {
  return sumEquation("candidate", 3, {
    fn: activationOf("tanh"),
    parts: ["candidate_from_input", "candidate_from_recurrent", "candidate_bias"],
    symbols: (p) => `n_t = \\tanh(W_n x_t + U_n (r_t ⊙ h_{${p}}) + b_n)`,
  });
}

function recurrentEquation({ activation = "tanh" }, fedBack) {
  const fn = activationOf(activation);
  const equation = sumEquation("hidden", 2, {
    fn,
    parts: ["hidden_from_input", "hidden_from_recurrent", "hidden_bias"],
    symbols: (p) => `h_t = ${fn.symbolOpen}W x_t + U ${fedBack}_{${p}} + b${fn.close}`,
  });
  // The sum is a stage of its own here; what the function makes of it is the next.
  return { ...equation, resultStage: 3 };
}

function jordanOutput({ output_activation: name = "identity" }) {
  const fn = activationOf(name);
  return sumEquation("output", 4, {
    fn,
    parts: ["output_from_hidden", "output_bias"],
    symbols: () => `y_t = ${fn.symbolOpen}V h_t + b_y${fn.close}`,
  });
}
