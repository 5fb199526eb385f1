// Tokens are anything: a letter, a Chinese word, a tag. They are made to fit where they are shown.

const TOKEN_MOST = 7;
const TOKEN_SMALLEST = 15;
// Widths in ems of the widest usual fonts; too wide an estimate only leaves some room.
const TOKEN_WIDE = 1.04;
const TOKEN_NARROW = 0.62;

/** The token, cut after `most` signs. */
export function shortToken(token, most = TOKEN_MOST) {
  const signs = [...token];
  return signs.length <= most ? token : `${signs.slice(0, most - 1).join("")}…`;
}

/** About how wide the words are at that font size. */
export function textWidth(words, size) {
  return [...words].reduce((sum, sign) => sum + signWidth(sign), 0) * size;
}

function signWidth(sign) {
  return sign > "\u2e80" ? TOKEN_WIDE : TOKEN_NARROW;
}

/** {text, size}: the token in type of at most `largest` that fits into `room`, smaller or cut. */
export function fitToken(token, room, largest) {
  const size = Math.min(largest, room / textWidth(token || " ", 1));
  if (size >= TOKEN_SMALLEST) return { text: token, size };
  const signs = [...token];
  while (signs.length > 1 && textWidth(`${signs.join("")}…`, TOKEN_SMALLEST) > room) signs.pop();
  return { text: `${signs.join("")}…`, size: TOKEN_SMALLEST };
}
