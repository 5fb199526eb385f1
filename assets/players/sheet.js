// A canvas that fills its host at the screen's own resolution, and text that fits on it.

const SHEET_ELLIPSIS = "…";
const SHEET_MOST_WIDTHS = 4000;

/** -> Sheet with .canvas, .context (in CSS pixels), .width, .height; resize() after the host. */
export function openSheet(host) {
  return new Sheet(host);
}

class Sheet {
  #widths = new Map();

  constructor(host) {
    this.host = host;
    this.canvas = document.createElement("canvas");
    Object.assign(this.canvas.style, { position: "absolute", inset: "0" });
    this.context = this.canvas.getContext("2d");
    host.append(this.canvas);
    this.resize();
  }

  resize() {
    this.width = Math.max(this.host.clientWidth, 1);
    this.height = Math.max(this.host.clientHeight, 1);
    this.ratio = Math.min(globalThis.devicePixelRatio || 1, 3);
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  /** An off-screen canvas of the same size and resolution, for what seldom changes. */
  layer() {
    const canvas = document.createElement("canvas");
    canvas.width = this.canvas.width;
    canvas.height = this.canvas.height;
    const context = canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return { canvas, context };
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }

  /** Width of `text` in the font that is set; measuring is slow, so widths are kept. */
  widthOf(text, context = this.context) {
    const key = `${context.font}|${text}`;
    let width = this.#widths.get(key);
    if (width === undefined) {
      if (this.#widths.size > SHEET_MOST_WIDTHS) this.#widths.clear();
      width = context.measureText(text).width;
      this.#widths.set(key, width);
    }
    return width;
  }

  /** `text`, shortened with "…" to fit into `room` pixels; "" if not even one sign fits. */
  fit(text, room, context = this.context) {
    if (this.widthOf(text, context) <= room) return text;
    const signs = [...text];
    let kept = signs.length - 1;
    while (kept > 0) {
      const short = signs.slice(0, kept).join("") + SHEET_ELLIPSIS;
      if (this.widthOf(short, context) <= room) return short;
      kept = Math.min(kept - 1, Math.ceil((kept * room) / this.widthOf(short, context)));
    }
    return "";
  }
}
