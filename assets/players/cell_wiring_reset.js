// How the recurrent part reaches the GRU's candidate. torch: the weights first, the reset valve
// after them. The original: the reset valve first.
import { VALVE_REACH } from "./cell_valve.js";
import { through } from "./cell_wiring_parts.js";

// The heights of the two things on the way from the rail up into the candidate.
function resetLevels({ gates, inputRail }, resetAfter) {
  return resetAfter
    ? { valve: gates + 56, weights: (gates + 77 + inputRail) / 2 }
    : { valve: gates + 90, weights: gates + 32 };
}

/** The reset valve and the recurrent weights, in the order that the kind of GRU has. */
export function resetNodes(at, resetAfter) {
  const { resetX } = at;
  const level = resetLevels(at, resetAfter);
  const shared = { stage: 3, eq: ["candidate"] };
  const quantities = resetAfter
    ? { flow: "recurrent_candidate", out: "reset_candidate" }
    : { flow: "previous_hidden", out: "reset_state" };
  const [flowMath, outMath] = resetAfter
    ? ["U_n h_{p} + b_{hn}", "r_t ⊙ (U_n h_{p} + b_{hn})"]
    : ["h_{p}", "r_t ⊙ h_{p}"];
  return [
    {
      ...shared,
      ...quantities,
      id: "reset valve",
      type: "valve",
      x: resetX,
      y: level.valve,
      turn: "up from right",
      opening: "reset_gate",
      tip: [
        ["r_t", "reset_gate"],
        [flowMath, quantities.flow],
        [outMath, quantities.out],
      ],
    },
    {
      ...shared,
      id: "recurrent weights",
      type: "pill",
      math: () => (resetAfter ? "U_n h + b" : "U_n"),
      width: resetAfter ? 76 : 46,
      x: resetX,
      y: level.weights,
      tip: resetAfter
        ? [[flowMath, "recurrent_candidate"]]
        : [["U_n (r_t ⊙ h_{p})", "candidate_from_recurrent"]],
    },
  ];
}

/** From the rail of h through both into the candidate, and the reset gate's control. */
export function resetWires(at, resetAfter) {
  const { left, gateWidth, resetX, recurrentRail, gates } = at;
  const { along, across } = VALVE_REACH;
  const level = resetLevels(at, resetAfter);
  const shared = { stage: 3, eq: ["candidate"] };
  const edge = left.candidate + gateWidth;
  const rise = (id, name, from, to, extra) => {
    return { ...shared, id, name, points: through(resetX, from, resetX, to), ...extra };
  };
  const dots = [[resetX, recurrentRail]];
  const start = { over: true, dots };
  const control = {
    ...shared,
    id: "reset control",
    name: "reset_gate",
    look: "control",
    stage: 2,
    points: through(left.reset, level.valve, resetX + across, level.valve),
  };
  if (resetAfter) {
    const turn = gates + 20;
    return [
      rise("recurrent rise", "previous_hidden", recurrentRail, level.weights + 13, start),
      rise("recurrent product", "recurrent_candidate", level.weights - 13, level.valve + along),
      {
        ...shared,
        id: "reset part",
        name: "reset_candidate",
        arrow: true,
        points: through(resetX, level.valve - along, resetX, turn, edge, turn),
      },
      control,
    ];
  }
  return [
    rise("recurrent rise", "previous_hidden", recurrentRail, level.valve + along, start),
    rise("reset state", "reset_state", level.valve - along, level.weights + 13),
    {
      ...shared,
      id: "reset part",
      name: "candidate_from_recurrent",
      arrow: true,
      points: through(resetX - 23, level.weights, edge, level.weights),
    },
    control,
  ];
}
