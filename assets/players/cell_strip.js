// All units of one quantity as a thin strip of colours, the chosen one outlined.
import { svgElement } from "./dom.js";

const STRIP_MOST = 64;
const STRIP_ROW = 32;
const STRIP_TALLER = 4;

/** A strip in the box {x, y, width, height} for the quantity `name` -> {group, update}. Each unit
 * carries data-unit, so that a click can choose it. Beyond 64 units the 64 around the chosen one. */
export function drawStrip(place, name) {
  const { x, width } = place;
  let { y, height } = place;
  const group = svgElement("g", { class: "cell-strip", "data-strip": name });
  const frame = svgElement("rect", { class: "cell-strip-frame", x, width });
  const mark = svgElement("rect", { class: "cell-strip-mark", rx: 1 });
  const cells = svgElement("g");
  group.append(frame, cells, mark);
  let shown = 0;

  function build(count) {
    shown = count;
    // Two rows need more room, which they take above.
    const taller = count > STRIP_ROW ? STRIP_TALLER : 0;
    [y, height] = [place.y - taller, place.height + taller];
    group.classList.toggle("cell-dense", taller > 0);
    frame.setAttribute("y", y);
    frame.setAttribute("height", height);
    cells.replaceChildren(
      ...Array.from({ length: count }, (_, index) => {
        const box = cellBox(index, count);
        return svgElement("rect", { ...box, class: "cell-strip-unit" });
      }),
    );
  }

  function cellBox(index, count) {
    const rows = count > STRIP_ROW ? 2 : 1;
    const columns = Math.ceil(count / rows);
    const [w, h] = [width / columns, height / rows];
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return { x: x + column * w, y: y + row * h, width: w, height: h };
  }

  function update(step, paint) {
    const row = step.row(name);
    group.style.display = row ? "" : "none";
    if (!row) return;
    const chosen = name === "input" ? -1 : step.unitOf(name);
    const start = Math.floor(Math.max(chosen, 0) / STRIP_MOST) * STRIP_MOST;
    const count = Math.min(row.length - start, STRIP_MOST);
    if (count !== shown) build(count);
    const scale = step.scale(name);
    for (let index = 0; index < count; index += 1) {
      const cell = cells.children[index];
      cell.style.fill = paint.at(scale, row[start + index]);
      cell.dataset.unit = start + index;
    }
    showMark(chosen - start, count);
  }

  function showMark(index, count) {
    mark.style.display = index >= 0 && index < count ? "" : "none";
    if (index < 0 || index >= count) return;
    const box = cellBox(index, count);
    // Very narrow units get an outline that is wider than they are, or it could not be seen.
    const extra = Math.max(0, (5 - box.width) / 2);
    mark.setAttribute("x", box.x - extra - 0.5);
    mark.setAttribute("y", box.y - 1.5);
    mark.setAttribute("width", box.width + extra * 2 + 1);
    mark.setAttribute("height", box.height + 3);
  }

  return { group, update };
}
