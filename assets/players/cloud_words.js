// Labels as they are shown: any text, literally, on one line, of bounded length.

const CLOUD_LONGEST = 28;
// What turns the writing around or cannot be seen would spoil its surroundings or hide.
const CLOUD_UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** UTF-8 bytes of `count` labels joined by line feeds -> the labels. */
export function decodeLabels(bytes, count) {
  const labels = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
  if (labels.length !== count) {
    throw new RangeError(`cloud: ${labels.length} labels for ${count} points; send one each`);
  }
  return labels;
}

/** A label with every sign visible: blanks as ␣ at the ends, unseen signs by their number. */
export function wordLabel(label) {
  if (label === "") return "∅";
  return label.replace(CLOUD_UNSEEN, unseenSign).replace(/^ +| +$/g, (gap) => "␣".repeat(gap.length));
}

/** The same, cut to `longest` signs. */
export function shortLabel(label, longest = CLOUD_LONGEST) {
  const shown = wordLabel(label.length > 4 * longest ? label.slice(0, 4 * longest) : label);
  const signs = [...shown];
  return signs.length <= longest ? shown : `${signs.slice(0, longest - 1).join("")}…`;
}

function unseenSign(sign) {
  if (sign === "\t") return "⇥";
  return `‹U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}›`;
}
