// The upper end of Elman's and Jordan's cells: the output, and the wire that is fed back.
import { activationOf } from "./cell_activations.js";
import { stateCard, through, WIRING_CARD } from "./cell_wiring_parts.js";

/** The output above the hidden state; in Jordan's cell it is part of the cell. */
export function outputNodes(at, cell) {
  return cell.kind === "jordan" ? jordanOutputNodes(at, cell) : elmanOutputNodes(at);
}

function elmanOutputNodes({ main, cardWidth, output }) {
  const place = { x: main - cardWidth / 2, y: output, width: cardWidth, height: WIRING_CARD };
  const shared = { stage: 3, eq: [] };
  return [
    { ...shared, id: "output", type: "frame", math: "y_t", ...place },
    {
      ...shared,
      id: "predictions",
      type: "predictions",
      x: place.x + 34,
      y: output + 32,
      anchor: "start",
      most: cardWidth > 205 ? 3 : 2,
      bare: true,
    },
    {
      ...shared,
      id: "upwards",
      type: "note",
      x: place.x + 40,
      y: output + 32,
      say: (step, text) => (step.predictions().length ? "" : step.handedTo(text)),
    },
  ];
}

function jordanOutputNodes(at, { output_activation: name = "identity" }) {
  const { main, cardWidth, output, hidden } = at;
  const shared = { stage: 4, eq: ["output"] };
  const card = { x: main - cardWidth / 2, y: output, width: cardWidth };
  const { sign } = activationOf(name);
  const middle = (output + WIRING_CARD + hidden) / 2;
  const nodes = [
    stateCard("output", "y", "output", false, card, shared),
    {
      ...shared,
      id: "predictions",
      type: "predictions",
      x: card.x + cardWidth + 4,
      y: output + 42,
      anchor: "start",
      bare: true,
    },
    {
      ...shared,
      id: "predictions name",
      type: "note",
      x: card.x + cardWidth + 10,
      y: output + 20,
      say: (step, text) => (step.predictions().length ? step.guessesName(text) : ""),
    },
    {
      ...shared,
      id: "output label",
      type: "label",
      name: "output_preactivation",
      math: () => "V h_t + b_y",
      x: main + 12,
      y: middle + 5,
    },
  ];
  if (sign) {
    const width = 24 + sign.length * 9;
    nodes.at(-1).x = main + width / 2 + 8;
    nodes.push({ ...shared, id: "squash", type: "pill", plain: sign, x: main, y: middle, width });
  }
  return nodes;
}

/** From the hidden state up to the output. */
export function outputWires(
  { main, output, hidden },
  jordan,
  { output_activation: name = "identity" },
) {
  const points = through(main, hidden, main, output + WIRING_CARD);
  if (!jordan)
    return [{ id: "output wire", name: "hidden", stage: 3, eq: [], arrow: true, points }];
  const shared = { stage: 4, eq: ["output"], name: "output_preactivation" };
  if (!activationOf(name).sign) return [{ ...shared, id: "output wire", arrow: true, points }];
  const middle = (output + WIRING_CARD + hidden) / 2;
  return [
    { ...shared, id: "output wire", points: through(main, hidden, main, middle + 13) },
    {
      ...shared,
      id: "squashed wire",
      name: "output",
      arrow: true,
      points: through(main, middle - 13, main, output + WIRING_CARD),
    },
  ];
}

/** The fed-back wire, from `at.fedBack` to the context. */
export function feedbackWire(at, jordan) {
  const { main, cardWidth, context, sum, fedBack } = at;
  const level = at[fedBack] + WIRING_CARD / 2;
  return {
    id: "feedback",
    name: fedBack,
    look: "feedback",
    arrow: true,
    stage: jordan ? 5 : 4,
    eq: [fedBack, "hidden"],
    points: through(main - cardWidth / 2, level, context, level, context, sum - WIRING_CARD / 2),
    tip: [[`${at.letter}_t`, fedBack]],
  };
}

/** What is said along the fed-back wire. */
export function feedbackNodes(at, jordan) {
  const level = at[at.fedBack] + WIRING_CARD / 2;
  const end = at.sum - WIRING_CARD / 2;
  const shared = { stage: at.last, eq: [at.fedBack, "hidden"] };
  return [
    {
      ...shared,
      id: "delay",
      type: "pill",
      label: "cell_delay",
      x: at.context,
      y: (level + end) / 2,
    },
    {
      ...shared,
      id: "feedback note",
      type: "note",
      x: 6,
      y: level - 12,
      say: (_, text) => (jordan ? text.cell_fed_back_output : text.cell_fed_back_hidden),
    },
  ];
}
