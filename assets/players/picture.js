// What every picture that is painted anew with each cursor has in common.

/** Who extends it writes paint(), which finds the cursor in `this.cursor`. */
export class Picture {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
  }

  draw(cursor) {
    this.cursor = cursor;
    this.paint();
  }

  resize() {
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
