// What every picture on one sheet that is painted anew with each cursor has in common.
import { openSheet } from "./sheet.js";

/** A picture on a sheet; who extends it writes paint(), which finds the cursor in `this.cursor`. */
export class SheetPicture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.sheet = openSheet(host);
    const { canvas } = this.sheet;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", ctx.alt || ctx.label);
  }

  draw(cursor) {
    this.cursor = cursor;
    this.paint();
  }

  resize() {
    this.sheet.resize();
    if (this.cursor) this.paint();
  }

  retheme() {
    if (this.cursor) this.paint();
  }

  destroy() {
    this.tooltip?.destroy();
    this.host.replaceChildren();
  }
}
