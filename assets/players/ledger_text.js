// The text at the cursor's step: every letter as strong as what it wrote is still in memory.
import { element } from "./dom.js";
import { ledgerOf } from "./ledger_model.js";
import { tokenLabel } from "./recording.js";
import { stackColor } from "./stack_paint.js";
import { attachTooltip } from "./tooltip.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const HOLDING_SIZES = [34, 30, 26, 23, 20, 18, 16, 14];

/** options as for the ledger: groups, whole. */
export function createLedgerText(host, ctx) {
  return new LedgerText(host, ctx);
}

class LedgerText {
  constructor(host, ctx) {
    this.host = host;
    this.ctx = ctx;
    const { tokens } = ctx.recording.spec;
    this.tokens = tokens.map((token) => element("span", { class: "ledger-tok" }, tokenLabel(token) || "∅"));
    this.box = element("div", { class: "ledger-text" });
    tokens.forEach((token, at) => {
      this.box.append(this.tokens[at]);
      if (/\n/.test(token)) this.box.append(element("br"));
      else if (/\s|^$/.test(token) || [...token].length > 1) this.box.append(element("wbr"));
    });
    this.times = new Map(this.tokens.map((node, at) => [node, at]));
    host.append(this.box);
    this.tooltip = attachTooltip(host);
    this.#listen();
    this.#fit();
  }

  draw(cursor) {
    const { recording, options } = this.ctx;
    const theme = this.ctx.theme();
    const { time, layer, direction, unit } = cursor;
    const shown = options.whole ? -1 : recording.fitUnit("keep", unit);
    const account = ledgerOf(recording, { layer, direction, unit: shown });
    const columns = recording.spec.steps + 1;
    this.row = account.subarray(time * columns, (time + 1) * columns);
    const largest = this.row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    this.whole = this.row.reduce((sum, value) => sum + Math.abs(value), 0);
    this.tokens.forEach((node, at) => {
      const strength = Math.sqrt(Math.abs(this.row[at]) / largest);
      const later = direction === 1 ? at < time : at > time;
      const color = stackColor(options.groups[at], 0, theme);
      node.style.setProperty("--written", color);
      node.style.setProperty("--left", `${Math.round(later ? 0 : 100 * strength)}%`);
      node.style.color = !later && strength > 0.55 ? (theme.dark ? "#10131a" : "#ffffff") : "";
      node.classList.toggle("ledger-later", later);
      node.classList.toggle("ledger-now", at === time);
    });
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

  #fit() {
    for (const size of HOLDING_SIZES) {
      this.box.style.fontSize = `${size}px`;
      if (this.box.scrollHeight <= this.host.clientHeight) return;
    }
  }

  #listen() {
    const { bus, text } = this.ctx;
    this.box.addEventListener("pointerdown", (event) => {
      const time = this.times.get(event.target);
      if (time !== undefined && event.button === 0) bus.move({ time }, "ledger-text");
    });
    this.box.addEventListener("pointermove", (event) => {
      const at = this.times.get(event.target);
      if (at === undefined) return this.tooltip.hide();
      const share = this.whole > 0 ? Math.abs(this.row[at]) / this.whole : 0;
      const corner = this.host.getBoundingClientRect();
      return this.tooltip.show(event.clientX - corner.left, event.clientY - corner.top, [
        [fillText(text.at_step, { t: stepLabel(at) }), tokenLabel(this.ctx.recording.spec.tokens[at])],
        [text.ledger_left, `${formatValue(100 * share, 1)}%`],
      ]);
    });
    this.box.addEventListener("pointerleave", () => this.tooltip.hide());
  }
}
