// What the reader can do with a cloud, from the buttons, the keys, the mouse or by touch.
import { prefersStillness } from "./clock.js";
import { cloudBounds } from "./cloud_bounds.js";
import { wordAt } from "./cloud_pick.js";
import { wordsIn } from "./cloud_pick.js";

const ACTS_MOST_PINNED = 100;

/** The actions on a CloudPicture, by the names that its bar, keys and pointer use. */
export function cloudActs(picture) {
  return { ...wordActs(picture), ...cameraActs(picture), ...viewActs(picture) };
}

function wordActs(picture) {
  const { bus } = picture.ctx;
  const choose = (unit) => bus.move({ unit }, "cloud");
  const toggle = (point) => {
    const { pinned } = bus.cursor;
    const without = pinned.filter((one) => one !== point);
    bus.move({ pinned: without.length < pinned.length ? without : [...pinned, point] }, "cloud");
  };
  return {
    choose,
    pin: () => toggle(bus.cursor.unit),
    unpin: () => bus.move({ pinned: [] }, "cloud"),
    press(x, y, adds) {
      const point = wordAt(picture.painter.scene, x, y);
      if (point >= 0) (adds ? toggle : choose)(point);
    },
    box(box) {
      picture.doing.box = box;
      picture.wake();
    },
    boxed(box) {
      const { points } = wordsIn(picture.painter.scene, box, ACTS_MOST_PINNED);
      Object.assign(picture.doing, { box: null, isBoxing: false });
      bus.move({ pinned: points }, "cloud");
      picture.refresh();
    },
  };
}

function cameraActs(picture) {
  const { camera } = picture;
  const seen = (act) => (...values) => {
    act(picture.painter.scene.view, ...values);
    picture.wake();
  };
  return {
    rotate: seen((view, right, down) =>
      camera.isFlat ? camera.pan(right, down, view) : camera.rotate(right, down)),
    pan: seen((view, right, down) => camera.pan(right, down, view)),
    zoom: seen((view, factor, x, y) => camera.zoom(factor, view, x, y)),
    // What is seen now: over a training a cloud moves and grows.
    fit: seen(() => {
      camera.fit(cloudBounds(picture.motion.to), performance.now());
      if (prefersStillness()) camera.settle();
    }),
    hover: (x, y) => picture.point([x, y]),
    leave: () => picture.point(null),
  };
}

function viewActs(picture) {
  const { memory, actions, recording } = picture.ctx;
  const change = (values) => {
    Object.assign(memory, values);
    picture.recolour();
    picture.refresh();
  };
  const doing = (name) => () => {
    picture.doing[name] = !picture.doing[name];
    picture.refresh();
  };
  return {
    colour: (colouring) => change({ colouring }),
    group: (shownGroup) => change({ shownGroup }),
    isolate: () => change({ isIsolating: !memory.isIsolating }),
    table: () => change({ hasTable: !memory.hasTable }),
    boxing: doing("isBoxing"),
    turn: doing("isTurning"),
    isBoxing: () => picture.doing.isBoxing,
    flat(isFlat) {
      picture.camera.setFlat(isFlat, performance.now());
      if (prefersStillness()) picture.camera.settle();
      picture.refresh();
    },
    // With frames to play, the play bar has this button.
    fullScreen: recording.spec.steps > 1 ? undefined : actions.fullScreen,
  };
}
