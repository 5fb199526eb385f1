// Prints, for every shape of sequence, where its arrows begin and end and where its parts stand.
// Standard input: the payload of the stage.
import { readFileSync } from "node:fs";
import { linksOf, nodesOf } from "./players/graph_links.js";
import { openRecording } from "./players/recording.js";
import { shapeArrows, shapePlaces } from "./players/shape_links.js";

const recording = openRecording(new Uint8Array(readFileSync(0)));
const shapes = recording.spec.panels.filter(({ picture }) => picture === "shape").map(({ options }) => {
  const links = linksOf(options);
  const states = { hidden: options.array, cell: `${options.array}/cell` };
  const nodes = nodesOf(links, (name) => name === "output" || recording.has(states[name] ?? ""));
  const { columns } = shapePlaces(1600, 260, options.columns.length, nodes, links);
  const boxes = columns.flatMap(({ input, answer, parts }, at) => [
    { name: "input", at, ...input }, { name: "answer", at, ...answer },
    ...parts.map((part) => ({ at, ...part }))]);
  const arrows = shapeArrows({ columns }, options.columns, links)
    .map(({ points, dashed }) => ({ from: points[0], to: points.at(-1), dashed: dashed === true }));
  return { array: options.array, boxes, arrows };
});
console.log(JSON.stringify(shapes));
