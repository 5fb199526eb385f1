// Fills the screen with the stage. Where the browser refuses (an embedding page may forbid it),
// the stage fills the window instead.

/** -> {toggle(), destroy()}; onChange(on) after every change. */
export function attachFullScreen(stage, onChange) {
  let filling = false;
  const isNative = () => stage.getRootNode().fullscreenElement === stage;
  const show = () => {
    const on = filling || isNative();
    stage.classList.toggle("u-full", on);
    stage.classList.toggle("u-fill", filling);
    onChange(on);
  };
  const fill = (on) => {
    filling = on;
    show();
  };
  const onKey = (event) => {
    if (event.key === "Escape" && filling) fill(false);
  };
  stage.addEventListener("fullscreenchange", show);
  document.addEventListener("keydown", onKey);
  return {
    toggle() {
      if (filling) return fill(false);
      if (isNative()) return document.exitFullscreen();
      if (!stage.requestFullscreen) return fill(true);
      return stage.requestFullscreen().catch(() => fill(true));
    },
    destroy() {
      stage.removeEventListener("fullscreenchange", show);
      document.removeEventListener("keydown", onKey);
    },
  };
}
