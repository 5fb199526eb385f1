// What several networks answer at every step, with the steps marked that read the same as the
// cursor's: equal inputs are joined, and their columns can be compared at a glance.
import { element } from "./dom.js";
import { fitCanvas } from "./heatmap_paint.js";
import { Picture } from "./picture.js";
import { paintSame } from "./same_paint.js";
import { sameLayout } from "./same_paint.js";
import { tokenLabel } from "./recording.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const SAME_TOLD = 3;

/** options: nets [{name, label, note}] for the arrays `same.<name>` (time, class); classes, their
 * names; joined, whether equal inputs are marked: then keys holds what each step reads, and two
 * steps with one key read the same; right, the class that is right at each step or -1; guesses,
 * the row of first guesses is shown. */
export function createSame(host, ctx) {
  return new SamePicture(host, ctx);
}

class SamePicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { options, recording } = ctx;
    this.classes = options.classes.length;
    this.steps = recording.spec.steps;
    this.nets = options.nets.map((net) => ({ ...net, values: recording.array(`same.${net.name}`).data }));
    this.canvas = element("canvas", { role: "img", "aria-label": ctx.alt });
    this.body = element("div", { class: "same-body" }, this.canvas);
    host.append(this.body);
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.body;
    if (!width || !height) return;
    const context = fitCanvas(this.canvas, width, height);
    this.layout = sameLayout(context, this, width, height);
    paintSame(context, this, this.ctx.theme());
  }

  /** The steps that read what `time` reads; only itself where nothing is joined. */
  equals(time) {
    const { keys, joined } = this.ctx.options;
    if (!joined) return [time];
    return keys.flatMap((key, at) => (key === keys[time] ? [at] : []));
  }

  share(net, time, index) {
    return net.values[time * this.classes + index];
  }

  /** The classes at a step, the likeliest first. */
  ranked(net, time) {
    const places = [...Array(this.classes).keys()];
    return places.sort((one, other) => this.share(net, time, other) - this.share(net, time, one));
  }

  #listen() {
    const { body } = this;
    const { bus } = this.ctx;
    body.addEventListener("pointerdown", (event) => {
      const time = this.#timeAt(event);
      if (event.button !== 0 || time === null) return;
      body.setPointerCapture(event.pointerId);
      bus.move({ time }, "same");
    });
    body.addEventListener("pointermove", (event) => {
      const time = this.#timeAt(event);
      if (time !== null && body.hasPointerCapture(event.pointerId)) bus.move({ time }, "same");
      this.#explain(event, time);
    });
    body.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #timeAt({ clientX }) {
    if (!this.layout) return null;
    const { x, pitch } = this.layout;
    const time = Math.floor((clientX - this.body.getBoundingClientRect().left - x) / pitch);
    return time >= 0 && time < this.steps ? time : null;
  }

  #explain({ clientX, clientY }, time) {
    if (time === null) return this.tooltip.hide();
    const { recording, text, options } = this.ctx;
    const lines = [[fillText(text.at_step, { t: stepLabel(time) }), recording.token(time)]];
    for (const net of this.nets) {
      const told = this.ranked(net, time).slice(0, SAME_TOLD);
      const shares = told.map((at) => `${tokenLabel(options.classes[at])} ${formatValue(this.share(net, time, at), 3)}`);
      lines.push([net.label, shares.join("  ")]);
    }
    const corner = this.host.getBoundingClientRect();
    return this.tooltip.show(clientX - corner.left, clientY - corner.top, lines);
  }
}
