// A network at several moments of its training: `spec.checkpoints` = {updates: [0, 500, ...],
// arrays: [...]}; a panel whose words differ from one to the other has them in its `checkpoints`.

/** The place in the list of the checkpoint after so many updates, or of the nearest one; the last
 * where no number is given. */
export function nearestCheckpoint({ checkpoints }, updates) {
  if (!checkpoints) return 0;
  const gaps = checkpoints.updates.map((one) => Math.abs(one - updates));
  const best = gaps.indexOf(Math.min(...gaps));
  return best < 0 ? gaps.length - 1 : best;
}

/** {alt, options} of a panel at the checkpoint with this place in the list. */
export function optionsAt(panel, step) {
  const { alt, options } = panel.checkpoints?.[step] ?? panel;
  return { alt: alt ?? "", options: options ?? {} };
}
