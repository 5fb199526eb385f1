// The camera's keys; the arrows belong to time.

const CLOUD_KEY_ACTS = {
  a: ["rotate", 30, 0],
  d: ["rotate", -30, 0],
  w: ["rotate", 0, 30],
  s: ["rotate", 0, -30],
  e: ["zoom", 1.25],
  q: ["zoom", 0.8],
  "+": ["zoom", 1.25],
  "=": ["zoom", 1.25],
  "-": ["zoom", 0.8],
  0: ["fit"],
  p: ["pin"],
  b: ["boxing"],
  t: ["table"],
  i: ["isolate"],
};
const CLOUD_KEY_TYPING = "input, textarea, select, [contenteditable=''], [contenteditable='true']";

const cloudsInUse = new WeakMap();

/** acts: {rotate(right, down), zoom(factor), fit(), pin(), boxing(), table(), isolate()}. With
 * several clouds on a stage the keys go to the one with the focus, else to the one last pressed,
 * else to the first. -> a function that detaches. */
export function attachCloudKeys(host, acts) {
  const onPress = () => cloudsInUse.set(host.closest(".u-stage"), host);
  const onKey = (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !isForCloud(event, host)) return;
    if (event.composedPath()[0].matches?.(CLOUD_KEY_TYPING)) return;
    const [name, ...values] = CLOUD_KEY_ACTS[event.key.toLowerCase()] ?? [];
    if (!name) return;
    event.preventDefault();
    acts[name](...values);
  };
  host.addEventListener("pointerdown", onPress);
  document.addEventListener("keydown", onKey);
  return () => {
    host.removeEventListener("pointerdown", onPress);
    document.removeEventListener("keydown", onKey);
  };
}

function isForCloud(event, host) {
  const path = event.composedPath();
  if (path.includes(host)) return true;
  const stage = host.closest(".u-stage");
  const onPage = path[0] === document.body || path[0] === document.documentElement;
  if (!onPage && path[0] !== stage) return false;
  const used = cloudsInUse.get(stage);
  return (used?.isConnected ? used : stage?.querySelector(".u-cloud")) === host;
}
