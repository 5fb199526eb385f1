// Ranked nearest neighbours as they travel. `rank_index` (frame, row, k) holds those of every
// frame, `neighbours` (row, k) those of a space that stands still; rows are all words, or those
// listed in `rank_words` and `neighbour_words`; a single row is that of the word the page chose.
// -1 fills up a short list.

/** Nearest neighbours of `point`, best first: [{point, similarity}], [] where none are known. */
export function rankedNeighbours(recording, frame, point) {
  const moving = recording.has("rank_index");
  const name = moving ? "rank_index" : "neighbours";
  if (!recording.has(name)) return [];
  const { shape, data } = recording.array(name);
  const [rows, most] = shape.slice(-2);
  const row = neighbourRow(recording, moving ? "rank_words" : "neighbour_words", rows, point);
  if (row < 0) return [];
  const start = ((moving ? frame * rows : 0) + row) * most;
  const likeness = optionalLikeness(recording, moving ? "rank_similarity" : "neighbour_similarity");
  const found = [];
  for (let at = start; at < start + most; at += 1) {
    if (data[at] >= 0) found.push({ point: data[at], similarity: likeness?.[at] ?? NaN });
  }
  return found;
}

function neighbourRow(recording, words, rows, point) {
  if (recording.has(words)) return recording.array(words).data.indexOf(point);
  if (rows === 1) return point === recording.spec.cursor.unit ? 0 : -1;
  return point < rows ? point : -1;
}

function optionalLikeness(recording, name) {
  return recording.has(name) ? recording.array(name).data : null;
}
