// The LSTM's wiring: the cell state runs along the top, the hidden state along the bottom.
import { VALVE_REACH } from "./cell_valve.js";
import { gateHeight, gateNode, initialNote, stackRows } from "./cell_wiring_parts.js";
import { stateCard, WIRING_CARD } from "./cell_wiring_parts.js";
import { lstmWires } from "./cell_wiring_lstm_wires.js";

const LSTM_READERS = ["forget_gate", "input_gate", "candidate", "output_gate"];
// Room at the right edge for the hidden state's way down.
const LSTM_LANE = 20;

export function lstmWiring(width, height) {
  const at = lstmPlaces(width, height);
  const gates = lstmGates(at);
  const nodes = [
    ...lstmStates(at, width),
    ...gates,
    ...lstmOperations(at),
    ...lstmLabels(at, width),
  ];
  return { nodes, wires: lstmWires(at, gates) };
}

function lstmPlaces(width, height) {
  const gap = Math.min(Math.max(width * 0.02, 8), 22);
  const gateWidth = Math.min((width - LSTM_LANE - 2 - 3 * gap) / 4, 152);
  const pitch = (width - LSTM_LANE - 2 - gateWidth) / 3;
  const columns = [0, 1, 2, 3].map((index) => 2 + gateWidth / 2 + index * pitch);
  const rows = [WIRING_CARD, 44, gateHeight(gateWidth), 26, WIRING_CARD + 22];
  const [top, middle, gates, rails, bottom] = stackRows(rows, [1, 1, 0.6, 0.6], height - 4);
  const cardWidth = Math.min(Math.max(width * 0.215, 106), 140);
  return {
    gateWidth,
    gateHeight: gateHeight(gateWidth),
    columns,
    cardWidth,
    top: top + 2,
    highway: top + 2 + WIRING_CARD / 2,
    middle: middle + 22,
    gates,
    inputRail: rails + 4,
    recurrentRail: rails + 22,
    bottom,
    forgetX: cardWidth + 40,
    tanhX: (columns[2] + columns[3]) / 2,
    inputX: (columns[1] + columns[2]) / 2,
    lane: width - LSTM_LANE / 2 + 1,
    right: width - cardWidth - 2,
    readers: LSTM_READERS,
  };
}

function lstmGates(at) {
  const place = (column) => ({
    x: at.columns[column] - at.gateWidth / 2,
    y: at.gates,
    width: at.gateWidth,
    height: at.gateHeight,
  });
  const candidate = { activation: "tanh", stage: 3, also: ["cell"] };
  return [
    gateNode("forget_gate", "f", "cell_forget", place(0), { also: ["cell"] }),
    gateNode("input_gate", "i", "cell_input", place(1), { also: ["cell"] }),
    gateNode("candidate", "g", "cell_new", place(2), candidate),
    gateNode("output_gate", "o", "cell_output_short", place(3), { also: ["hidden"] }),
  ];
}

function lstmStates(at, width) {
  const { top, bottom, cardWidth } = at;
  const right = width - cardWidth - 2;
  const left = { x: 2, width: cardWidth };
  const before = stateCard(
    "previous_hidden",
    "h",
    "previous_hidden",
    true,
    { ...left, y: bottom },
    {
      stage: 1,
      eq: LSTM_READERS,
    },
  );
  const cell = stateCard(
    "previous_cell",
    "c",
    "previous_cell",
    true,
    { ...left, y: top },
    {
      stage: 1,
      eq: ["cell"],
    },
  );
  const inputWidth = cardWidth + 24;
  return [
    cell,
    before,
    initialNote(before),
    {
      id: "input",
      type: "input",
      x: (at.columns[1] + at.columns[2]) / 2 - inputWidth / 2,
      y: bottom,
      width: inputWidth,
      height: WIRING_CARD,
      stage: 1,
      eq: LSTM_READERS,
    },
    stateCard(
      "cell",
      "c",
      "cell",
      false,
      { x: right, y: top, width: cardWidth },
      {
        stage: 4,
        eq: ["cell", "hidden"],
      },
    ),
    stateCard(
      "hidden",
      "h",
      "hidden",
      false,
      { x: right, y: bottom, width: cardWidth },
      {
        stage: 5,
        eq: ["hidden"],
      },
    ),
    {
      id: "predictions",
      type: "predictions",
      x: width - 4,
      y: bottom + WIRING_CARD + 17,
      stage: 5,
      eq: [],
    },
  ];
}

function lstmOperations({ highway, middle, columns, forgetX, tanhX }) {
  const forget = { opening: "forget_gate", flow: "previous_cell", out: "cell_kept" };
  const input = { opening: "input_gate", flow: "candidate", out: "cell_written" };
  const output = { opening: "output_gate", flow: "cell_squashed", out: "hidden" };
  const valve = (id, x, y, turn, stage, eq, quantities, tip) => {
    return { id, type: "valve", x, y, turn, stage, eq: [eq], tip, ...quantities };
  };
  return [
    valve("forget valve", forgetX, highway, "right from below", 4, "cell", forget, [
      ["f_t", "forget_gate"],
      ["c_{p}", "previous_cell"],
      ["f_t ⊙ c_{p}", "cell_kept"],
    ]),
    valve("input valve", columns[2], middle, "up from left", 4, "cell", input, [
      ["i_t", "input_gate"],
      ["g_t", "candidate"],
      ["i_t ⊙ g_t", "cell_written"],
    ]),
    valve("output valve", columns[3], middle, "right from below", 5, "hidden", output, [
      ["o_t", "output_gate"],
      ["\\tanh(c_t)", "cell_squashed"],
      ["h_t", "hidden"],
    ]),
    { id: "cell sum", type: "operator", x: columns[2], y: highway, stage: 4, eq: ["cell"] },
    {
      id: "cell_squashed",
      type: "pill",
      plain: "tanh",
      x: tanhX,
      y: middle,
      stage: 5,
      eq: ["hidden"],
      tip: [["\\tanh(c_t)", "cell_squashed"]],
    },
  ];
}

function lstmLabels({ highway, middle, columns, forgetX, tanhX }) {
  const label = (name, x, y, anchor, stage, eq) => {
    return { id: `${name} label`, type: "label", name, x, y, anchor, stage, eq: [eq] };
  };
  const kept = (forgetX + VALVE_REACH.along + columns[2] - 13) / 2;
  const written = (highway + middle) / 2 + 1;
  return [
    label("cell_kept", kept, highway - 10, "middle", 4, "cell"),
    label("cell_written", columns[2] - 9, written, "end", 4, "cell"),
    label("cell_squashed", tanhX, middle + 32, "middle", 5, "hidden"),
  ];
}
