// The wiring of Elman's and Jordan's cells, drawn alike on purpose: between the two only the
// fed-back wire moves, from the hidden state (Elman) to the output (Jordan).
import { feedbackNodes, feedbackWire, outputNodes, outputWires } from "./cell_wiring_output.js";
import { initialNote, stackRows, stateCard, through, WIRING_CARD } from "./cell_wiring_parts.js";

const SIMPLE_SUM = 13;

export function simpleWiring(width, height, cell) {
  const jordan = cell.kind === "jordan";
  const at = simplePlaces(width, height);
  at.fedBack = jordan ? "output" : "hidden";
  at.letter = jordan ? "y" : "h";
  at.last = jordan ? 5 : 4;
  const states = [...simpleStates(at, cell), ...outputNodes(at, cell)];
  return {
    nodes: [...states, ...simpleLabels(at), ...feedbackNodes(at, jordan)],
    wires: [...simpleWires(at), ...outputWires(at, jordan, cell), feedbackWire(at, jordan)],
  };
}

function simplePlaces(width, height) {
  const rows = [WIRING_CARD, WIRING_CARD, 68, 2 * SIMPLE_SUM, WIRING_CARD];
  const tops = stackRows(rows, [1.3, 1, 0.9, 1], height - 4).map((top) => top + 2);
  const [output, hidden, curve, sum, input] = tops;
  const cardWidth = Math.min(Math.max(width * 0.36, 172), 240);
  const contextWidth = Math.min(Math.max(width * 0.28, 136), 180);
  return {
    cardWidth,
    contextWidth,
    main: width * 0.6,
    context: contextWidth / 2 + 8,
    output,
    hidden,
    curve,
    sum: sum + SIMPLE_SUM,
    input,
    width,
  };
}

function simpleStates(at, { activation = "tanh" }) {
  const { main, cardWidth, context, contextWidth } = at;
  const before = stateCard(
    "context",
    at.letter,
    `previous_${at.fedBack}`,
    true,
    { x: context - contextWidth / 2, y: at.sum - WIRING_CARD / 2, width: contextWidth },
    { stage: 1, eq: ["hidden"] },
  );
  const hidden = { x: main - cardWidth / 2, y: at.hidden, width: cardWidth };
  const shared = { eq: ["hidden"], stage: 3 };
  return [
    before,
    initialNote(before),
    {
      id: "context name",
      type: "note",
      x: context + 12,
      y: before.y - 9,
      stage: 1,
      eq: [],
      say: (_, text) => text.cell_context,
    },
    {
      id: "input",
      type: "input",
      x: main - 75,
      y: at.input,
      width: 150,
      height: WIRING_CARD,
      stage: 1,
      eq: ["hidden"],
    },
    {
      id: "sum",
      type: "operator",
      sign: "Σ",
      x: main,
      y: at.sum,
      stage: 2,
      eq: ["hidden"],
      tip: sumTip(at),
    },
    {
      ...shared,
      id: "curve",
      type: "curve",
      activation,
      pre: "hidden_preactivation",
      name: "hidden",
      x: main - 58,
      y: at.curve,
      width: 116,
      height: 68,
      tip: [
        ["Σ", "hidden_preactivation"],
        ["h_t", "hidden"],
      ],
    },
    stateCard("hidden", "h", "hidden", false, hidden, { ...shared, also: ["output"] }),
  ];
}

function sumTip({ letter }) {
  return [
    ["W x_t", "hidden_from_input"],
    [`U ${letter}_{p}`, "hidden_from_recurrent"],
    ["b", "hidden_bias"],
    ["Σ", "hidden_preactivation"],
  ];
}

function simpleLabels({ main, sum, curve, input, letter }) {
  const shared = { type: "label", stage: 2, eq: ["hidden"] };
  const recurrent = (before) => `U ${letter}_{${before}}`;
  return [
    {
      ...shared,
      id: "input label",
      name: "hidden_from_input",
      math: () => "W x_t",
      x: main + 12,
      y: (sum + SIMPLE_SUM + input) / 2 + 5,
    },
    {
      ...shared,
      id: "recurrent label",
      name: "hidden_from_recurrent",
      math: recurrent,
      x: main - 20,
      y: sum - 10,
      anchor: "end",
    },
    {
      ...shared,
      id: "bias label",
      name: "hidden_bias",
      math: () => "b",
      x: main + 30,
      y: sum - 10,
    },
    {
      ...shared,
      id: "sum label",
      name: "hidden_preactivation",
      x: main + 12,
      y: (curve + 68 + sum - SIMPLE_SUM) / 2 + 5,
    },
  ];
}

function simpleWires({ main, context, contextWidth, sum, curve, input, hidden }) {
  const shared = { stage: 2, eq: ["hidden"], arrow: true };
  return [
    {
      ...shared,
      id: "input wire",
      name: "hidden_from_input",
      points: through(main, input, main, sum + SIMPLE_SUM),
      tip: [["W x_t", "hidden_from_input"]],
    },
    {
      ...shared,
      id: "recurrent wire",
      name: "hidden_from_recurrent",
      points: through(context + contextWidth / 2, sum, main - SIMPLE_SUM, sum),
    },
    {
      ...shared,
      id: "bias wire",
      name: "hidden_bias",
      points: through(main + 96, sum, main + SIMPLE_SUM, sum),
      tip: [["b", "hidden_bias"]],
    },
    {
      ...shared,
      id: "sum wire",
      name: "hidden_preactivation",
      points: through(main, sum - SIMPLE_SUM, main, curve + 68),
      tip: [["Σ", "hidden_preactivation"]],
    },
    {
      ...shared,
      id: "hidden wire",
      name: "hidden",
      stage: 3,
      points: through(main, curve, main, hidden + WIRING_CARD),
    },
  ];
}
