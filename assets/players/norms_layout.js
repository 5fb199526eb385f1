// Small multiples: one panel a series, all on one logarithmic axis.

const NORMS_AXIS_WIDTH = 46;
export const NORMS_READOUT_LINE = 19;

const NORMS_LEAST_PANEL = 196;
const NORMS_LEAST_ROW = 260;
const NORMS_NARROWEST = 120;
const NORMS_PANEL_GAP = 14;
const NORMS_NUMBERS_HEIGHT = 20;
const NORMS_TOKENS_HEIGHT = 22;
const NORMS_FLOOR_HEIGHT = 16;

/** How many panels stand side by side: all, unless they get too narrow and there is height for
 * more rows. */
export function normsColumns(width, height, count) {
  const choices = [...new Set([count, Math.ceil(count / 2), 2, 1])].filter((one) => one <= count);
  const room = (columns) => (width - NORMS_AXIS_WIDTH) / columns;
  const high = (columns) => height / Math.ceil(count / columns) >= NORMS_LEAST_ROW;
  const good = choices.find((columns) => room(columns) >= NORMS_LEAST_PANEL && high(columns));
  return Math.max(good ?? choices.find((columns) => room(columns) >= NORMS_NARROWEST) ?? 1, 1);
}

/** Left edge and width of each column of panels. */
export function normsColumnBoxes(width, columns) {
  const each = (width - NORMS_AXIS_WIDTH - 4 - NORMS_PANEL_GAP * (columns - 1)) / columns;
  return Array.from({ length: columns }, (_, column) => ({
    left: NORMS_AXIS_WIDTH + column * (each + NORMS_PANEL_GAP),
    width: each,
  }));
}

/** Panels from top to bottom: title and verdict (`head` pixels), plot, floor, step numbers,
 * tokens, numbers at the cursor (`readouts` lines). -> [{left, right, width, head, top, bottom,
 * floor, numbersY, tokensY, readoutY, isFirst}] */
export function normsPanels({ width, height, top, count, columns, head, readouts, hasFloor }) {
  const rows = Math.ceil(count / columns);
  const boxes = normsColumnBoxes(width, columns);
  const each = (height - top) / rows;
  return Array.from({ length: count }, (_, at) => {
    const box = boxes[at % columns];
    const start = top + Math.floor(at / columns) * each;
    const end = start + each - readouts * NORMS_READOUT_LINE - 3;
    const tokens = end - NORMS_TOKENS_HEIGHT;
    const numbers = tokens - NORMS_NUMBERS_HEIGHT;
    const bottom = numbers - (hasFloor ? NORMS_FLOOR_HEIGHT : 0);
    return {
      left: box.left,
      right: box.left + box.width,
      width: box.width,
      head: start,
      top: start + head,
      bottom: Math.max(bottom, start + head + 20),
      floor: numbers - 8,
      numbersY: numbers + NORMS_NUMBERS_HEIGHT / 2 + 1,
      tokensY: tokens + NORMS_TOKENS_HEIGHT / 2,
      readoutY: end + NORMS_READOUT_LINE / 2 + 1,
      isFirst: at % columns === 0,
    };
  });
}

/** Places of steps and sizes inside one panel. */
export function panelScale(panel, model) {
  const { range, steps } = model;
  const [low, high] = [Math.log10(range.low), Math.log10(range.high)];
  const pitch = panel.width / steps;
  return {
    pitch,
    x: (time) => panel.left + (time + 0.5) * pitch,
    time: (x) => Math.min(Math.max(Math.floor((x - panel.left) / pitch), 0), steps - 1),
    y(value) {
      if (model.stateOf(value) !== "value") return panel.floor;
      const share = (Math.log10(value) - low) / (high - low);
      return panel.bottom - share * (panel.bottom - panel.top);
    },
  };
}
