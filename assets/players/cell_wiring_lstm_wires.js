// The LSTM's wires, between the nodes that cell_wiring_lstm.js places.
import { VALVE_REACH } from "./cell_valve.js";
import { gateTaps, inputRails, through } from "./cell_wiring_parts.js";

const LSTM_PLUS = 13;
const LSTM_PILL = { across: 13, along: 22 };

/** All wires; `at` are the places, `gates` the four boxes. */
export function lstmWires(at, gates) {
  const taps = gates.map((gate) => gateTaps(gate, at.inputRail, at.recurrentRail));
  return [
    ...lstmRails(at, taps),
    ...taps.flat(),
    ...lstmHighway(at),
    ...lstmControls(at),
    ...lstmCandidate(at),
    ...lstmOutput(at),
  ];
}

function lstmRails(at, taps) {
  const { inputRail, recurrentRail, bottom, cardWidth, inputX } = at;
  const shared = { stage: 1, eq: at.readers };
  const startOf = (wire) => wire.points[0][0];
  const rise = cardWidth * 0.35;
  const lastTap = startOf(taps[3][1]);
  return [
    ...inputRails(shared, inputX, inputRail, startOf(taps[0][0]), startOf(taps[3][0])),
    {
      ...shared,
      id: "recurrent rail",
      name: "previous_hidden",
      points: through(rise, bottom, rise, recurrentRail, lastTap, recurrentRail),
    },
    {
      ...shared,
      id: "input rise",
      over: true,
      points: through(inputX, bottom, inputX, inputRail),
      dots: [[inputX, inputRail]],
    },
  ];
}

function lstmHighway({ highway, cardWidth, columns, forgetX, right }) {
  const { along } = VALVE_REACH;
  const wire = (id, name, from, to, arrow) => {
    const points = through(from, highway, to, highway);
    return { id, name, points, arrow, stage: 4, eq: ["cell"] };
  };
  return [
    wire("highway in", "previous_cell", cardWidth + 2, forgetX - along, false),
    wire("highway kept", "cell_kept", forgetX + along, columns[2] - LSTM_PLUS, true),
    wire("highway out", "cell", columns[2] + LSTM_PLUS, right, true),
  ];
}

function lstmControls({ highway, middle, gates, columns, forgetX }) {
  const { across } = VALVE_REACH;
  const [forget, input, candidate, output] = columns;
  const control = (name, user, points) => {
    return { id: `${name} control`, name, look: "control", points, stage: 2, eq: [name, user] };
  };
  const up = through(forget, gates, forget, middle);
  return [
    control("forget_gate", "cell", [...up, ...through(forgetX, middle, forgetX, highway + across)]),
    control("input_gate", "cell", through(input, gates, input, middle, candidate - across, middle)),
    control("output_gate", "hidden", through(output, gates, output, middle + across)),
  ];
}

function lstmCandidate({ highway, middle, gates, columns }) {
  const { along } = VALVE_REACH;
  const x = columns[2];
  return [
    {
      id: "candidate rise",
      name: "candidate",
      stage: 3,
      eq: ["candidate", "cell"],
      points: through(x, gates, x, middle + along),
    },
    {
      id: "written rise",
      name: "cell_written",
      stage: 4,
      eq: ["cell"],
      arrow: true,
      points: through(x, middle - along, x, highway + LSTM_PLUS),
    },
  ];
}

function lstmOutput({ highway, middle, bottom, columns, tanhX, lane }) {
  const { along } = VALVE_REACH;
  const valve = columns[3];
  const shared = { stage: 5, eq: ["hidden"] };
  return [
    {
      ...shared,
      id: "cell branch",
      name: "cell",
      points: through(tanhX, highway, tanhX, middle - LSTM_PILL.across),
      dots: [[tanhX, highway]],
    },
    {
      ...shared,
      id: "squashed",
      name: "cell_squashed",
      points: through(tanhX + LSTM_PILL.along, middle, valve - along, middle),
    },
    {
      ...shared,
      id: "hidden out",
      name: "hidden",
      arrow: true,
      points: through(valve + along, middle, lane, middle, lane, bottom),
    },
  ];
}
