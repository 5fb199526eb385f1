// The play bar: play, step, scrub, speed, way of reading, and the choosers of unit, layer,
// direction and signal, so that every choice can be made from the keyboard.
import { nextSpeed } from "./clock.js";
import { element } from "./dom.js";
import { labelledSelect } from "./dom.js";
import { icon } from "./icons.js";
import { iconButton } from "./icons.js";
import { nameButton } from "./icons.js";
import { fillText } from "./words.js";
import { signalLabel } from "./words.js";
import { stepLabel } from "./words.js";

/** -> {node, actions, configure(recording, bus), draw(cursor), showFullScreen(on)}.
 * The nodes stay when the recording changes, so the focus does too. */
export function createTransport(text, onFullScreen) {
  const bar = new TransportBar(text, onFullScreen);
  return bar;
}

class TransportBar {
  constructor(text, onFullScreen) {
    this.text = text;
    this.actions = transportActions(this, onFullScreen);
    const { actions } = this;
    this.back = iconButton("stepBack", text.step_back, () => actions.step(-1));
    this.playing = iconButton("play", text.play, actions.toggle);
    this.playing.classList.add("u-primary");
    this.forward = iconButton("stepForward", text.step_forward, () => actions.step(1));
    this.scrubber = this.#slider();
    this.position = element("span", { class: "u-position" });
    this.token = element("b", { class: "u-token" });
    this.readout = element("span", { class: "u-readout" }, this.position, this.token);
    this.speed = element("span", { class: "u-speed" });
    this.slower = iconButton("slower", text.slower, () => actions.speed(-1));
    this.faster = iconButton("faster", text.faster, () => actions.speed(1));
    this.ways = this.#wayButtons();
    this.choosers = this.#choosers();
    this.full = iconButton("fullScreen", text.full_screen, actions.fullScreen);
    this.node = this.#assemble();
  }

  /** Fits the bar to a recording: ranges, and which choosers there is something to choose in. */
  configure(recording, bus) {
    const { spec } = recording;
    this.recording = recording;
    this.bus = bus;
    this.scrubber.max = Math.max(spec.steps - 1, 0);
    this.readout.style.setProperty("--u-digits", 2 * String(spec.steps).length);
    this.ways.node.hidden = !hasTwoWays(recording);
    // Brought along from a page where it can be chosen, it could not be changed here.
    if (this.ways.node.hidden) bus.move({ mode: "forward" }, "transport");
    const { unit, layer, direction, signal } = this.choosers;
    const hasSignals = recording.signals.length > 0;
    unit.field.hidden = !hasSignals || !(spec.units > 1);
    unit.input.max = Math.max((spec.units ?? 1) - 1, 0);
    layer.field.hidden = !(spec.layers > 1);
    setOptions(layer.select, [...Array(spec.layers ?? 1).keys()].map((at) => [at, at + 1]));
    direction.field.hidden = !(spec.directions > 1);
    signal.field.hidden = !hasSignals || !needsSignalChooser(spec);
    setOptions(signal.select, recording.signals.map((name) => [name, signalLabel(this.text, name)]));
  }

  draw(cursor) {
    const { text, choosers } = this;
    this.#drawPlaying(cursor.playing && cursor.axis === "time");
    setValue(this.scrubber, cursor.time);
    const last = Math.max(Number(this.scrubber.max), 1);
    this.scrubber.style.setProperty("--u-progress", `${(100 * cursor.time) / last}%`);
    const steps = this.recording.spec.steps;
    const where = fillText(text.position, { t: stepLabel(cursor.time), steps });
    const token = this.recording.token(cursor.time);
    this.position.textContent = where;
    this.token.textContent = token;
    this.scrubber.setAttribute("aria-valuetext", token ? `${where} · ${token}` : where);
    this.speed.textContent = fillText(text.speed_value, { speed: cursor.speed });
    this.ways.draw(cursor.mode);
    if (!isFocused(choosers.unit.input)) setValue(choosers.unit.input, cursor.unit);
    setValue(choosers.layer.select, cursor.layer);
    setValue(choosers.direction.select, cursor.direction);
    setValue(choosers.signal.select, cursor.signal);
  }

  showFullScreen(on) {
    nameButton(this.full, on ? this.text.leave_full_screen : this.text.full_screen);
    this.full.setAttribute("aria-pressed", String(on));
  }

  #drawPlaying(playing) {
    if (this.playing.dataset.playing === String(playing)) return;
    this.playing.dataset.playing = String(playing);
    this.playing.replaceChildren(icon(playing ? "pause" : "play"));
    nameButton(this.playing, playing ? this.text.pause : this.text.play);
  }

  #slider() {
    const slider = element("input", {
      type: "range",
      min: 0,
      step: 1,
      class: "u-scrubber",
      "aria-label": this.text.scrubber,
      title: this.text.scrubber,
    });
    slider.addEventListener("input", () =>
      this.bus.move({ time: Number(slider.value) }, "transport"));
    return slider;
  }

  #wayButtons() {
    const make = (mode, label) => {
      const button = element("button", { type: "button", class: "u-button u-word" }, label);
      button.addEventListener("click", () => this.bus.move({ mode }, "transport"));
      return [mode, button];
    };
    const buttons = [
      make("forward", this.text.mode_forward),
      make("backward", this.text.mode_backward),
    ];
    const group = { class: "u-group", role: "group", "aria-label": this.text.mode };
    const node = element("div", group, ...buttons.map(([, button]) => button));
    const draw = (mode) =>
      buttons.forEach(([name, button]) => button.setAttribute("aria-pressed", String(name === mode)));
    return { node, draw };
  }

  #choosers() {
    const { text } = this;
    const move = (key) => (value) => this.bus.move({ [key]: value }, "transport");
    const input = element("input", { type: "number", min: 0, step: 1, class: "u-number" });
    const field = element("label", { class: "u-field" }, element("span", {}, text.unit), input);
    input.addEventListener("input", () => input.value !== "" && move("unit")(Number(input.value)));
    input.addEventListener("blur", () => (input.value = this.bus.cursor.unit));
    const ways = [[0, text.direction_forward], [1, text.direction_backward]];
    return {
      unit: { field, input },
      layer: labelledSelect(text.layer, [], move("layer")),
      direction: labelledSelect(text.direction, ways, move("direction")),
      signal: labelledSelect(text.signal, [], move("signal")),
    };
  }

  #assemble() {
    const { unit, layer, direction, signal } = this.choosers;
    const steps = element("div", { class: "u-group" }, this.back, this.playing, this.forward);
    const speeds = element("div", { class: "u-group" }, this.slower, this.speed, this.faster);
    const player = [steps, this.scrubber, this.readout, speeds, this.full];
    const choosers = [this.ways.node, signal.field, unit.field, layer.field, direction.field];
    return element(
      "div",
      { class: "u-transport", role: "group", "aria-label": this.text.transport },
      element("div", { class: "u-player" }, ...player),
      element("div", { class: "u-choosers" }, ...choosers),
    );
  }
}

function transportActions(bar, onFullScreen) {
  const move = (patch) => bar.bus.move(patch, "transport");
  const play = (axis) => {
    const { cursor } = bar.bus;
    move({ axis, playing: !(cursor.playing && cursor.axis === axis) });
  };
  return {
    toggle: () => play("time"),
    // Without checkpoints the key does what space alone does.
    playTraining: () => play(bar.recording.spec.checkpoints ? "step" : "time"),
    checkpoint: (change) => move({ step: bar.bus.cursor.step + change }),
    step: (change) => move({ time: bar.bus.cursor.time + change }),
    speed: (change) => move({ speed: nextSpeed(bar.bus.cursor.speed, change) }),
    ends: (side) => move({ time: side < 0 ? 0 : bar.recording.spec.steps - 1 }),
    fullScreen: onFullScreen,
  };
}

// Backward playing makes sense where a gradient was recorded, or where the page says so.
function hasTwoWays(recording) {
  const { spec } = recording;
  const gradients = ["grad_hidden_norm", "grad_cell_norm"].some((name) => recording.has(name));
  return gradients || spec.two_way === true || (spec.series?.length ?? 0) > 0;
}

// The heatmap has its own chooser; the text and the lines have none.
function needsSignalChooser({ panels }) {
  const has = (name) => panels.some((panel) => panel.picture === name && !panel.options?.static);
  const follows = panels.some(({ picture }) => picture === "text" || picture === "lines");
  return follows && !has("heatmap");
}

function setOptions(select, values) {
  const next = values.map(([value, label]) => `${value}\t${label}`).join("\n");
  if (select.dataset.values === next) return;
  select.dataset.values = next;
  select.replaceChildren(...values.map(([value, label]) => element("option", { value }, String(label))));
}

function setValue(field, value) {
  if (field.value !== String(value)) field.value = String(value);
}

function isFocused(field) {
  return field.getRootNode().activeElement === field;
}
