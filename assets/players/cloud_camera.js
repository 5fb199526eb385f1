// The camera turns around a point of the cloud (y is up), comes closer, and moves sideways. Flat,
// it looks along z without perspective; the way there and back is one movement.
import { CloudView } from "./cloud_view.js";

const CAMERA_DISTANCE = 3.1;
const CAMERA_NEAREST = 0.03;
const CAMERA_FARTHEST = 14;
const CAMERA_STEEPEST = Math.PI / 2 - 0.02;
const CAMERA_RADIANS_A_PIXEL = 0.0075;
const CAMERA_SECONDS = 0.45;
const CAMERA_OPENING = { yaw: 0.6, pitch: 0.35 };

/** `memory` is where the camera is kept, so that it survives new data. */
export class CloudCamera {
  #goal = null;

  constructor(memory, flat) {
    // The page may ask for the other view later; otherwise the reader's own choice stays.
    if (!memory.camera || memory.openedFlat !== flat) {
      memory.openedFlat = flat;
      memory.camera = openingState(flat);
    }
    this.state = memory.camera;
  }

  get isFlat() {
    return (this.#goal ?? this.state).perspective === 0;
  }

  get isMoving() {
    return this.#goal !== null;
  }

  view(width, height) {
    return new CloudView(this.state, width, height);
  }

  /** The cloud follows the pointer. */
  rotate(right, down) {
    this.#stop();
    const { state } = this;
    state.yaw -= right * CAMERA_RADIANS_A_PIXEL;
    const pitch = state.pitch + down * CAMERA_RADIANS_A_PIXEL;
    state.pitch = Math.min(Math.max(pitch, -CAMERA_STEEPEST), CAMERA_STEEPEST);
  }

  pan(right, down, view) {
    this.#stop();
    this.#shift(-right * view.unitsAPixel, down * view.unitsAPixel, view);
  }

  /** factor > 1 comes closer; what lies under (x, y) stays there. */
  zoom(factor, view, x = view.width / 2, y = view.height / 2) {
    this.#stop();
    const before = this.state.distance;
    const wanted = Math.min(Math.max(before / factor, CAMERA_NEAREST), CAMERA_FARTHEST);
    const share = view.unitsAPixel * (1 - wanted / before);
    this.#shift((x - view.width / 2) * share, (view.height / 2 - y) * share, view);
    this.state.distance = wanted;
  }

  /** All of `bounds` (in the unit ball), from the side it is seen from. */
  fit({ center, radius }, now) {
    this.#go({ distance: CAMERA_DISTANCE * radius, target: center }, now);
  }

  setFlat(flat, now) {
    const { state } = this;
    if (flat) this.turned = { yaw: state.yaw, pitch: state.pitch };
    const turned = this.turned ?? CAMERA_OPENING;
    // The short way round.
    state.yaw = Math.atan2(Math.sin(state.yaw), Math.cos(state.yaw));
    this.#go(flat ? { yaw: 0, pitch: 0, perspective: 0 } : { ...turned, perspective: 1 }, now);
  }

  /** Moves on; -> whether there is more to come. */
  advance(now) {
    if (!this.#goal) return false;
    const { from, to, start } = this.#goal;
    const share = Math.min(Math.max((now - start) / 1000 / CAMERA_SECONDS, 0), 1);
    const eased = share * share * (3 - 2 * share);
    for (const key of ["yaw", "pitch", "distance", "perspective"]) {
      this.state[key] = from[key] + (to[key] - from[key]) * eased;
    }
    this.state.target = from.target.map((value, axis) => value + (to.target[axis] - value) * eased);
    if (share === 1) this.#goal = null;
    return share < 1;
  }

  /** Ends a movement at once. */
  settle() {
    if (this.#goal) this.advance(Infinity);
  }

  #go(change, now) {
    this.settle();
    const { state } = this;
    this.#goal = {
      from: { ...state, target: [...state.target] },
      to: { ...state, ...change },
      perspective: change.perspective ?? state.perspective,
      start: now,
    };
  }

  #stop() {
    this.settle();
  }

  #shift(right, up, view) {
    const { state } = this;
    state.target = state.target.map((value, axis) =>
      value + right * view.right[axis] + up * view.up[axis]);
  }
}

function openingState(flat) {
  const turned = flat ? { yaw: 0, pitch: 0 } : CAMERA_OPENING;
  return { ...turned, distance: CAMERA_DISTANCE, target: [0, 0, 0], perspective: flat ? 0 : 1 };
}
