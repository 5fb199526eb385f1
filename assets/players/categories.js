// Colours of things that have no order (clusters, words, curves): told apart by every kind of
// colour vision, on light and on dark; those next to each other differ in lightness too.

const CATEGORY_COLORS = {
  light: ["#0067b1", "#d45500", "#00875f", "#8e44ad", "#a87600", "#2b9fd9", "#cf3f7f", "#7b4b2a",
    "#5a6b00", "#4b5563"],
  dark: ["#5ab0f2", "#ff8f50", "#35cf9a", "#c79bff", "#f0d24a", "#9be4ff", "#ff8fc0", "#d9a57f",
    "#b9d65c", "#b6bfcc"],
};
/** How many there are before they begin again. */
export const CATEGORY_COUNT = CATEGORY_COLORS.light.length;

/** CSS colour of category `number`, counted from 0. */
export function categoryColor(number, theme) {
  return CATEGORY_COLORS[theme.dark ? "dark" : "light"][number % CATEGORY_COUNT];
}
