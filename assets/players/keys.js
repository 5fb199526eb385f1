// The keyboard: space plays and pauses, arrows step, [ and ] change the speed, f fills the
// screen, Home and End go to the ends; with checkpoints shift and space plays the training, < and >
// step it (comma and full stop belong to the cell's picture). The keys are shown in the buttons' titles.

const KEYS_STAGES = "__unrolledStages";
const KEYS_TYPING = "input, textarea, select, [contenteditable='']," +
  " [contenteditable='true'], [role='textbox'], [role='combobox'], [role='spinbutton']";

/** actions: {toggle, step(change), speed(change), ends(change), fullScreen, playTraining,
 * checkpoint(change)}. Keys pressed while
 * nothing has the focus go to the first stage of the page. Returns a function that detaches. */
export function attachKeys(stage, actions) {
  const stages = (globalThis[KEYS_STAGES] ??= []);
  stages.push(stage);
  const onKey = (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isForStage(event, stage, stages)) return;
    const act = keyAction(event, actions);
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("keydown", onKey);
    stages.splice(stages.indexOf(stage), 1);
  };
}

function isForStage(event, stage, stages) {
  const path = event.composedPath();
  if (path.includes(stage)) return true;
  const onPage = path[0] === document.body || path[0] === document.documentElement;
  return onPage && stages.find((one) => one.isConnected) === stage;
}

function keyAction(event, actions) {
  const target = event.composedPath()[0];
  const named = event.key === " " && event.shiftKey ? ["playTraining"] : KEYS_ACTIONS[event.key];
  if (!named) return null;
  const isSlider = target.matches?.("input[type='range']");
  if (isSlider) {
    // A slider moves by itself on arrows, Home and End.
    return ["step", "ends"].includes(named[0]) ? null : () => actions[named[0]](named[1]);
  }
  if (target.matches?.(KEYS_TYPING)) return null;
  // A focused button or link is pressed by space, as everywhere.
  if (event.key === " " && target.matches?.("button, a, summary, [role='button']")) return null;
  return () => actions[named[0]](named[1]);
}

const KEYS_ACTIONS = {
  " ": ["toggle"],
  ArrowLeft: ["step", -1],
  ArrowRight: ["step", 1],
  "[": ["speed", -1],
  "]": ["speed", 1],
  Home: ["ends", -1],
  End: ["ends", 1],
  "<": ["checkpoint", -1],
  ">": ["checkpoint", 1],
  f: ["fullScreen"],
  F: ["fullScreen"],
};
