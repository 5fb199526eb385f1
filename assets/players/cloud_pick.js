// Which words lie under the pointer or in a rectangle.

/** How far from a point the pointer may be, in pixels. */
const PICK_REACH = 14;
const PICK_MOST = 200;

/** The word at (x, y), -1 where none is near: the nearest to the pointer, of those that it
 * touches the one in front. scene: {view, motion, colors, pointRadius, model}. */
export function wordAt({ view, motion, colors, pointRadius, model }, x, y) {
  let best = -1;
  let least = Infinity;
  view.each(motion, model.order, (point, left, top, depth, w) => {
    const [across, down] = [left - x, top - y];
    if (Math.abs(across) > 2 * PICK_REACH || Math.abs(down) > 2 * PICK_REACH) return;
    const away = Math.max(Math.sqrt(across * across + down * down) - pointRadius(point, w), 0);
    // A word that steps back can be picked only where no other is.
    const back = colors[point * 4 + 3] < 255 ? PICK_REACH : 0;
    const cost = away + back + 2 * (depth - view.distance);
    if (away > PICK_REACH || cost >= least) return;
    least = cost;
    best = point;
  });
  return best;
}

/** Words in a rectangle of pixels, the most frequent first: {points, total}. */
export function wordsIn({ view, motion, colors, model }, { left, top, right, bottom }, most = PICK_MOST) {
  const points = [];
  let total = 0;
  view.each(motion, model.order, (point, x, y) => {
    if (x < left || x > right || y < top || y > bottom || colors[point * 4 + 3] < 255) return;
    total += 1;
    if (points.length < most) points.push(point);
  });
  return { points, total };
}
