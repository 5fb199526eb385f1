// Pointer, wheel and keys on the unrolled graph.

const INPUT_DRAG_PIXELS = 4;
const INPUT_WHEEL_REST = 450;

/** target: {at(x, y) -> {map, row, time} , pick(spot), jump(x), pan(pixels), zoom(factor, x),
 * all(), hover(spot, x, y), leave(), focus(), moveRow(change)}. Returns a function that detaches. */
export function attachGraphInput(sheet, target) {
  const { canvas } = sheet;
  const stops = [
    attachPointer(sheet, target),
    attachWheel(sheet, target),
    listenGraph(canvas, "keydown", (event) => onGraphKey(event, target)),
    listenGraph(canvas, "focus", () => canvas.matches(":focus-visible") && target.focus()),
    listenGraph(canvas, "blur", () => target.leave()),
  ];
  return () => stops.forEach((stop) => stop());
}

function attachPointer(sheet, target) {
  const { canvas } = sheet;
  let grip = null;
  const down = (event) => {
    if (event.button !== 0) return;
    const [x, y] = sheet.point(event);
    const spot = target.at(x, y);
    grip = { start: x, last: x, moved: false, spot };
    canvas.setPointerCapture(event.pointerId);
    target.leave();
    if (spot.map) target.jump(x);
  };
  const move = (event) => {
    const [x, y] = sheet.point(event);
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
    showUnder(canvas, target, ...sheet.point(event));
  };
  const stops = [
    listenGraph(canvas, "pointerdown", down),
    listenGraph(canvas, "pointermove", move),
    listenGraph(canvas, "pointerup", up),
    listenGraph(canvas, "pointercancel", () => (grip = null)),
    listenGraph(canvas, "pointerleave", () => grip ?? target.leave()),
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
function attachWheel(sheet, target) {
  const { canvas } = sheet;
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
      return target.pan((-event.deltaX * lines) / sheet.zoom);
    }
    const [x] = sheet.point(event);
    const factor = Math.exp(-Math.max(Math.min(event.deltaY * lines, 120), -120) * 0.0022);
    if (target.zoom(factor, x)) event.preventDefault();
  };
  const stops = [
    listenGraph(globalThis, "wheel", everywhere, { passive: true, capture: true }),
    listenGraph(canvas, "wheel", wheel, { passive: false }),
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

function listenGraph(target, name, fn, options) {
  target.addEventListener(name, fn, options);
  return () => target.removeEventListener(name, fn, options);
}
