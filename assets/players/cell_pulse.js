// When the time steps forward, a pulse runs along the wires, stage after stage.
import { svgElement } from "./dom.js";

const PULSE_LONGEST = 900;
const PULSE_SHORTEST = 240;
const PULSE_LENGTH = 0.22;

/** Runs pulses over `parts` (the diagram's) up to `stage`; `speed` in steps a second. Returns a
 * function that takes them away. */
export function runPulses(parts, stage, speed) {
  const total = Math.min(PULSE_LONGEST, 800 / speed);
  if (total < PULSE_SHORTEST) return () => {};
  const wires = parts.filter((part) => part.wire && part.of.stage <= stage);
  const last = Math.max(1, ...wires.map((part) => part.of.stage));
  const pulses = wires.map((part) => {
    const pulse = svgElement("path", { class: "cell-pulse", d: part.path, pathLength: 1 });
    pulse.style.strokeDasharray = `${PULSE_LENGTH} 3`;
    pulse.style.strokeDashoffset = PULSE_LENGTH;
    part.group.append(pulse);
    const share = total / (last + 1);
    pulse.animate([{ strokeDashoffset: PULSE_LENGTH }, { strokeDashoffset: -1 }], {
      duration: share * 2,
      delay: (part.of.stage - 1) * share,
      easing: "linear",
      fill: "forwards",
    }).onfinish = () => pulse.remove();
    return pulse;
  });
  return () => pulses.forEach((pulse) => pulse.remove());
}
