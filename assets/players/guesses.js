// What the network expects after the cursor's step, before and after a change: the tokens that
// either of them thinks likeliest, with a bar for each.
import { categoryColor } from "./categories.js";
import { element } from "./dom.js";
import { tokenLabel } from "./recording.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";

const GUESSES_SHOWN = 5;

/** Reads `probability` and `after.probability` (time, class). */
export function createGuesses(host, ctx) {
  const { recording, text } = ctx;
  const { vocabulary, tokens } = recording.spec;
  const count = vocabulary.length;
  const title = element("div", { class: "guesses-title" });
  const rows = element("div", { class: "guesses-rows" });
  host.append(title, rows);
  const at = (name, time) => recording.array(name).data.subarray(time * count, (time + 1) * count);

  function row(token, before, after, isNext) {
    const bars = [before, after].map((share, which) => {
      const bar = element("i");
      bar.style.width = `${Math.max(100 * share, 0.5)}%`;
      bar.style.background = categoryColor(which, ctx.theme());
      return bar;
    });
    const numbers = `${percentOf(before)} → ${percentOf(after)}`;
    const name = element("b", { class: isNext ? "guesses-next" : "" }, tokenLabel(token));
    return element("div", { class: "guesses-row" }, name, element("span", { class: "guesses-bars" }, ...bars),
      element("span", { class: "guesses-number" }, numbers));
  }

  function draw({ time }) {
    const [before, after] = [at("probability", time), at("after.probability", time)];
    const best = [...Array(count).keys()]
      .sort((one, other) => Math.max(before[other], after[other]) - Math.max(before[one], after[one]))
      .slice(0, GUESSES_SHOWN);
    const next = tokens[time + 1];
    title.textContent = next === undefined
      ? text.guesses_end
      : fillText(text.guesses_title, { token: tokenLabel(next) });
    rows.replaceChildren(...best.map((one) => row(vocabulary[one], before[one], after[one], vocabulary[one] === next)));
  }

  const still = () => {};
  return { draw, resize: still, retheme: () => draw(ctx.bus.cursor), destroy: () => host.replaceChildren() };
}

function percentOf(share) {
  if (share > 0 && share < 0.001) return "<0.1%";
  return `${formatValue(100 * share, share < 0.1 ? 1 : 0)}%`;
}
