// The picture is built up stage by stage: buttons 1..n and the keys "," and ".".
import { element } from "./dom.js";

const STAGE_NAMES = {
  lstm: ["inputs", "gates", "candidate", "state", "hidden", "all"],
  gru: ["inputs", "gates", "candidate", "hidden", "all"],
  elman: ["inputs", "sum", "hidden", "feedback", "all"],
  jordan: ["inputs", "sum", "hidden", "output", "feedback", "all"],
};

/** The names of a cell kind's stages; the last shows everything. */
export function stageNames(kind) {
  return STAGE_NAMES[kind === "gru-original" ? "gru" : kind];
}

/** {node, move(change), show(stage)}; onChoose(stage) hears of clicks and keys. */
export function createStages(kind, text, onChoose) {
  const names = stageNames(kind);
  const node = element("div", { class: "cell-stages", role: "group" });
  node.setAttribute("aria-label", text.cell_stages);
  let current = names.length;
  const buttons = names.map((name, index) => {
    const label = text[`cell_stage_${name}`];
    const number = element("b", {}, String(index + 1));
    const button = element("button", { type: "button", class: "cell-stage" }, number, label);
    button.title = `${text[`cell_stage_${name}_title`]} (, .)`;
    button.dataset.focus = `cell stage ${index + 1}`;
    button.addEventListener("click", () => onChoose(index + 1));
    return button;
  });
  node.append(...buttons);
  return {
    node,
    last: names.length,
    move: (change) => onChoose(Math.min(Math.max(current + change, 1), names.length)),
    show(stage) {
      current = stage;
      buttons.forEach((button, index) => {
        button.setAttribute("aria-pressed", String(index + 1 === stage));
        button.classList.toggle("cell-reached", index + 1 < stage);
      });
    },
  };
}

/** Listens for "," and "." meant for the stage that `host` is in. Returns a function that stops. */
export function attachStageKeys(host, move) {
  const onKey = (event) => {
    const change = { ",": -1, ".": 1 }[event.key];
    if (!change || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !meantFor(host, event)) return;
    event.preventDefault();
    move(change);
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function meantFor(host, event) {
  const path = event.composedPath();
  const typing = "input:not([type='range']), textarea, select, [contenteditable], [role='textbox']";
  if (path[0].matches?.(typing)) return false;
  const onPage = path[0] === document.body || path[0] === document.documentElement;
  return onPage || path.includes(host.closest(".u-stage") ?? host);
}
