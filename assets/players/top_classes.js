// What a network that labels every step thinks at the cursor: its likeliest classes, with bars.
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { tokenLabel } from "./recording.js";
import { fillText } from "./words.js";
import { stepLabel } from "./words.js";

/** Reads `prediction_index` and `prediction_probability` (time, k). options.names: {class: name}. */
export function createTopClasses(host, ctx) {
  const { recording, text, options } = ctx;
  const { vocabulary } = recording.spec;
  const [, count] = recording.shape("prediction_index");
  const title = element("div", { class: "guesses-title" });
  const rows = element("div", { class: "guesses-rows" });
  host.append(title, rows);

  function row(name, share) {
    const bar = element("i");
    bar.style.width = `${Math.max(100 * share, 0.5)}%`;
    bar.style.background = categoryColor(0, ctx.theme());
    return element("div", { class: "guesses-row" }, element("b", {}, name),
      element("span", { class: "guesses-bars" }, bar),
      element("span", { class: "guesses-number" }, `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`));
  }

  function draw({ time }) {
    title.textContent = fillText(text.top_title, { t: stepLabel(time) });
    const indices = recording.array("prediction_index").data;
    const shares = recording.array("prediction_probability").data;
    rows.replaceChildren(...Array.from({ length: count }, (_, rank) => {
      const name = vocabulary[indices[time * count + rank]];
      return row(options.names?.[name] ?? tokenLabel(name), shares[time * count + rank]);
    }));
  }

  const still = () => {};
  return { draw, resize: still, retheme: () => draw(ctx.bus.cursor), destroy: () => host.replaceChildren() };
}
