// A text coloured by what each word did to a verdict, one row a network. A chip's colour is the
// move that its word caused; the bar under it is where the verdict stands once it has been read.
// A network without a state is shown by its strongest windows: bars join the words of each.
import { element } from "./dom.js";
import { tokenLabel } from "./recording.js";
import { colorOf } from "./theme.js";
import { inkOf } from "./theme.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const STANCE_SIZES = [26, 23, 20, 18, 16, 14, 12];

/** options.rows: [{name, label, verdict, stands, windows: [{from, to, value}]}]; the arrays are
 * `move.<name>` (time,), scaled to -1..1, and where stands is true `stand.<name>` (time,). */
export function createStances(host, ctx) {
  return new Stances(host, ctx);
}

class Stances {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    this.rows = ctx.options.rows.map((row) => this.#row(row));
    this.box = element("div", { class: "stances-box" }, ...this.rows.map(({ node }) => node));
    host.append(this.box);
    this.tooltip = attachTooltip(host);
    this.#fit();
  }

  draw({ time }) {
    const theme = this.ctx.theme();
    for (const row of this.rows) {
      row.chips.forEach((chip, at) => {
        const ahead = row.stands && at > time;
        const move = row.move[at];
        chip.node.style.background = ahead ? "transparent" : colorOf("signed", move, theme);
        chip.node.style.color = ahead ? theme.muted : inkOf("signed", move, theme);
        chip.node.classList.toggle("stance-now", at === time);
        this.#stand(chip, row, at, ahead, theme);
      });
    }
  }

  resize() {
    this.#fit();
  }

  retheme() {
    this.draw(this.ctx.bus.cursor);
  }

  destroy() {
    this.tooltip.destroy();
    this.host.replaceChildren();
  }

  /** The bar below a chip: right of the middle for praise, left of it for blame. */
  #stand(chip, row, at, ahead, theme) {
    if (!row.stand) return;
    const value = ahead ? 0 : row.stand[at];
    const half = 50 * Math.min(Math.abs(value), 1);
    chip.bar.style.left = `${value < 0 ? 50 - half : 50}%`;
    chip.bar.style.width = `${half}%`;
    chip.bar.style.background = colorOf("signed", value < 0 ? -0.7 : 0.7, theme);
  }

  #row({ name, label, verdict, stands, windows = [] }) {
    const { recording } = this.ctx;
    const { tokens, unknown = [] } = recording.spec;
    const strange = new Set(unknown);
    const move = recording.array(`move.${name}`).data;
    const stand = stands ? recording.array(`stand.${name}`).data : null;
    const row = { name, label, stands, move, stand, windows };
    row.chips = tokens.map((token, at) => this.#chip(row, token, at, strange.has(at)));
    const text = element("div", { class: "stances-text" }, ...row.chips.map(({ frame }) => frame));
    const legend = this.ctx.text[stands ? "stances_words" : "stances_windows"];
    const head = element("div", { class: "stances-head" }, element("b", {}, label), element("span", {}, verdict),
      element("span", { class: "stances-legend" }, legend));
    row.node = element("div", { class: "stances-row" }, head, text);
    return row;
  }

  #chip(row, token, at, isUnknown) {
    const node = element("span", { class: "stance" }, tokenLabel(token) || "∅");
    node.classList.toggle("stance-unknown", isUnknown);
    const bar = element("i", {});
    const track = element("span", { class: row.stands ? "stance-track" : "stance-window" });
    if (row.stands) track.append(bar);
    const inside = row.windows.find(({ from, to }) => from <= at && at <= to);
    if (inside) track.dataset.sign = inside.value < 0 ? "less" : "more";
    const frame = element("span", { class: "stance-frame" }, node, track);
    frame.addEventListener("pointerdown", () => this.ctx.bus.move({ time: at }, "stances"));
    frame.addEventListener("pointermove", (event) => this.#explain(event, row, at, isUnknown));
    frame.addEventListener("pointerleave", () => this.tooltip.hide());
    return { frame, node, bar };
  }

  #explain({ clientX, clientY }, row, at, isUnknown) {
    const { recording, text } = this.ctx;
    const lines = [[fillText(text.at_step, { t: stepLabel(at) }), recording.token(at)]];
    lines.push([row.stands ? text.stances_move : text.stances_window, formatValue(row.move[at], 3)]);
    if (row.stand) lines.push([text.stances_stand, formatValue(row.stand[at], 3)]);
    if (isUnknown) lines.push(fillText(text.unknown_token, { token: recording.token(at) }));
    const corner = this.host.getBoundingClientRect();
    this.tooltip.show(clientX - corner.left, clientY - corner.top, lines);
  }

  /** The largest letters with which all rows can be seen. */
  #fit() {
    if (!this.host.clientWidth) return;
    for (const size of STANCE_SIZES) {
      this.box.style.fontSize = `${size}px`;
      if (this.box.scrollHeight <= this.host.clientHeight) return;
    }
  }
}
