// Between two frames the words glide: from where they are seen to where the frame has them.

/** How long a step takes at most; while playing it is as long as the step lasts. */
const MOTION_MILLISECONDS = 260;

export class CloudMotion {
  #start = 0;
  #length = 0;
  #even = false;

  /** `seen`: places on the screen before this data came, or null. */
  constructor(model, frame, seen) {
    this.model = model;
    this.frame = frame;
    this.to = model.placesAt(frame);
    this.from = seen ?? this.to;
    /** 0 at `from`, 1 at `to`. */
    this.share = seen ? 0 : 1;
  }

  get isMoving() {
    return this.share < 1;
  }

  /** Glides to `frame`; at once without `glides`. */
  go(frame, now, { glides, playing = false, speed = 1 }) {
    this.from = this.snapshot();
    this.to = this.model.placesAt(frame);
    this.frame = frame;
    this.share = glides ? 0 : 1;
    this.#even = playing;
    this.#start = now;
    this.#length = playing ? Math.min(1000 / speed, 1000) : MOTION_MILLISECONDS;
  }

  /** Glides from `seen` to the frame it has. */
  begin(now) {
    this.#start = now;
    this.#length = 2 * MOTION_MILLISECONDS;
  }

  advance(now) {
    if (!this.isMoving) return false;
    const share = Math.min(Math.max((now - this.#start) / this.#length, 0), 1);
    this.share = this.#even ? share : 1 - (1 - share) ** 3;
    if (share === 1) this.from = this.to;
    return share < 1;
  }

  /** Where word `point` is now. */
  at(point) {
    const { from, to, share } = this;
    return [0, 1, 2].map((axis) => {
      const start = from[point * 3 + axis];
      return start + (to[point * 3 + axis] - start) * share;
    });
  }

  /** Where all words are now; a copy only while they move. */
  snapshot() {
    const { from, to, share } = this;
    if (share === 1) return to;
    if (share === 0) return from;
    return from.map((value, at) => value + (to[at] - value) * share);
  }
}
