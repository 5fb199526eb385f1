// Where everything stands in the picture of a cell: pure geometry, in pixels of the drawing.
// A wiring is {nodes, wires}. Every part has an id, the stage at which it is reached, the
// equations (eq) that it belongs to (also: those that merely use it) and, for the tooltip,
// tip: [[math, quantity], ...].
import { simpleWiring } from "./cell_wiring_simple.js";
import { gruWiring } from "./cell_wiring_gru.js";
import { lstmWiring } from "./cell_wiring_lstm.js";

/** The smallest drawing in which nothing overlaps. */
export const CELL_SMALLEST = { width: 480, height: 404 };

/** The wiring of a cell ({kind, activation, ...}) in a drawing of that size. */
export function cellWiring(cell, width, height) {
  if (cell.kind === "lstm") return lstmWiring(width, height);
  if (cell.kind.startsWith("gru")) return gruWiring(width, height, cell.kind === "gru");
  return simpleWiring(width, height, cell);
}
