// Ranked lists over frames: which word stands where, since when, and until when.
import { CATEGORY_COUNT } from "./categories.js";
import { rankedNeighbours } from "./cloud_neighbours.js";
import { decodeLabels } from "./cloud_words.js";

export class BumpModel {
  constructor(recording, options) {
    this.recording = recording;
    this.options = options;
    this.frames = recording.spec.steps;
    this.labels = recording.has("labels")
      ? decodeLabels(recording.array("labels").data, recording.spec.units)
      : null;
  }

  /** The lists around word `chosen`; with options.lists, those, whatever is chosen. */
  open(chosen) {
    const lists = Array.from({ length: this.frames }, (_, frame) => this.#list(frame, chosen));
    this.ranks = Math.max(1, ...lists.map((list) => list.length));
    this.lists = lists;
    this.words = wordRuns(lists);
    return this;
  }

  /** The word's own name: a number points to a label. */
  label(word) {
    return typeof word === "number" ? (this.labels?.[word] ?? String(word)) : word;
  }

  /** The number of a word that can be chosen, or -1. */
  unit(word) {
    return typeof word === "number" ? word : (this.labels?.indexOf(word) ?? -1);
  }

  /** Rank of `word` in `frame`, counted from 0; -1 where it is not listed. */
  rank(word, frame) {
    return this.words.get(word)?.ranks[frame] ?? -1;
  }

  /** "new", or how many ranks up (> 0) or down since the frame before. */
  change(word, frame) {
    if (frame === 0) return 0;
    const before = this.rank(word, frame - 1);
    return before < 0 ? "new" : before - this.rank(word, frame);
  }

  #list(frame, chosen) {
    if (this.options.lists) return this.options.lists[frame] ?? [];
    return rankedNeighbours(this.recording, frame, chosen).map(({ point }) => point);
  }
}

/** Map word -> {ranks: Int32Array by frame, runs: [[first, last], ...], color: category}. */
function wordRuns(lists) {
  const words = new Map();
  // The last frame in which each colour was used: a new word takes the longest unused one.
  const used = new Array(CATEGORY_COUNT).fill(-1);
  lists.forEach((list, frame) => {
    for (const word of list) if (words.has(word)) used[words.get(word).color] = frame;
    list.forEach((word, rank) => {
      if (!words.has(word)) {
        const color = used.indexOf(Math.min(...used));
        used[color] = frame;
        words.set(word, { ranks: new Int32Array(lists.length).fill(-1), runs: [], color });
      }
      addRank(words.get(word), frame, rank);
    });
  });
  return words;
}

function addRank({ ranks, runs }, frame, rank) {
  ranks[frame] = rank;
  const run = runs.at(-1);
  if (run && run[1] === frame - 1) run[1] = frame;
  else runs.push([frame, frame]);
}
