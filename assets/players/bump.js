// A rank chart: the nearest neighbours of the chosen word in every frame, with their comings and
// goings. Rows are ranks, columns are frames; the list of the cursor's frame stands at the right.
import { BumpModel } from "./bump_model.js";
import { bumpDot } from "./bump_paint.js";
import { bumpInk } from "./bump_paint.js";
import { bumpPlot } from "./bump_paint.js";
import { paintBumpLines } from "./bump_paint.js";
import { shortLabel } from "./cloud_words.js";
import { openSheet } from "./sheet.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";

/** options: lists, one list of words a frame, instead of the arrays of cloud_neighbours.js. */
export function createBump(host, ctx) {
  return new BumpPicture(host, ctx);
}

class BumpPicture {
  #hover = null;
  #dragging = false;
  #chosen = -1;
  #sized = false;

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.model = new BumpModel(ctx.recording, ctx.options);
    this.sheet = openSheet(host);
    this.tooltip = attachTooltip(host);
    this.#prepareCanvas();
  }

  draw(cursor, changed) {
    this.cursor = cursor;
    // A picture is made before its neighbours, so its first size may not be its own.
    if (!this.#sized) this.sheet.resize();
    this.#sized = true;
    if (changed.has("unit") && cursor.unit !== this.#chosen) {
      this.#chosen = cursor.unit;
      this.#hover = null;
      this.model.open(cursor.unit);
    }
    this.#paint();
  }

  resize() {
    this.sheet.resize();
    if (this.cursor) this.#paint();
  }

  retheme() {
    if (this.cursor) this.#paint();
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #prepareCanvas() {
    const { canvas } = this.sheet;
    const { alt, label } = this.ctx;
    canvas.tabIndex = 0;
    canvas.dataset.focus = "bump";
    canvas.style.touchAction = "pan-y";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", alt || label);
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", () => (this.#dragging = false));
    canvas.addEventListener("pointercancel", () => (this.#dragging = false));
    canvas.addEventListener("pointerleave", () => this.#leave());
  }

  #paint() {
    const { sheet, model, cursor, ctx } = this;
    this.plot = bumpPlot(sheet, model);
    const { context } = sheet;
    const { recording } = ctx;
    const theme = ctx.theme();
    const scene = { context, sheet, model, plot: this.plot, theme, cursor, recording, hover: this.#hover };
    sheet.clear();
    if (model.words.size === 0) return this.#paintNothing(scene);
    paintBumpLines(scene);
    this.#paintCursor(scene);
    return this.#paintList(scene);
  }

  #paintNothing({ context, sheet, theme }) {
    context.font = `15px ${theme.font}`;
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(this.ctx.text.bump_nothing, sheet.width / 2, sheet.height / 2);
  }

  #paintCursor({ context, plot, theme, cursor, recording }) {
    const x = plot.x(cursor.time);
    context.fillStyle = theme.primary;
    context.globalAlpha = 0.13;
    const wide = Math.max(plot.pitch, 8);
    context.fillRect(x - wide / 2, plot.top, wide, plot.bottom - plot.top);
    context.globalAlpha = 1;
    context.font = `700 13px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = theme.text;
    const name = shortLabel(recording.token(cursor.time), 14);
    const half = context.measureText(name).width / 2;
    const inside = Math.min(Math.max(x, plot.left + half), plot.right - half);
    context.fillText(name, inside, plot.bottom + 14);
  }

  /** The list of the cursor's frame, each word at its rank, with what happened to it. */
  #paintList({ context, sheet, model, plot, theme, cursor }) {
    const size = Math.min(Math.max(plot.down * 0.62, 11), 18);
    const x = plot.right + 14;
    const list = model.lists[cursor.time] ?? [];
    context.font = `600 ${size}px ${theme.font}`;
    const shown = list.map((word) => sheet.fit(shortLabel(model.label(word)), plot.side - 58));
    const wide = Math.max(0, ...shown.map((name) => sheet.widthOf(name)));
    context.textBaseline = "middle";
    context.textAlign = "left";
    list.forEach((word, rank) => {
      const y = plot.y(rank);
      const ink = bumpInk(model.words.get(word), theme);
      context.fillStyle = ink;
      bumpDot(context, plot.x(cursor.time), y, 6);
      context.font = `${word === this.#hover ? 800 : 600} ${size}px ${theme.font}`;
      context.fillText(shown[rank], x, y);
      context.font = `${Math.min(size, 13)}px ${theme.font}`;
      context.fillStyle = theme.muted;
      context.fillText(this.#changeLabel(model.change(word, cursor.time)), x + wide + 12, y);
    });
  }

  #changeLabel(change) {
    if (change === "new") return this.ctx.text.bump_new;
    if (change === 0) return "";
    return change > 0 ? `▲${change}` : `▼${-change}`;
  }

  #press(event) {
    if (event.button !== 0) return;
    const { bus } = this.ctx;
    const [x] = this.sheet.point(event);
    const found = this.#at(event);
    const unit = found ? this.model.unit(found.word) : -1;
    if (x > this.plot.right) {
      if (unit >= 0) bus.move({ unit }, "bump");
      return;
    }
    this.#dragging = true;
    this.sheet.canvas.setPointerCapture(event.pointerId);
    bus.move({ time: this.#frameAt(x) }, "bump");
  }

  #move(event) {
    const [x] = this.sheet.point(event);
    if (this.#dragging) this.ctx.bus.move({ time: this.#frameAt(x) }, "bump");
    const found = this.#at(event);
    const isLink = found && x > this.plot.right;
    this.sheet.canvas.style.cursor = isLink ? "pointer" : "crosshair";
    this.#point(found?.word ?? null);
    if (!found) return this.tooltip.hide();
    const corner = this.host.getBoundingClientRect();
    const lines = this.#describe(found.word, found.frame);
    return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, lines);
  }

  #leave() {
    this.tooltip.hide();
    this.#point(null);
  }

  #point(word) {
    if (word === this.#hover) return;
    this.#hover = word;
    this.#paint();
  }

  #frameAt(x) {
    const frame = Math.floor((x - this.plot.left) / this.plot.pitch);
    return Math.min(Math.max(frame, 0), this.model.frames - 1);
  }

  /** The word under the pointer: {word, frame}, or null. */
  #at(event) {
    const [x, y] = this.sheet.point(event);
    const frame = x > this.plot.right ? this.cursor.time : this.#frameAt(x);
    const rank = Math.floor((y - this.plot.top) / this.plot.down);
    const word = this.model.lists[frame]?.[rank];
    return word === undefined ? null : { word, frame };
  }

  #describe(word, frame) {
    const { text, recording } = this.ctx;
    const { runs } = this.model.words.get(word);
    const [first, last] = runs.find(([from, to]) => from <= frame && frame <= to);
    return [
      shortLabel(this.model.label(word), 60),
      [text.bump_frame, recording.token(frame)],
      [text.bump_rank, String(this.model.rank(word, frame) + 1)],
      [text.bump_stays, fillText(text.bump_span, { first: recording.token(first), last: recording.token(last) })],
    ];
  }
}
