// A small box with exact numbers beside the pointer. Text only, always inside the stage.

const TOOLTIP_GAP = 14;

/** -> {show(x, y, lines), hide(), destroy()}; x, y in pixels of `host`.
 * A line is a string, or [name, value] which are set in two columns. */
export function attachTooltip(host) {
  const frame = host.closest(".u-stage") ?? host;
  const box = document.createElement("div");
  box.className = "u-tooltip";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  frame.append(box);
  return {
    show(x, y, lines) {
      box.replaceChildren(...lines.map(tooltipLine));
      box.hidden = false;
      placeTooltip(box, frame, host, x, y);
    },
    hide() {
      box.hidden = true;
    },
    destroy() {
      box.remove();
    },
  };
}

function tooltipLine(line) {
  const row = document.createElement("div");
  row.className = "u-tooltip-line";
  for (const part of Array.isArray(line) ? line : [line]) {
    const cell = document.createElement("span");
    cell.textContent = part;
    row.append(cell);
  }
  return row;
}

function placeTooltip(box, frame, host, x, y) {
  const outer = frame.getBoundingClientRect();
  const inner = host.getBoundingClientRect();
  const left = inner.left - outer.left + x;
  const top = inner.top - outer.top + y;
  const fitsRight = left + TOOLTIP_GAP + box.offsetWidth < outer.width;
  const fitsBelow = top + TOOLTIP_GAP + box.offsetHeight < outer.height;
  const boxLeft = fitsRight ? left + TOOLTIP_GAP : left - TOOLTIP_GAP - box.offsetWidth;
  const boxTop = fitsBelow ? top + TOOLTIP_GAP : top - TOOLTIP_GAP - box.offsetHeight;
  box.style.left = `${Math.max(4, boxLeft)}px`;
  box.style.top = `${Math.max(4, boxTop)}px`;
}
