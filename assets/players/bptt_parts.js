// What the pictures of backpropagation through time share: the slider of the loss, small matrices
// as images, and a scale of sizes over powers of ten.
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { largestSize } from "./log_axis.js";
import { paletteIndex, paletteOf } from "./palettes.js";
import { fillText, stepLabel } from "./words.js";

const BPTT_DECADES = 4;

/** A labelled slider inside the stage -> {node, show(value, words)}. */
export function createBpttSlider({ label, focus, most, onInput }) {
  const input = element("input", { type: "range", min: 0, max: most, step: 1, class: "u-scrubber" });
  input.dataset.focus = focus;
  const words = element("b", { class: "bptt-chosen" });
  const node = element("label", { class: "bptt-slider" }, element("span", {}, label), input, words);
  input.addEventListener("input", () => onInput(Number(input.value)));
  return {
    node,
    show(value, text) {
      if (input.value !== String(value)) input.value = String(value);
      input.style.setProperty("--u-progress", `${(100 * value) / Math.max(most, 1)}%`);
      input.setAttribute("aria-valuetext", text);
      words.textContent = text;
    },
  };
}

/** The slider that chooses whose loss is looked at -> {node, draw(t)}. */
export function createLossSlider({ recording, bus, text }) {
  const most = recording.spec.steps - 1;
  const onInput = (unit) => bus.move({ unit }, "bptt");
  const slider = createBpttSlider({ label: text.bptt_loss, focus: "bptt-loss", most, onInput });
  const words = (t) => fillText(text.bptt_loss_at, { t: stepLabel(t), token: recording.token(t) });
  return { node: slider.node, draw: (t) => slider.show(t, words(t)) };
}

/** Heights on a logarithmic scale from the largest of `values` down: share(v) in 0..1. */
export function bpttScale(values, decades = BPTT_DECADES) {
  const high = largestSize(values) || 1;
  const low = high / 10 ** decades;
  const share = (value) => (value > low ? 1 + Math.log10(value / high) / decades : 0);
  return { high, low, share };
}

/** Signed values as a small picture into a canvas of `width` by `height` CSS pixels; `limit` is
 * the size that has the full colour. */
export function paintBpttMatrix(canvas, values, { rows, columns, width, height, limit, theme }) {
  const context = fitCanvas(canvas, width, height);
  const small = document.createElement("canvas");
  small.width = columns;
  small.height = rows;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = new Uint32Array(paletteOf("signed", theme).buffer);
  values.forEach((value, at) => {
    pixels[at] = colors[Math.max(paletteIndex((value / (limit || 1) + 1) / 2), 0)];
  });
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
  context.strokeStyle = theme.border;
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
}

/** "h₃" in HTML: a letter with something below the line. */
export function bpttLetter(letter, below) {
  return element("span", { class: "bptt-math" }, letter, element("sub", {}, String(below)));
}

/** A parameter's letter, at a step if one is given: ["U", 3], ["b", "y,3"]. */
export function bpttParameter(name, step) {
  const [letter, ...below] = name.split("_");
  if (step !== undefined) below.push(step);
  return below.length ? [letter, below.join(",")] : [letter];
}

/** A fraction in HTML, from two rows of nodes. */
export function bpttFraction(above, below) {
  const over = element("span", {}, ...above);
  const under = element("span", {}, ...below);
  return element("span", { class: "bptt-fraction" }, over, under);
}

/** "∂h₃/∂W": the derivative of one letter by another; each is [letter, below] or [letter]. */
export function bpttDerivative(of, by) {
  const node = ([letter, below]) =>
    below === undefined ? element("span", { class: "bptt-math" }, letter) : bpttLetter(letter, below);
  return bpttFraction(["∂", node(of)], ["∂", node(by)]);
}
