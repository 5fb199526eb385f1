// The words beside their points: the chosen one, the marked ones and neighbours first, then the
// most frequent, as many as fit without touching.
import { shortLabel } from "./cloud_words.js";

const LABEL_MOST_WIDTHS = 4000;
const LABEL_AREA = 11000;
const LABEL_MOST = 110;
const LABEL_NEIGHBOURS = 12;
const LABEL_STYLES = {
  chosen: { size: 19, weight: 700, order: 0, gap: 15 },
  line: { size: 15, weight: 600, order: 1, gap: 12 },
  pinned: { size: 15, weight: 600, order: 2, gap: 12 },
  neighbour: { size: 15, weight: 600, order: 3, gap: 10 },
  plain: { size: 13.5, weight: 400, order: 4 },
};

export class CloudLabels {
  #model;
  #widths = new Map();
  #short = new Map();
  #shown = new Set();

  constructor(model) {
    this.#model = model;
  }

  /** scene: {context, view, motion, theme, zoom, marks, colors, labelInk}, see the painter. */
  draw(scene) {
    const { width, height } = scene.view;
    const placed = [];
    const most = Math.min(Math.max(Math.round((width * height) / LABEL_AREA), 8), LABEL_MOST);
    let plain = 0;
    const shown = new Set();
    for (const entry of this.#entries(scene, most)) {
      const isPlain = entry.kind === "plain";
      if (isPlain && plain >= most) break;
      const box = this.#fit(scene, entry, placed);
      if (!box) continue;
      placed.push(box);
      if (isPlain) {
        plain += 1;
        shown.add(entry.point);
      }
      this.#paint(scene, entry, box);
    }
    this.#shown = shown;
  }

  /** The words that may be written, the most important first. */
  #entries(scene, most) {
    const { marks, view, motion } = scene;
    const kinds = new Map();
    const name = (points, kind) => points.forEach((point) => kinds.has(point) || kinds.set(point, kind));
    name([marks.chosen], "chosen");
    name(marks.lines, "line");
    name(marks.pinned, "pinned");
    name(marks.neighbours.slice(0, LABEL_NEIGHBOURS), "neighbour");
    const special = [];
    view.each(motion, [...kinds.keys()], (point, x, y, depth, w) => {
      special.push({ point, x, y, depth, w, kind: kinds.get(point) });
    });
    special.sort((a, b) => LABEL_STYLES[a.kind].order - LABEL_STYLES[b.kind].order);
    return [...special, ...this.#plainEntries(scene, kinds, most)];
  }

  // What was written stays written as long as there is room, so that a turn does not flicker.
  #plainEntries({ view, motion, colors }, kinds, most) {
    const found = [];
    const see = (point, x, y, depth, w) => {
      if (kinds.has(point) || colors[point * 4 + 3] < 255) return true;
      found.push({ point, x, y, depth, w, kind: "plain" });
      return found.length < 5 * most;
    };
    view.each(motion, [...this.#shown], see);
    view.each(motion, this.#model.order, (point, x, y, depth, w) =>
      this.#shown.has(point) || see(point, x, y, depth, w));
    return found;
  }

  /** The first free place around the point: {left, top, right, bottom, x, y}, or null. */
  #fit({ context, view, theme, zoom }, { point, x, y, w, kind }, placed) {
    const { size, weight } = LABEL_STYLES[kind];
    const font = `${weight} ${size * zoom}px ${theme.font}`;
    const wide = this.#width(context, font, point);
    const high = size * zoom * 1.16;
    const gap = kind === "plain" ? Math.min(7 * zoom, 4 + (3 * view.distance) / w) : LABEL_STYLES[kind].gap * zoom;
    const places = [[x + gap, y], [x - gap - wide, y], [x - wide / 2, y - gap - high / 2],
      [x - wide / 2, y + gap + high / 2]];
    for (const [left, middle] of places) {
      const box = { left: left - 2, right: left + wide + 2, top: middle - high / 2, bottom: middle + high / 2 };
      if (isInside(box, view) && !placed.some((other) => touches(box, other))) {
        return { ...box, x: left, y: middle, font };
      }
    }
    if (kind !== "chosen") return null;
    // The chosen word is written in any case.
    const left = Math.min(Math.max(x + gap, 2), view.width - wide - 2);
    const middle = Math.min(Math.max(y, high / 2), view.height - high / 2);
    return { left, right: left + wide, top: middle - high / 2, bottom: middle + high / 2, x: left, y: middle, font };
  }

  /** The next drawing begins anew, so that the same view always has the same words. */
  forget() {
    this.#shown = new Set();
  }

  #paint({ context, view, theme, zoom, labelInk }, { point, depth, kind }, box) {
    context.font = box.font;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.6 * zoom;
    context.strokeStyle = theme.background;
    const far = view.perspective * Math.min(Math.max((depth - view.distance + 0.2) / 1.2, 0), 1);
    context.fillStyle = kind === "chosen" ? theme.primary : labelInk(kind === "plain" ? far : 0);
    const label = this.#label(point);
    context.strokeText(label, box.x, box.y);
    context.fillText(label, box.x, box.y);
  }

  #label(point) {
    if (!this.#short.has(point)) {
      if (this.#short.size > LABEL_MOST_WIDTHS) this.#short.clear();
      this.#short.set(point, shortLabel(this.#model.labels[point]));
    }
    return this.#short.get(point);
  }

  #width(context, font, point) {
    const key = `${font}|${point}`;
    if (!this.#widths.has(key)) {
      if (this.#widths.size > LABEL_MOST_WIDTHS) this.#widths.clear();
      context.font = font;
      this.#widths.set(key, context.measureText(this.#label(point)).width);
    }
    return this.#widths.get(key);
  }
}

function isInside({ left, right, top, bottom }, { width, height }) {
  return left >= 0 && right <= width && top >= 0 && bottom <= height;
}

function touches(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
