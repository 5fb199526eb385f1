// The text that was read, every token tinted by the value of one unit of one signal at that
// time. What is still to be read shows its tint only as a line below.
import { element } from "./dom.js";
import { createColorBar } from "./legend.js";
import { paletteCss } from "./palettes.js";
import { paletteIndex } from "./palettes.js";
import { paletteInk } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { tokenLabel } from "./recording.js";
import { scaleOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { signalLabel } from "./words.js";
import { stepLabel } from "./words.js";

const TEXT_SIZES = [60, 52, 44, 38, 33, 29, 25, 22, 20, 18, 16];
// In a row without a height of its own the text takes at most this share of the stage.
const TEXT_SHARE = 0.26;
const TEXT_COMPACT_SIZES = [30, 26, 22];

/** options: compact (one line that scrolls sideways). */
export function createText(host, ctx) {
  return new TextPicture(host, ctx);
}

class TextPicture {
  #now = -1;
  #places = [];

  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    const { tokens = [], unknown = [] } = ctx.recording.spec;
    const strange = new Set(unknown);
    this.tokens = tokens.map((token, at) => textToken(token, strange.has(at) && ctx.text));
    this.box = element("div", { class: "u-text-box" });
    this.box.classList.toggle("u-words", tokens.some(isWord));
    this.compact = ctx.options.compact === true;
    host.classList.toggle("u-text-compact", this.compact);
    const breaks = (token) => (this.compact ? [] : textBreaks(token));
    this.box.append(...tokens.flatMap((token, at) => [this.tokens[at], ...breaks(token)]));
    this.times = new Map(this.tokens.map((node, at) => [node, at]));
    this.legend = createColorBar(ctx.text);
    this.legend.node.classList.add("u-text-legend");
    host.append(this.box, this.legend.node);
    this.tooltip = attachTooltip(host);
    this.#listen();
    this.#fit();
  }

  draw(cursor, changed) {
    const tinted = ["signal", "layer", "direction", "unit"].some((key) => changed.has(key));
    if (tinted) this.#tint(cursor);
    if (changed.has("direction")) this.#now = -1;
    if (changed.has("time") || changed.has("direction")) this.#mark(cursor);
  }

  resize() {
    this.#fit();
    this.#keepInView();
  }

  retheme() {
    this.#tint(this.ctx.bus.cursor);
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  #tint({ signal, layer, direction, unit }) {
    const { recording, text } = this.ctx;
    this.legend.node.hidden = !recording.has(signal);
    if (!recording.has(signal)) return;
    const theme = this.ctx.theme();
    const scale = scaleOf(recording, signal);
    const colors = paletteOf(scale.kind, theme);
    const shown = recording.fitUnit(signal, unit);
    this.tokens.forEach((node, time) => {
      const value = recording.at(signal, layer, direction, time, shown);
      const index = paletteIndex(scale.position(value));
      node.style.setProperty("--tint", index < 0 ? "transparent" : paletteCss(colors, index));
      node.style.setProperty("--tint-ink", index < 0 ? theme.muted : paletteInk(colors, index));
    });
    const title = fillText(text.signal_of_unit, { signal: signalLabel(text, signal), unit: shown });
    this.legend.draw(scale, title, theme);
  }

  /** Only the tokens between the old and the new time change. */
  #mark({ time, direction }) {
    const before = this.#now;
    const [from, to] = before < 0 ? [0, this.tokens.length - 1] : [before, time].sort((a, b) => a - b);
    for (let at = from; at <= to; at += 1) {
      const later = direction === 1 ? at < time : at > time;
      this.tokens[at].classList.toggle("u-later", later);
      this.tokens[at].classList.toggle("u-now", at === time);
    }
    this.#now = time;
    this.#keepInView();
  }

  /** The largest letters with which the whole text can be seen. */
  #fit() {
    const { box } = this;
    if (this.host.clientWidth === 0) return;
    box.style.maxHeight = this.#hasOwnRow() ? "" : `${this.#share()}px`;
    for (const size of this.compact ? TEXT_COMPACT_SIZES : TEXT_SIZES) {
      box.style.fontSize = `${size}px`;
      if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) break;
    }
    this.scrolls = box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth;
    this.#places = this.tokens.map((node) => [node.offsetLeft, node.offsetTop]);
  }

  /** Whether the grid gives the text a height, or the text itself sets the height of its row. */
  #hasOwnRow() {
    const before = this.host.clientHeight;
    this.box.style.maxHeight = "";
    this.box.style.minHeight = "9999px";
    const grown = this.host.clientHeight;
    this.box.style.minHeight = "";
    return grown <= Math.max(before, 1) + 1;
  }

  #share() {
    const stage = this.host.closest(".u-stage") ?? this.host;
    return Math.round(stage.clientHeight * TEXT_SHARE);
  }

  #keepInView() {
    const place = this.#places[this.#now];
    if (!this.scrolls || !place) return;
    const { box } = this;
    const [left, top] = place;
    if (this.compact) {
      box.scrollLeft = left - box.clientWidth / 2;
      return;
    }
    const line = Number.parseFloat(box.style.fontSize) * 1.6;
    if (top < box.scrollTop) box.scrollTop = top - line / 2;
    const below = top + line - box.clientHeight;
    if (below > box.scrollTop) box.scrollTop = below + line;
  }

  #listen() {
    const { bus } = this.ctx;
    const go = (time) => time !== undefined && bus.move({ time }, "text");
    this.box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.#timeAt(event) === undefined) return;
      this.box.setPointerCapture(event.pointerId);
      go(this.#timeAt(event));
    });
    this.box.addEventListener("pointermove", (event) => {
      const time = this.#timeAt(event);
      if (this.box.hasPointerCapture(event.pointerId)) go(time);
      this.#explain(event, time);
    });
    this.box.addEventListener("pointerleave", () => this.tooltip.hide());
  }

  #timeAt(event) {
    const found = this.host.getRootNode().elementFromPoint(event.clientX, event.clientY);
    return this.times.get(found);
  }

  #explain(event, time) {
    const { recording, text, bus } = this.ctx;
    const { signal, layer, direction, unit } = bus.cursor;
    if (time === undefined) return this.tooltip.hide();
    const lines = [[fillText(text.at_step, { t: stepLabel(time) }), recording.token(time)]];
    if (recording.has(signal)) {
      const value = recording.at(signal, layer, direction, time, recording.fitUnit(signal, unit));
      lines.push([signalLabel(text, signal), formatValue(value)]);
    }
    if (this.tokens[time].title) lines.push(this.tokens[time].title);
    const corner = this.host.getBoundingClientRect();
    return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, lines);
  }
}

function textToken(token, unknownText) {
  const node = element("span", { class: "u-tok" }, tokenLabel(token) || "∅");
  if (unknownText) {
    node.classList.add("u-unknown");
    node.title = fillText(unknownText.unknown_token, { token: tokenLabel(token) });
  }
  return node;
}

// Spaces are shown as signs, so the places where a line may end have to be named.
function textBreaks(token) {
  if (/\n/.test(token)) return [element("br")];
  return /\s|^$/.test(token) || isWord(token) ? [element("wbr")] : [];
}

function isWord(token) {
  return [...token].length > 1;
}
