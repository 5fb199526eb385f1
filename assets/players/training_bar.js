// The second play bar: the checkpoint of the training at which the network is looked at.
import { element } from "./dom.js";
import { icon } from "./icons.js";
import { iconButton } from "./icons.js";
import { nameButton } from "./icons.js";
import { fillText } from "./words.js";

/** -> {node, configure(recording, bus), draw(cursor)}; hidden where there are no checkpoints. */
export function createTrainingBar(text, actions) {
  const back = iconButton("stepBack", text.checkpoint_back, () => actions.checkpoint(-1));
  const playing = iconButton("play", text.play_training, actions.playTraining);
  playing.classList.add("u-primary");
  const forward = iconButton("stepForward", text.checkpoint_forward, () => actions.checkpoint(1));
  const slider = element("input", { type: "range", min: 0, step: 1, class: "u-training",
    "aria-label": text.training_step, title: text.training_step });
  const name = element("span", { class: "u-training-name" }, text.training_step);
  const where = element("b", { class: "u-training-where" });
  const steps = element("div", { class: "u-group" }, back, playing, forward);
  const node = element("div", { class: "u-training-bar", role: "group", "aria-label": text.training },
    name, steps, slider, where);
  let bus = null;
  let updates = [];
  slider.addEventListener("input", () => bus.move({ step: Number(slider.value) }, "training"));

  function configure(recording, nextBus) {
    bus = nextBus;
    updates = recording.spec.checkpoints?.updates ?? [];
    node.hidden = updates.length === 0;
    slider.max = Math.max(updates.length - 1, 0);
  }

  function draw(cursor) {
    if (node.hidden) return;
    const isPlaying = cursor.playing && cursor.axis === "step";
    playing.replaceChildren(icon(isPlaying ? "pause" : "play"));
    nameButton(playing, isPlaying ? text.pause_training : text.play_training);
    slider.value = cursor.step;
    const last = Math.max(updates.length - 1, 1);
    slider.style.setProperty("--u-progress", `${(100 * cursor.step) / last}%`);
    const [n, of] = [cursor.step + 1, updates.length];
    where.textContent = fillText(text.checkpoint, { updates: updates[cursor.step], n, of });
    slider.setAttribute("aria-valuetext", where.textContent);
  }

  return { node, configure, draw };
}
