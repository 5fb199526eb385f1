// A picture on one sheet that is painted anew with each cursor.
import { Picture } from "./picture.js";
import { openSheet } from "./sheet.js";

/** Who extends it writes paint(), as for every Picture. */
export class SheetPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    this.sheet = openSheet(host);
    const { canvas } = this.sheet;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", ctx.alt || ctx.label);
  }

  resize() {
    this.sheet.resize();
    super.resize();
  }
}
