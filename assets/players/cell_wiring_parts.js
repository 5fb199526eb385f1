// Parts that the wirings of all cells share: rows, cards, gates and the taps that feed a gate.

export const WIRING_CARD = 52;
/** Below this width a box sets its numbers closer. */
export const WIRING_NARROW = 120;

/** The height of a gate's box: where it is narrow its two parts stand one above the other. */
export function gateHeight(width) {
  return width < WIRING_NARROW ? 110 : 94;
}

/** Stacks rows of given heights into `height`, sharing what is left among the gaps between them by
 * weight -> the top of each row. */
export function stackRows(heights, weights, height) {
  const used = heights.reduce((sum, one) => sum + one, 0);
  const shares = weights.reduce((sum, one) => sum + one, 0);
  const free = Math.max(height - used, 0) / shares;
  let top = 0;
  return heights.map((own, index) => {
    const here = top;
    top += own + (weights[index] ?? 0) * free;
    return here;
  });
}

/** A gate's box with what its tooltip tells. */
export function gateNode(name, letter, title, place, extra = {}) {
  const parts = [`${name}_from_input`, `${name}_from_recurrent`];
  return {
    id: name,
    type: "gate",
    name,
    math: `${letter}_t`,
    title,
    activation: "sigmoid",
    parts,
    stage: 2,
    eq: [name],
    tip: [
      [`${letter}_t`, name],
      [`W_${letter} x_t`, parts[0]],
      [`U_${letter} h_{p}`, parts[1]],
      [`b_${letter}`, `${name}_bias`],
      ["Σ", `${name}_preactivation`],
    ],
    ...place,
    ...extra,
  };
}

/** The two wires from the rails into the bottom of a gate: its input's and its recurrent part. */
export function gateTaps(gate, inputRail, recurrentRail) {
  const { id, stage, eq, parts, y, height } = gate;
  const bottom = y + height;
  const [inputX, recurrentX] = [tapX(gate, -1), tapX(gate, 1)];
  const common = { stage, eq, arrow: true };
  return [
    {
      ...common,
      id: `${id} input`,
      name: parts[0],
      points: through(inputX, inputRail, inputX, bottom),
      dots: [[inputX, inputRail]],
      tip: [gate.tip[1]],
    },
    {
      ...common,
      id: `${id} recurrent`,
      name: parts[1],
      over: true,
      points: through(recurrentX, recurrentRail, recurrentX, bottom),
      dots: [[recurrentX, recurrentRail]],
      tip: [gate.tip[2]],
    },
  ];
}

/** Where the input's (-1) or the recurrent part's (1) wire enters a gate. */
export function tapX({ x, width }, side) {
  return x + width / 2 + side * Math.min(width / 2 - 26, 34);
}

/** A state's card. */
export function stateCard(id, letter, name, previous, place, extra) {
  const math = (before) => (previous ? `${letter}_{${before}}` : `${letter}_t`);
  const tip = [[previous ? `${letter}_{p}` : `${letter}_t`, name]];
  return { id, type: "card", math, name, height: WIRING_CARD, tip, ...place, ...extra };
}

/** The words under the state before the first step. */
export function initialNote(card) {
  return {
    id: `${card.id} initial`,
    type: "note",
    stage: 1,
    eq: [],
    x: card.x + 2,
    y: card.y + card.height + 17,
    say: (step, text) => (step.first ? text.cell_initial : ""),
  };
}

/** The rail of the input, from where it arrives (x) to the first and to the last gate. */
export function inputRails(shared, x, y, first, last) {
  return [first, last].map((end, index) => {
    return { ...shared, id: `input rail ${index + 1}`, points: through(x, y, end, y) };
  });
}

/** The corners of a wire, x and y by turns: through(0, 1, 5, 1) -> [[0, 1], [5, 1]]. */
export function through(...numbers) {
  return numbers.flatMap((x, index) => (index % 2 === 0 ? [[x, numbers[index + 1]]] : []));
}
