// The numbers of one step of a text that is being written.

/** Reads candidate_index, candidate_before, candidate_tempered, candidate_after (time, k), ranked
 * from the likeliest on; drawn_index (time,), -1 where nothing follows; drawn_before,
 * drawn_tempered, drawn_after; die, power_sum and left (time,), the sum of p^(1/T) over all tokens
 * and the share of the tempered probability that the filters leave; removed_k (time,), how many
 * ranks top-k lets through.
 * -> {ranked, shown, chosen, likeliest, die, sum, left, others, othersBefore, othersAfter}; a
 * candidate is {token, before, tempered, after, cut: null | "cut_k" | "cut_p", drawn}. */
export function candidatesAt(recording, time) {
  const count = recording.shape("candidate_index")[1];
  const at = (name, place) => recording.array(`candidate_${name}`).data[time * count + place];
  const one = (name) => recording.array(name).data[time];
  const drawnToken = one("drawn_index");
  const allowed = one("allowed_k");
  const ranked = Array.from({ length: count }, (_, place) => {
    const after = at("after", place);
    const cut = after > 0 ? null : place >= allowed ? "cut_k" : "cut_p";
    const token = at("index", place);
    return { token, before: at("before", place), tempered: at("tempered", place), after, cut, drawn: token === drawnToken };
  });
  const drawnHere = ranked.find(({ drawn }) => drawn);
  const outside = drawnToken >= 0 && !drawnHere;
  const drawn = outside && {
    token: drawnToken,
    before: one("drawn_before"),
    tempered: one("drawn_tempered"),
    after: one("drawn_after"),
    cut: one("drawn_after") > 0 ? null : "cut_p",
    drawn: true,
  };
  const shown = outside ? [...ranked.slice(0, -1), drawn] : ranked;
  const rest = (name) => Math.max(0, 1 - shown.reduce((sum, candidate) => sum + candidate[name], 0));
  return {
    ranked,
    shown,
    chosen: drawnHere ?? (drawn || null),
    likeliest: ranked[0],
    die: one("die"),
    sum: one("power_sum"),
    left: one("left"),
    others: recording.spec.vocabulary.length - shown.length,
    othersBefore: rest("before"),
    othersAfter: anyAfter(ranked) ? Math.max(0, 1 - ranked.reduce((sum, { after }) => sum + after, 0)) : 0,
  };
}

function anyAfter(ranked) {
  return ranked.some(({ after }) => after > 0);
}
