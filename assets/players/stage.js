// The stage: pictures in a grid over one play bar, all on one cursor. It runs as a Streamlit
// component (the default export) and in a self-contained page (mountStage).
//
// A picture is create<Name>(host, ctx) -> {draw(cursor, changed), resize(), retheme(), destroy()}.
// ctx = {recording, bus, theme(), text, options, label, alt, memory, actions}. `memory` is an object
// of the panel's own that outlives the picture: zoom or row order kept there survive new data;
// `actions` are those of the play bar. A panel with a `part` shows one of several recordings (see
// Recording.part). With checkpoints (`spec.checkpoints`) the recording's arrays
// change with cursor.step: a picture that keeps anything made of them also has reread().
import { openBus } from "./bus.js";
import { nearestCheckpoint } from "./checkpoints.js";
import { optionsAt } from "./checkpoints.js";
import { prefersStillness } from "./clock.js";
import { startClock } from "./clock.js";
import { element } from "./dom.js";
import { attachFullScreen } from "./fullscreen.js";
import { attachKeys } from "./keys.js";
import { openRecording } from "./recording.js";
import { STAGE_PICTURES } from "./stage_pictures.js";
import { applyTheme } from "./theme.js";
import { readTheme } from "./theme.js";
import { createTrainingBar } from "./training_bar.js";
import { createTransport } from "./transport.js";

const STAGE_REPORTED = ["time", "layer", "direction", "unit", "signal", "mode", "pinned", "pick"];
// What a picture sees as changed when the arrays are those of another checkpoint.
const STAGE_REREAD = ["step", "layer", "direction", "unit", "signal", "pinned"];
const stagesByRoot = new WeakMap();

/** Components-v2 renderer; called again whenever the data or the theme changes. */
function renderStage({ data, parentElement, setStateValue }) {
  const report = (cursor, group) => setStateValue("cursor", { group, ...cursor });
  return mountStage(parentElement, data, { onRest: report });
}

/** Shows the recording in `bytes` inside `root` (an element or a shadow root); called again with
 * the same root it updates what is there. onRest(cursor, group) hears where the cursor of which
 * recording comes to rest; its `step` is the number of updates at the checkpoint.
 * Returns the cleanup; only the cleanup of the latest call takes the stage away, because a host
 * may run an outdated one after a newer call. */
export function mountStage(root, bytes, { onRest = () => {} } = {}) {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`stage: got ${typeof bytes}, expected the recording as a Uint8Array`);
  }
  const stage = stagesByRoot.get(root) ?? new Stage(root);
  stagesByRoot.set(root, stage);
  stage.onRest = onRest;
  stage.show(bytes);
  const turn = ++stage.turn;
  return () => {
    if (turn !== stage.turn) return;
    stagesByRoot.delete(root);
    stage.destroy();
  };
}

export default renderStage;

class Stage {
  turn = 0;
  onRest = () => {};
  #root;
  #bytes = null;
  #recording = null;
  #panels = [];
  #memories = new Map();
  #leaveBus = () => {};
  #pending = new Set();
  #frame = 0;
  #step = 0;

  constructor(root) {
    this.#root = root;
    this.grid = element("div", { class: "u-grid" });
    this.node = element("div", { class: "u-stage", tabindex: -1 }, this.grid);
    this.node.addEventListener("mousedown", (event) => this.#keepFocus(event));
    root.append(this.node);
    this.observer = new ResizeObserver(() => this.#resize());
    this.preference = matchMedia("(prefers-color-scheme: dark)");
    this.onPreference = () => this.#retheme();
    this.preference.addEventListener("change", this.onPreference);
  }

  show(bytes) {
    if (this.#bytes && sameBytes(this.#bytes, bytes)) return this.#retheme();
    const recording = openRecording(bytes);
    const before = this.#recording?.spec;
    const { spec } = recording;
    this.#bytes = bytes;
    this.#recording = recording;
    this.node.style.setProperty("--u-height", `${spec.height}px`);
    this.theme = readTheme(this.node);
    applyTheme(this.node, this.theme);
    if (!before || JSON.stringify(before.text) !== JSON.stringify(spec.text)) this.#buildBar();
    this.#join(before);
    // The page may send the cursor somewhere, once for each id; else it stays where it is.
    if (before?.group === spec.group && spec.goto && spec.goto.id !== before.goto?.id) {
      this.bus.move(spec.goto.cursor, "page");
    }
    this.#step = this.bus.cursor.step;
    recording.show(this.#step);
    this.bar.configure(recording, this.bus);
    this.training.configure(recording, this.bus);
    // A picture that stands still and has no signals to choose needs no play bar.
    this.bar.node.hidden = spec.steps < 2 && recording.signals.length === 0;
    this.#buildPanels();
    this.#follow();
    this.#draw(new Set(Object.keys(this.bus.cursor)));
    if (!before) this.#takeFocus();
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    this.observer.disconnect();
    this.preference.removeEventListener("change", this.onPreference);
    this.#leaveBus();
    this.bus?.release();
    this.#clearPanels();
    this.dropBar?.();
    this.node.remove();
  }

  #buildBar() {
    this.dropBar?.();
    const full = attachFullScreen(this.node, (on) => this.bar.showFullScreen(on));
    this.bar = createTransport(this.#recording.spec.text, () => full.toggle());
    const detachKeys = attachKeys(this.node, this.bar.actions);
    this.training = createTrainingBar(this.#recording.spec.text, this.bar.actions);
    this.node.append(this.bar.node, this.training.node);
    this.dropBar = () => {
      detachKeys();
      full.destroy();
      this.bar.node.remove();
      this.training.node.remove();
    };
  }

  /** A page chosen in the menu leaves the focus there, where the stage does not hear its keys. */
  #takeFocus() {
    if (document.activeElement?.closest("header")) this.node.focus({ preventScroll: true });
  }

  /** The bus of the recording's group; with the same group the cursor stays where it is. */
  #join(before) {
    const { spec, signals } = this.#recording;
    this.#leaveBus();
    const sameGroup = before?.group === spec.group;
    if (!sameGroup) {
      const { speed } = this.bus?.cursor ?? spec;
      this.bus?.release();
      this.bus = openBus(spec.group, {
        ...spec.cursor,
        step: nearestCheckpoint(spec, spec.cursor.step),
        mode: spec.mode ?? "forward",
        speed: speed ?? 1,
        playing: spec.play === true && !prefersStillness(),
      });
      this.#memories.clear();
    }
    const { steps, layers, directions, units } = spec;
    const checkpoints = spec.checkpoints?.updates.length;
    this.bus.limits = { steps, checkpoints, layers, directions, units, signals };
    // A training that goes on has more checkpoints each time; the cursor stays at its own.
    const updates = sameGroup && before.checkpoints?.updates[this.bus.cursor.step];
    if (updates) this.bus.move({ step: nearestCheckpoint(spec, updates) }, "limits");
  }

  #follow() {
    const { group } = this.#recording.spec;
    const leave = [
      this.bus.subscribe((cursor, changed) => this.#schedule(changed)),
      this.bus.onRest((cursor) => this.onRest(this.#reported(cursor), group)),
      startClock(this.bus, () => this.#recording.spec.loop === true),
    ];
    this.#leaveBus = () => leave.forEach((stop) => stop());
  }

  #buildPanels() {
    const focused = this.node.getRootNode().activeElement?.dataset?.focus;
    this.#clearPanels();
    const { grid, panels } = this.#recording.spec;
    this.grid.style.gridTemplateAreas = grid.areas;
    this.grid.style.gridTemplateColumns = grid.columns;
    this.grid.style.gridTemplateRows = grid.rows;
    this.#panels = panels.map((panel) => this.#buildPanel(panel));
    this.observer.disconnect();
    for (const { host } of this.#panels) this.observer.observe(host);
    if (focused) this.grid.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  #buildPanel(panel) {
    const create = STAGE_PICTURES[panel.picture];
    if (!create) {
      const known = Object.keys(STAGE_PICTURES).join(", ");
      throw new RangeError(`stage: picture "${panel.picture}", expected one of ${known}`);
    }
    const { label = "", area } = panel;
    const { alt = "", options = {} } = optionsAt(panel, this.bus.cursor.step);
    const host = element("div", { class: `u-host u-${panel.picture}`, role: "group" });
    host.setAttribute("aria-label", alt || label);
    const frame = element("section", { class: "u-panel" }, host);
    if (label) frame.prepend(element("div", { class: "u-label" }, label));
    frame.style.gridArea = area;
    this.grid.append(frame);
    const { bus } = this;
    const recording = panel.part ? this.#recording.part(panel.part) : this.#recording;
    const memory = this.#memory(`${panel.picture} ${area}`);
    const theme = () => this.theme;
    const { text } = recording.spec;
    const { actions } = this.bar;
    const ctx = { recording, bus, theme, text, options, label, alt, memory, actions };
    ctx.checkpoints = panel.checkpoints;
    return { host, ctx, panel, picture: create(host, ctx) };
  }

  #memory(key) {
    if (!this.#memories.has(key)) this.#memories.set(key, {});
    return this.#memories.get(key);
  }

  #clearPanels() {
    for (const { picture } of this.#panels) picture.destroy();
    this.#panels = [];
    this.grid.replaceChildren();
  }

  #retheme() {
    if (!this.#recording) return;
    const theme = readTheme(this.node);
    if (theme.key === this.theme.key) return;
    this.theme = theme;
    applyTheme(this.node, theme);
    for (const { picture } of this.#panels) picture.retheme();
    this.#draw(new Set(Object.keys(this.bus.cursor)));
  }

  #resize() {
    for (const panel of this.#panels) {
      const size = `${panel.host.clientWidth} ${panel.host.clientHeight}`;
      if (panel.size !== undefined && panel.size !== size) panel.picture.resize();
      panel.size = size;
    }
    this.#schedule(new Set(Object.keys(this.bus.cursor)));
  }

  /** Many moves between two frames are one drawing. */
  #schedule(changed) {
    for (const key of changed) this.#pending.add(key);
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      const due = this.#pending;
      this.#pending = new Set();
      this.#frame = 0;
      this.#draw(due);
    });
  }

  #draw(changed) {
    const { cursor } = this.bus;
    this.bar.draw(cursor);
    this.training.draw(cursor);
    const seen = cursor.step === this.#step ? changed : new Set([...changed, ...STAGE_REREAD]);
    if (cursor.step !== this.#step) this.#turnTo(cursor.step);
    for (const { picture } of this.#panels) picture.draw(cursor, seen);
  }

  /** All pictures read the arrays of this checkpoint from now on. */
  #turnTo(step) {
    this.#step = step;
    this.#recording.show(step);
    // A decoder that runs freely may write another text at every checkpoint.
    if (this.#recording.spec.checkpoints.tokens) return this.#buildPanels();
    for (const { host, ctx, panel, picture } of this.#panels) {
      Object.assign(ctx, optionsAt(panel, step));
      host.setAttribute("aria-label", ctx.alt || ctx.label);
      picture.reread?.();
    }
  }

  #reported(cursor) {
    const found = Object.fromEntries(STAGE_REPORTED.map((key) => [key, cursor[key]]));
    const { checkpoints } = this.#recording.spec;
    return checkpoints ? { ...found, step: checkpoints.updates[cursor.step] } : found;
  }

  /** A click on a button leaves the keys with the stage: space then plays, whatever was clicked. */
  #keepFocus(event) {
    if (!event.target.closest("button")) return;
    event.preventDefault();
    this.node.focus({ preventScroll: true });
  }
}

function sameBytes(one, other) {
  if (one === other) return true;
  if (one.byteLength !== other.byteLength) return false;
  return one.every((byte, index) => byte === other[index]);
}
