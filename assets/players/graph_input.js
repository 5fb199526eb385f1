// Pointer, wheel and keys on the unrolled graph.

const INPUT_DRAG_PIXELS = 4;
const INPUT_WHEEL_REST = 450;

/** target: {at(x, y) -> {map, row, time} , pick(spot), jump(x), pan(pixels), zoom(factor, x),
 * all(), hover(spot, x, y), leave(), focus(), moveRow(change)}. Returns a function that detaches. */
export function attachGraphInput(canvas, target) {
  const stops = [
    attachPointer(canvas, target),
    attachWheel(canvas, target),
    listen(canvas, "keydown", (event) => onGraphKey(event, target)),
    listen(canvas, "focus", () => canvas.matches(":focus-visible") && target.focus()),
    listen(canvas, "blur", () => target.leave()),
  ];
  return () => stops.forEach((stop) => stop());
}

function attachPointer(canvas, target) {
  let grip = null;
  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const down = (event) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    const spot = target.at(x, y);
    grip = { start: x, last: x, moved: false, spot };
    canvas.setPointerCapture(event.pointerId);
    target.leave();
    if (spot.map) target.jump(x);
  };
  const move = (event) => {
    const [x, y] = place(event);
    if (!grip) return showUnder(canvas, target, x, y);
    if (grip.spot.map) return target.jump(x);
    grip.moved ||= Math.abs(x - grip.start) > INPUT_DRAG_PIXELS;
    if (!grip.moved) return;
    canvas.style.cursor = "grabbing";
    target.pan(x - grip.last);
    grip.last = x;
  };
  const up = (event) => {
    if (grip && !grip.moved && !grip.spot.map) target.pick(grip.spot);
    grip = null;
    showUnder(canvas, target, ...place(event));
  };
  const stops = [
    listen(canvas, "pointerdown", down),
    listen(canvas, "pointermove", move),
    listen(canvas, "pointerup", up),
    listen(canvas, "pointercancel", () => (grip = null)),
    listen(canvas, "pointerleave", () => grip ?? target.leave()),
  ];
  // Sideways drags pan the graph, up and down scrolls the page.
  canvas.style.touchAction = "pan-y";
  return () => stops.forEach((stop) => stop());
}

function showUnder(canvas, target, x, y) {
  const spot = target.at(x, y);
  canvas.style.cursor = spot.map || spot.time >= 0 ? "pointer" : "grab";
  target.hover(spot, x, y);
}

// Whoever scrolls the page past the graph wants to go on scrolling: a turn of the wheel that
// began outside never zooms. Where zooming has come to its end, the page scrolls too.
function attachWheel(canvas, target) {
  let outside = -Infinity;
  const everywhere = (event) => {
    const within = event.composedPath().includes(canvas);
    if (!within || event.timeStamp - outside < INPUT_WHEEL_REST) outside = event.timeStamp;
  };
  const wheel = (event) => {
    if (event.timeStamp - outside < INPUT_WHEEL_REST) return;
    const lines = event.deltaMode === 1 ? 16 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      return target.pan(-event.deltaX * lines);
    }
    const x = event.clientX - canvas.getBoundingClientRect().left;
    const factor = Math.exp(-Math.max(Math.min(event.deltaY * lines, 120), -120) * 0.0022);
    if (target.zoom(factor, x)) event.preventDefault();
  };
  const stops = [
    listen(globalThis, "wheel", everywhere, { passive: true, capture: true }),
    listen(canvas, "wheel", wheel, { passive: false }),
  ];
  return () => stops.forEach((stop) => stop());
}

function onGraphKey(event, target) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const actions = {
    "+": () => target.zoom(1.4),
    "=": () => target.zoom(1.4),
    "-": () => target.zoom(1 / 1.4),
    0: () => target.all(),
    ArrowUp: () => target.moveRow(1),
    ArrowDown: () => target.moveRow(-1),
    Escape: () => target.leave(),
  };
  const act = actions[event.key];
  if (!act) return;
  // Escape also leaves the full screen, which is not ours to stop.
  if (event.key !== "Escape") event.preventDefault();
  act();
}

function listen(target, name, fn, options) {
  target.addEventListener(name, fn, options);
  return () => target.removeEventListener(name, fn, options);
}
