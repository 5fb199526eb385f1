// The unrolled graph as one drawing, from back to front. A scene holds all that painting needs:
// {context, sheet, layout, view, model, inks, sprites, strips, theme, cursor, backward, progress,
// hover}; progress (0..1) tells how far the step under the cursor has arrived.
import { bandShowsUnits, paintBands, paintLikelihoods } from "./graph_far.js";
import { paintBand, paintFades, paintGutter, paintMap } from "./graph_frame.js";
import { paintChosen, paintNodes, showsUnits } from "./graph_nodes.js";
import { paintGuesses, paintTokens } from "./graph_tokens.js";
import { paintWires } from "./graph_wires.js";
import { fillText } from "./words.js";

export function paintGraph(scene) {
  scene.sheet.clear();
  paintGraphPlot(scene);
  paintGutter(scene);
  paintMap(scene);
}

function paintGraphPlot(scene) {
  const { context, layout, view } = scene;
  context.save();
  context.beginPath();
  // Where the sequence ends the frame of the last node may stand out a little.
  const left = layout.plot.left - (view.left > 0.05 ? 0 : 4);
  const right = layout.plot.right + (view.isAtEnd ? 4 : 0);
  context.rect(left, 0, right - left, layout.numbers.y + 12);
  context.clip();
  paintBand(scene);
  if (layout.level === "far") {
    if (layout.predictions) paintLikelihoods(scene);
    paintBands(scene);
  } else {
    paintWires(scene);
    paintNodes(scene);
    if (layout.predictions) paintGuesses(scene);
  }
  paintChosen(scene);
  paintTokens(scene);
  paintFades(scene);
  context.restore();
}

/** What the colour scale stands for at this distance. */
export function graphScaleCaption(scene, text) {
  if (scene.backward) return text.graph_gradient_scale;
  const { level } = scene.layout;
  if (level === "far" && bandShowsUnits(scene)) return text.graph_line_scale;
  if (level !== "far" && showsUnits(scene)) return text.graph_unit_scale;
  return fillText(text.graph_one_unit_scale, { unit: scene.model.unitOf(scene.cursor) });
}
