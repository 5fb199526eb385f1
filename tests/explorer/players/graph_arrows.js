// Paints the arrows of the unrolled graph onto a context that only notes strokes, and prints where
// every arrow head ends, where its line began, and where the states of all steps stand.
// Standard input: the payload of the stage. Argument: "forward" or "backward".
import { readFileSync } from "node:fs";
import { GraphInks } from "./players/graph_inks.js";
import { graphLayout } from "./players/graph_layout.js";
import { GraphModel } from "./players/graph_model.js";
import { partBox } from "./players/graph_nodes.js";
import { GraphView } from "./players/graph_view.js";
import { paintWires } from "./players/graph_wires.js";
import { openRecording } from "./players/recording.js";

const theme = { dark: false, text: "#000000", background: "#ffffff", border: "#cccccc",
  muted: "#666666", faint: "#eeeeee", secondary: "#dddddd", primary: "#bb0055", font: "sans" };

/** Notes each path that is stroked and each that is filled; everything else does nothing. */
function noting() {
  const strokes = [];
  let path = [];
  const methods = {
    beginPath: () => (path = []),
    moveTo: (x, y) => path.push([x, y]),
    lineTo: (x, y) => path.push([x, y]),
    stroke: () => strokes.push({ line: path }),
    // a filled triangle is the head of the line that was stroked last
    fill: () => path.length === 3 && (strokes.at(-1).head = path[0]),
  };
  const context = new Proxy({}, {
    get: (kept, name) => methods[name] ?? kept[name] ?? (() => {}),
    set: (kept, name, value) => ((kept[name] = value), true),
  });
  return { context, strokes };
}

const recording = openRecording(new Uint8Array(readFileSync(0)));
const backward = process.argv[2] === "backward";
const panel = recording.spec.panels.find(({ picture }) => picture === "graph");
const model = new GraphModel({ recording, text: recording.spec.text, options: panel.options });
const view = new GraphView({}, model.steps);
view.setPlot(80, 1100, 0);
view.fitAll();
const shape = { steps: model.steps, layers: model.layers, directions: model.directions,
  guesses: model.guessCount, nodes: model.nodes, main: model.main, passed: model.passed };
const layout = graphLayout(1190, 700, 80, view.pitch, shape);
const { context, strokes } = noting();
// everything is reached, and the glow of the step under the cursor has no head
const time = backward ? 0 : model.steps - 1;
const cursor = { time, layer: 0, direction: 0, unit: 0, mode: backward ? "backward" : "forward" };
const scene = { model, layout, view, theme, context, cursor, backward, progress: 1,
  inks: new GraphInks(theme), sheet: { widthOf: () => 8, ratio: 1, fit: (text) => text } };
paintWires(scene);
const states = layout.rows.flatMap((row) =>
  Array.from({ length: model.steps }, (_, at) => at).flatMap((at) =>
    row.parts.map(({ name }) => {
      const { left, right, top, bottom, width } = partBox(scene, row, at, name);
      return { layer: row.layer, time: at, name, left, right: right ?? left + width, top, bottom };
    })));
const arrows = strokes.filter(({ head }) => head).map(({ line, head }) => ({ from: line[0], to: head }));
const tokens = { top: layout.tokens.top, bottom: layout.tokens.bottom };
console.log(JSON.stringify({ arrows, states, tokens, ceiling: layout.predictions?.bottom ?? 0 }));
