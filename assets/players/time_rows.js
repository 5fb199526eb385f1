// A canvas with one column for each step of time: where the steps lie, the cursor's line over
// everything, and clicking and dragging to move it.
import { SheetPicture } from "./sheet_picture.js";
import { attachTooltip } from "./tooltip.js";

/** Who extends it writes layout() -> {x, width} and paintRows(context, plot, theme), and may write
 * explain(time) -> lines of the tooltip. */
export class TimeRows extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.steps = ctx.recording.spec.steps;
    this.tooltip = attachTooltip(host);
    this.#listen();
  }

  paint() {
    const { sheet } = this;
    const theme = this.ctx.theme();
    this.plot = this.layout();
    const key = [theme.key, sheet.width, sheet.height, sheet.ratio].join(" ");
    if (key !== this.stillKey) {
      this.still = sheet.layer();
      this.paintRows(this.still.context, this.plot, theme);
      this.stillKey = key;
    }
    sheet.clear();
    sheet.context.drawImage(this.still.canvas, 0, 0, sheet.width, sheet.height);
    this.paintCursor(sheet.context, this.plot, theme);
  }

  /** The column of the cursor, over the whole height. */
  paintCursor(context, { x, width }, theme) {
    const across = width / this.steps;
    context.fillStyle = theme.primary;
    context.fillRect(x + (this.cursor.time + 0.5) * across - 1, 0, 2, this.sheet.height);
  }

  /** Left edge of a step. */
  left(time) {
    return this.plot.x + (time / this.steps) * this.plot.width;
  }

  explain() {
    return null;
  }

  #timeAt(event) {
    const [across] = this.sheet.point(event);
    const share = (across - this.plot.x) / this.plot.width;
    return Math.min(Math.max(Math.floor(share * this.steps), 0), this.steps - 1);
  }

  #listen() {
    const { host } = this;
    const { bus } = this.ctx;
    host.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.plot) return;
      host.setPointerCapture(event.pointerId);
      bus.move({ time: this.#timeAt(event) }, "rows");
    });
    host.addEventListener("pointermove", (event) => {
      if (!this.plot) return;
      const time = this.#timeAt(event);
      if (host.hasPointerCapture(event.pointerId)) bus.move({ time }, "rows");
      const lines = this.explain(time);
      const corner = host.getBoundingClientRect();
      if (lines) this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, lines);
    });
    host.addEventListener("pointerleave", () => this.tooltip.hide());
  }
}
