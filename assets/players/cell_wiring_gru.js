// The GRU's wiring: the hidden state runs along the top between two valves that move oppositely,
// the update gate z on the old state and 1 - z on the candidate. torch's GRU and the original
// differ in the order of the reset valve and the recurrent weights.
import { VALVE_REACH } from "./cell_valve.js";
import { resetNodes, resetWires } from "./cell_wiring_reset.js";
import { gateHeight, gateNode, gateTaps, initialNote } from "./cell_wiring_parts.js";
import { inputRails, stackRows, stateCard, through, WIRING_CARD } from "./cell_wiring_parts.js";

const GRU_LANE = 24;
const GRU_EQUATIONS = ["reset_gate", "update_gate", "candidate"];

/** `resetAfter`: torch's order, U h + b first and the reset valve after it. */
export function gruWiring(width, height, resetAfter) {
  const at = gruPlaces(width, height);
  const gates = gruGates(at, resetAfter);
  const taps = gates.map((gate) => gateTaps(gate, at.inputRail, at.recurrentRail));
  const nodes = [
    ...gruStates(at),
    ...gates,
    ...gruValves(at),
    ...gruLabels(at),
    ...resetNodes(at, resetAfter),
  ];
  const wires = [
    ...gruRails(at, taps),
    ...taps[0],
    taps[1][0],
    ...taps[2],
    ...resetWires(at, resetAfter),
    ...gruHighway(at),
    ...gruControls(at),
  ];
  return { nodes, wires };
}

function gruPlaces(width, height) {
  const resetGap = Math.min(Math.max(width * 0.19, 94), 130);
  const updateGap = Math.min(Math.max(width * 0.1, 46), 80);
  const gateWidth = Math.min((width - GRU_LANE - 2 - resetGap - updateGap) / 3, 152);
  const spare = width - GRU_LANE - 2 - resetGap - updateGap - 3 * gateWidth;
  const left = { update: GRU_LANE, candidate: GRU_LANE + gateWidth + updateGap + spare / 2 };
  left.reset = width - 2 - gateWidth;
  const rows = [WIRING_CARD, 48, gateHeight(gateWidth), 66, WIRING_CARD];
  const [top, middle, gates, rails, bottom] = stackRows(rows, [1, 1, 0.5, 0.5], height - 4);
  const cardWidth = Math.min(Math.max(width * 0.215, 106), 140);
  const half = gateWidth / 2;
  return {
    width,
    left,
    gateWidth,
    gateHeight: gateHeight(gateWidth),
    cardWidth,
    updateX: left.update + half,
    candidateX: left.candidate + half,
    resetX: (left.candidate + gateWidth + left.reset) / 2,
    valveX: cardWidth + Math.min(Math.max(width * 0.07, 33), 44),
    top: top + 2,
    highway: top + 2 + WIRING_CARD / 2,
    middle: middle + 24,
    gates,
    inputRail: rails + 40,
    recurrentRail: rails + 58,
    bottom,
  };
}

function gruGates(at, resetAfter) {
  const place = (name) => ({
    x: at.left[name],
    y: at.gates,
    width: at.gateWidth,
    height: at.gateHeight,
  });
  const candidate = gateNode("candidate", "n", "cell_new", place("candidate"), {
    also: ["hidden"],
    activation: "tanh",
    stage: 3,
  });
  if (resetAfter) {
    // The part that arrives is what the reset valve has let through.
    candidate.parts = [candidate.parts[0], "reset_candidate"];
    candidate.tip[2] = ["r_t ⊙ (U_n h_{p} + b_{hn})", "reset_candidate"];
  } else {
    candidate.tip[2] = ["U_n (r_t ⊙ h_{p})", "candidate_from_recurrent"];
  }
  return [
    gateNode("update_gate", "z", "cell_update", place("update"), { also: ["hidden"] }),
    candidate,
    gateNode("reset_gate", "r", "cell_reset", place("reset"), { also: ["candidate"] }),
  ];
}

function gruStates(at) {
  const { top, bottom, cardWidth, width } = at;
  const place = { x: 2, y: top, width: cardWidth };
  const before = stateCard("previous_hidden", "h", "previous_hidden", true, place, {
    stage: 1,
    eq: [...GRU_EQUATIONS, "hidden"],
  });
  const inputWidth = cardWidth + 24;
  const right = { x: width - cardWidth - 2, y: top, width: cardWidth };
  return [
    before,
    { ...initialNote(before), x: GRU_LANE },
    {
      id: "input",
      type: "input",
      x: at.candidateX - inputWidth / 2,
      y: bottom,
      width: inputWidth,
      height: WIRING_CARD,
      stage: 1,
      eq: GRU_EQUATIONS,
    },
    stateCard("hidden", "h", "hidden", false, right, { stage: 4, eq: ["hidden"] }),
    {
      id: "predictions",
      type: "predictions",
      x: width - 4,
      y: top + WIRING_CARD + 17,
      stage: 4,
      eq: [],
    },
  ];
}

function gruValves({ valveX, candidateX, highway, middle }) {
  const shared = { type: "valve", stage: 4, eq: ["hidden"] };
  return [
    {
      ...shared,
      id: "keep valve",
      x: valveX,
      y: highway,
      turn: "right from below",
      opening: "update_gate",
      flow: "previous_hidden",
      out: "hidden_kept",
      tip: [
        ["z_t", "update_gate"],
        ["h_{p}", "previous_hidden"],
        ["z_t ⊙ h_{p}", "hidden_kept"],
      ],
    },
    {
      ...shared,
      id: "write valve",
      x: candidateX,
      y: middle,
      turn: "up from left",
      opening: "update_complement",
      flow: "candidate",
      out: "hidden_written",
      tip: [
        ["1 - z_t", "update_complement"],
        ["n_t", "candidate"],
        ["(1 - z_t) ⊙ n_t", "hidden_written"],
      ],
    },
    { id: "hidden sum", type: "operator", x: candidateX, y: highway, stage: 4, eq: ["hidden"] },
    {
      id: "update_complement",
      type: "pill",
      plain: "1 −",
      x: (valveX + candidateX - VALVE_REACH.across) / 2,
      y: middle,
      width: 40,
      stage: 4,
      eq: ["hidden"],
      tip: [["1 - z_t", "update_complement"]],
    },
  ];
}

function gruLabels({ valveX, candidateX, highway, middle }) {
  const shared = { type: "label", stage: 4, eq: ["hidden"] };
  const kept = (valveX + VALVE_REACH.along + candidateX - 13) / 2;
  const written = { x: candidateX + 10, y: (highway + middle) / 2 + 1 };
  return [
    {
      ...shared,
      id: "kept label",
      name: "hidden_kept",
      x: kept,
      y: highway - 10,
      anchor: "middle",
    },
    { ...shared, id: "written label", name: "hidden_written", ...written },
  ];
}

function gruRails({ top, inputRail, recurrentRail, bottom, candidateX }, taps) {
  const shared = { stage: 1, eq: GRU_EQUATIONS };
  const startOf = (wire) => wire.points[0][0];
  const lane = GRU_LANE / 2 - 1;
  return [
    ...inputRails(shared, candidateX, inputRail, startOf(taps[0][0]), startOf(taps[2][0])),
    {
      ...shared,
      id: "recurrent rail",
      name: "previous_hidden",
      points: through(
        lane,
        top + WIRING_CARD,
        lane,
        recurrentRail,
        startOf(taps[2][1]),
        recurrentRail,
      ),
    },
    {
      ...shared,
      id: "input rise",
      over: true,
      points: through(candidateX, bottom, candidateX, inputRail),
      dots: [[candidateX, inputRail]],
    },
  ];
}

function gruHighway({ cardWidth, valveX, candidateX, highway, middle, gates, width }) {
  const { along } = VALVE_REACH;
  const shared = { stage: 4, eq: ["hidden"] };
  const flat = (id, name, from, to, arrow) => {
    return { ...shared, id, name, points: through(from, highway, to, highway), arrow };
  };
  return [
    flat("highway in", "previous_hidden", cardWidth + 2, valveX - along, false),
    flat("highway kept", "hidden_kept", valveX + along, candidateX - 13, true),
    flat("highway out", "hidden", candidateX + 13, width - cardWidth - 2, true),
    {
      ...shared,
      id: "candidate rise",
      name: "candidate",
      stage: 3,
      points: through(candidateX, gates, candidateX, middle + along),
    },
    {
      ...shared,
      id: "written rise",
      name: "hidden_written",
      arrow: true,
      points: through(candidateX, middle - along, candidateX, highway + 13),
    },
  ];
}

function gruControls({ updateX, valveX, candidateX, highway, middle, gates }) {
  const { across } = VALVE_REACH;
  const shared = { look: "control", stage: 2, eq: ["update_gate", "hidden"], name: "update_gate" };
  const pill = (valveX + candidateX - across) / 2;
  return [
    {
      ...shared,
      id: "keep control",
      points: through(updateX, gates, updateX, middle, valveX, middle, valveX, highway + across),
    },
    {
      ...shared,
      stage: 4,
      id: "complement in",
      points: through(valveX, middle, pill - 20, middle),
    },
    {
      ...shared,
      stage: 4,
      id: "write control",
      name: "update_complement",
      points: through(pill + 20, middle, candidateX - across, middle),
    },
  ];
}
