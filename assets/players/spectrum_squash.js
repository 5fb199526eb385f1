// An activation with its derivative, and where the units of the running network stand on it.
import { categoryColor } from "./categories.js";
import { formatPercent } from "./log_axis.js";
import { SheetPicture } from "./sheet_picture.js";
import { frameOf } from "./spectrum_frame.js";
import { fillText } from "./words.js";
import { formatTick } from "./words.js";

const SQUASH_MARGIN = { left: 46, right: 12, top: 26, middle: 44, bottom: 40 };

/** options: {name}: the activation's. Arrays: squash.a, squash.phi, squash.slope (point), squash.flat
 * (point, 1 where the slope is flat), squash.edges (bin + 1), squash.share (frame, bin),
 * squash.binflat (bin), squash.low (frame): the share of all units and steps in the flat part. */
export function createSquash(host, ctx) {
  return new SquashPicture(host, ctx);
}

class SquashPicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.data = (name) => ctx.recording.array(`squash.${name}`).data;
  }

  paint() {
    const { sheet } = this;
    const { context, width, height } = sheet;
    const theme = this.ctx.theme();
    const { left, right, top, middle, bottom } = SQUASH_MARGIN;
    const a = this.data("a");
    const room = height - top - middle - bottom;
    const box = { left, right: width - right, top, bottom: top + room * 0.55 };
    const bars = { ...box, top: box.bottom + middle, bottom: height - bottom };
    const x = (value) => left + ((value - a[0]) / (a[a.length - 1] - a[0])) * (box.right - left);
    sheet.clear();
    context.font = `13px ${theme.font}`;
    this.#shade(context, theme, x, box, bars);
    this.#curves(context, theme, x, box);
    this.#bars(context, theme, x, bars);
    this.#axis(context, theme, x, bars);
  }

  /** The flat part, behind both plots. */
  #shade(context, theme, x, box, bars) {
    const a = this.data("a");
    const flat = this.data("flat");
    context.fillStyle = categoryColor(1, theme);
    context.globalAlpha = 0.13;
    for (let from = 0; from < a.length; from += 1) {
      if (!flat[from]) continue;
      let to = from;
      while (to + 1 < a.length && flat[to + 1]) to += 1;
      for (const { top, bottom } of [box, bars]) context.fillRect(x(a[from]), top, x(a[to]) - x(a[from]), bottom - top);
      from = to;
    }
    context.globalAlpha = 1;
  }

  #curves(context, theme, x, box) {
    const [phi, slope, a] = ["phi", "slope", "a"].map(this.data);
    const low = Math.min(0, ...phi);
    const high = Math.max(1, ...phi);
    const y = (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of new Set([Math.round(low), 0, 1, Math.floor(high)])) {
      context.strokeStyle = tick === 0 ? theme.muted : theme.faint;
      context.beginPath();
      context.moveTo(box.left, y(tick));
      context.lineTo(box.right, y(tick));
      context.stroke();
      context.fillStyle = theme.text;
      context.fillText(formatTick(tick), box.left - 6, y(tick));
    }
    const styles = [[phi, theme.text, []], [slope, theme.primary, [7, 4]]];
    for (const [values, color, dash] of styles) {
      context.strokeStyle = color;
      context.lineWidth = 3;
      context.setLineDash(dash);
      context.beginPath();
      values.forEach((value, at) => context[at ? "lineTo" : "moveTo"](x(a[at]), y(value)));
      context.stroke();
    }
    context.setLineDash([]);
    context.lineWidth = 1;
    this.#keys(context, theme, box);
  }

  #keys(context, theme, box) {
    const { text, options } = this.ctx;
    context.font = `600 14px ${theme.font}`;
    context.textBaseline = "bottom";
    context.textAlign = "left";
    context.fillStyle = theme.text;
    const first = `— φ = ${options.name}`;
    context.fillText(first, box.left, box.top - 6);
    context.fillStyle = theme.primary;
    context.fillText(`┄ ${text.squash_slope}`, box.left + context.measureText(first).width + 22, box.top - 6);
    context.textAlign = "right";
    context.fillStyle = categoryColor(1, theme);
    context.fillText(`▒ ${text.squash_flat_part}`, box.right, box.top - 6);
  }

  #bars(context, theme, x, bars) {
    const edges = this.data("edges");
    const flat = this.data("binflat");
    const shares = frameOf(this.ctx.recording, "squash.share", this.cursor.time);
    const tallest = Math.max(0.02, ...shares);
    shares.forEach((share, at) => {
      const high = (share / tallest) * (bars.bottom - bars.top);
      context.fillStyle = categoryColor(flat[at] ? 1 : 0, theme);
      const [from, to] = [x(edges[at]), x(edges[at + 1])];
      context.fillRect(from + 0.5, bars.bottom - high, Math.max(to - from - 1, 1), high);
    });
    const low = frameOf(this.ctx.recording, "squash.low", this.cursor.time)[0];
    context.font = `600 14px ${theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.fillStyle = theme.text;
    context.fillText(fillText(this.ctx.text.squash_share, { share: formatPercent(low) }), bars.left, bars.top - 6);
  }

  #axis(context, theme, x, bars) {
    const a = this.data("a");
    context.strokeStyle = theme.muted;
    context.beginPath();
    context.moveTo(bars.left, bars.bottom);
    context.lineTo(bars.right, bars.bottom);
    context.stroke();
    context.fillStyle = theme.text;
    context.font = `13px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (let tick = Math.ceil(a[0]); tick <= a[a.length - 1]; tick += 1) {
      context.fillText(formatTick(tick), x(tick), bars.bottom + 4);
    }
    context.fillStyle = theme.muted;
    context.fillText(this.ctx.text.squash_axis, (bars.left + bars.right) / 2, bars.bottom + 22);
  }
}
