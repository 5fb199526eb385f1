// A canvas that fills its host at the screen's own resolution, and text that fits on it. In a
// large host (a projector, the full screen) everything on it grows, so that the last row of a
// classroom can read it: `width` and `height` are then smaller than the host's.

const SHEET_ELLIPSIS = "…";
const SHEET_MOST_WIDTHS = 4000;
// A host of this size is drawn as it is; a larger one is magnified.
const SHEET_PLAIN_SIZE = { width: 1000, height: 480 };
const SHEET_MOST_ZOOM = 2;

/** -> Sheet with .canvas, .context, .overlay (for HTML), all .width by .height in their own
 * pixels, of which one is .zoom of the host's; resize() after the host. */
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
    this.overlay = document.createElement("div");
    Object.assign(this.overlay.style, {
      position: "absolute",
      inset: "0 auto auto 0",
      transformOrigin: "0 0",
      pointerEvents: "none",
    });
    host.append(this.canvas, this.overlay);
    this.resize();
  }

  resize() {
    const width = Math.max(this.host.clientWidth, 1);
    const height = Math.max(this.host.clientHeight, 1);
    this.zoom = zoomFor(width, height);
    this.width = width / this.zoom;
    this.height = height / this.zoom;
    const pixels = Math.min(globalThis.devicePixelRatio || 1, 3);
    this.ratio = pixels * this.zoom;
    this.canvas.width = Math.round(width * pixels);
    this.canvas.height = Math.round(height * pixels);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.overlay.style.width = `${this.width}px`;
    this.overlay.style.transform = `scale(${this.zoom})`;
  }

  /** Where a pointer event is on the sheet: [x, y]. */
  point({ clientX, clientY }) {
    const frame = this.canvas.getBoundingClientRect();
    return [(clientX - frame.left) / this.zoom, (clientY - frame.top) / this.zoom];
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

// In steps, so that a window being dragged does not make the text breathe.
function zoomFor(width, height) {
  const { width: wide, height: high } = SHEET_PLAIN_SIZE;
  const fitting = Math.min(width / wide, height / high, SHEET_MOST_ZOOM);
  return Math.max(Math.floor(fitting * 10) / 10, 1);
}
