// The LSTM's wiring: the cell state runs along the top, the hidden state along the bottom.
import { VALVE_REACH } from "./cell_valve.js";
import { gateNode, gateTaps, initialNote, inputRails } from "./cell_wiring_parts.js";
import { stackRows, stateCard, WIRING_CARD, WIRING_GATE } from "./cell_wiring_parts.js";

const LSTM_LANE = 20;
const LSTM_EQUATIONS = ["forget_gate", "input_gate", "candidate", "output_gate"];

export function lstmWiring(width, height) {
  const at = lstmPlaces(width, height);
  const gates = lstmGates(at);
  const nodes = [...lstmStates(at, width), ...gates, ...lstmOperations(at), ...lstmLabels(at, width)];
  const wires = [
    ...lstmRails(at, gates),
    ...gates.flatMap((gate) => gateTaps(gate, at.inputRail, at.recurrentRail)),
    ...lstmHighway(at, width),
    ...lstmControls(at),
    ...lstmOutput(at, width),
  ];
  return { nodes, wires };
}

function lstmPlaces(width, height) {
  const gap = Math.min(Math.max(width * 0.02, 8), 22);
  const gateWidth = Math.min((width - LSTM_LANE - 2 - 3 * gap) / 4, 152);
  const pitch = (width - LSTM_LANE - 2 - gateWidth) / 3;
  const columns = [0, 1, 2, 3].map((index) => 2 + gateWidth / 2 + index * pitch);
  const rows = [WIRING_CARD, 44, WIRING_GATE, 26, WIRING_CARD + 22];
  const [top, middle, gates, rails, bottom] = stackRows(rows, [1, 1, 0.6, 0.6], height - 4);
  const cardWidth = Math.min(Math.max(width * 0.215, 106), 140);
  return {
    gateWidth,
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
  };
}

function lstmGates(at) {
  const place = (column) => ({
    x: at.columns[column] - at.gateWidth / 2,
    y: at.gates,
    width: at.gateWidth,
    height: WIRING_GATE,
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
  const before = stateCard("previous_hidden", "h", "previous_hidden", true, { ...left, y: bottom }, {
    stage: 1,
    eq: LSTM_EQUATIONS,
  });
  const cell = stateCard("previous_cell", "c", "previous_cell", true, { ...left, y: top }, {
    stage: 1,
    eq: ["cell"],
  });
  const inputWidth = Math.max(cardWidth - 10, 100);
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
      eq: LSTM_EQUATIONS,
    },
    stateCard("cell", "c", "cell", false, { x: right, y: top, width: cardWidth }, {
      stage: 4,
      eq: ["cell", "hidden"],
    }),
    stateCard("hidden", "h", "hidden", false, { x: right, y: bottom, width: cardWidth }, {
      stage: 5,
      eq: ["hidden"],
    }),
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

function lstmRails(at, gates) {
  const { inputRail, recurrentRail, bottom, cardWidth, columns } = at;
  const taps = gateTaps(gates[3], 0, 0).map((tap) => tap.points[0][0]);
  const firstTap = gateTaps(gates[0], 0, 0)[0].points[0][0];
  const inputX = (columns[1] + columns[2]) / 2;
  const shared = { stage: 1, eq: LSTM_EQUATIONS };
  return [
    ...inputRails(shared, inputX, inputRail, firstTap, taps[0]),
    {
      ...shared,
      id: "recurrent rail",
      name: "previous_hidden",
      points: [[cardWidth * 0.35, bottom], [cardWidth * 0.35, recurrentRail], [taps[1], recurrentRail]],
    },
    {
      ...shared,
      id: "input rise",
      over: true,
      points: [[inputX, bottom], [inputX, inputRail]],
      dots: [[inputX, inputRail]],
    },
  ];
}

function lstmHighway({ highway, cardWidth, columns, forgetX }, width) {
  const reach = VALVE_REACH.along;
  const shared = { stage: 4, eq: ["cell"] };
  const right = width - cardWidth - 2;
  const wire = (id, name, from, to, arrow) => {
    return { ...shared, id, name, points: [[from, highway], [to, highway]], arrow };
  };
  return [
    wire("highway in", "previous_cell", cardWidth + 2, forgetX - reach, false),
    wire("highway kept", "cell_kept", forgetX + reach, columns[2] - 13, true),
    wire("highway out", "cell", columns[2] + 13, right, true),
  ];
}

function lstmControls({ highway, middle, gates, columns, forgetX }) {
  const { along, across } = VALVE_REACH;
  const [forget, input, candidate, output] = columns;
  const control = (id, name, points, stage, eq) => {
    return { id, name, look: "control", points, stage, eq: [name, eq] };
  };
  const flow = { stage: 4, eq: ["cell"] };
  return [
    control("forget control", "forget_gate", [
      [forget, gates],
      [forget, middle],
      [forgetX, middle],
      [forgetX, highway + across],
    ], 2, "cell"),
    control("input control", "input_gate", [
      [input, gates],
      [input, middle],
      [candidate - across, middle],
    ], 2, "cell"),
    control("output control", "output_gate", [
      [output, gates],
      [output, middle + across],
    ], 2, "hidden"),
    { ...flow, id: "candidate rise", name: "candidate", stage: 3, points: [[candidate, gates], [candidate, middle + along]] },
    { ...flow, id: "written rise", name: "cell_written", arrow: true, points: [[candidate, middle - along], [candidate, highway + 13]] },
  ];
}

function lstmOutput({ highway, middle, bottom, columns, tanhX }, width) {
  const { along } = VALVE_REACH;
  const lane = width - LSTM_LANE / 2 + 1;
  const shared = { stage: 5, eq: ["hidden"] };
  return [
    { ...shared, id: "cell branch", name: "cell", points: [[tanhX, highway], [tanhX, middle - 13]], dots: [[tanhX, highway]] },
    { ...shared, id: "squashed", name: "cell_squashed", points: [[tanhX + 22, middle], [columns[3] - along, middle]] },
    { ...shared, id: "hidden out", name: "hidden", arrow: true, points: [[columns[3] + along, middle], [lane, middle], [lane, bottom]] },
  ];
}
