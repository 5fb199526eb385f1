// A gate drawn as a valve on the wire that it controls: a pipe with a plate that is pushed in from
// the side where the gate's wire arrives. Value 0: the plate closes the pipe; value 1: it is out.
import { svgElement } from "./dom.js";

const VALVE_LENGTH = 42;
const VALVE_WIDTH = 28;
// How the drawing (flow to the right, plate from below) is turned, and where the sign stands.
const VALVE_TURNS = {
  "right from below": { turn: "", sign: [15, 31] },
  "up from right": { turn: "rotate(-90)", sign: [-24, -14] },
  "up from left": { turn: "rotate(-90) scale(1,-1)", sign: [-20, 36] },
};

/** Where wires meet a valve: half its length along the flow, half its width across. */
export const VALVE_REACH = { along: VALVE_LENGTH / 2, across: VALVE_WIDTH / 2 };

/** A node {x, y (centre), turn, opening, flow, out} -> {group, update}: `opening` names the gate,
 * `flow` what comes in and `out` what leaves. */
export function drawValve({ x, y, turn, opening, flow, out }) {
  const [left, top] = [-VALVE_LENGTH / 2, -VALVE_WIDTH / 2];
  const inside = { y: top, height: VALVE_WIDTH };
  const incoming = svgElement("rect", { ...inside, x: left, width: VALVE_LENGTH / 2 });
  const outgoing = svgElement("rect", { ...inside, x: 0, width: VALVE_LENGTH / 2 });
  const plate = svgElement("rect", { ...inside, class: "cell-plate", x: -4, width: 8 });
  const pipe = svgElement("path", {
    class: "cell-pipe",
    d: `M${left},${top}h${VALVE_LENGTH} M${left},${-top}h${VALVE_LENGTH}`,
  });
  const back = svgElement("rect", {
    ...inside,
    class: "cell-pipe-back",
    x: left,
    width: VALVE_LENGTH,
  });
  outgoing.classList.add("cell-flow-out");
  const how = VALVE_TURNS[turn];
  const place = `translate(${x},${y}) ${how.turn}`;
  const body = svgElement("g", { transform: place }, back, incoming, outgoing, plate, pipe);
  const [signX, signY] = [x + how.sign[0], y + how.sign[1]];
  const look = { class: "cell-sign", "text-anchor": "middle" };
  const sign = svgElement("text", { ...look, x: signX, y: signY }, "⊙");
  const group = svgElement("g", { class: "cell-valve" }, body, sign);
  return {
    group,
    update(step, paint) {
      const share = step.value(opening);
      const open = Number.isNaN(share) ? 0 : Math.min(Math.max(share, 0), 1);
      plate.style.transform = `scaleY(${1 - open})`;
      outgoing.style.transform = `scaleY(${open})`;
      incoming.style.fill = paint.color(flow);
      outgoing.style.fill = paint.color(out);
    },
  };
}
