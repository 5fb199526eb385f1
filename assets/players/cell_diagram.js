// The wiring on the screen: draws the parts once, then only changes their colours and numbers.
import { mathPlain } from "./cell_math.js";
import { drawNode } from "./cell_nodes.js";
import { CELL_SMALLEST, cellWiring } from "./cell_wiring.js";
import { drawWire } from "./cell_wires.js";
import { svgElement } from "./dom.js";
import { colorAt } from "./theme.js";

// The size at which one unit of the drawing is one pixel; the type is 14.5 units high.
const DIAGRAM_NATURAL = { width: 590, height: 450 };
const DIAGRAM_SCALES = { least: 0.9, most: 2.4 };

/** {node, parts, resize(width, height), draw(step, theme), setStage, light(ids, dim)}. */
export class CellDiagram {
  #cell;
  #text;

  constructor(cell, text) {
    this.#cell = cell;
    this.#text = text;
    this.parts = [];
    this.node = svgElement("svg", { class: "cell-diagram", "aria-hidden": "true" });
  }

  /** Lays the wiring out anew; the caller draws and sets the stage afterwards. */
  resize(width, height) {
    const { least, most } = DIAGRAM_SCALES;
    const wanted = Math.min(width / DIAGRAM_NATURAL.width, height / DIAGRAM_NATURAL.height);
    const scale = Math.min(Math.max(wanted, least), most);
    const inner = {
      width: Math.max(width / scale, CELL_SMALLEST.width),
      height: Math.max(height / scale, CELL_SMALLEST.height),
    };
    // A host below the smallest size gets a smaller picture rather than one that is cut off.
    this.node.setAttribute("viewBox", `0 0 ${inner.width} ${inner.height}`);
    this.#build(cellWiring(this.#cell, inner.width, inner.height));
  }

  #build({ nodes, wires }) {
    const drawn = [
      ...wires.map((wire) => ({ ...drawWire(wire), of: wire, wire: true })),
      ...nodes.map((node) => ({ ...drawNode(node, this.#text), of: node, wire: false })),
    ];
    for (const { group, of } of drawn) {
      group.classList.add("cell-part");
      group.dataset.part = of.id;
    }
    this.parts = drawn;
    this.node.replaceChildren(...drawn.map((part) => part.group));
  }

  draw(step, theme) {
    const paint = new CellPaint(step, theme);
    for (const part of this.parts) part.update(step, paint);
  }

  /** Parts of later stages are ghosts; those of the current one stand out, unless it is `all`. */
  setStage(stage, all) {
    for (const { group, of } of this.parts) {
      group.classList.toggle("cell-ghost", of.stage > stage);
      group.classList.toggle("cell-new", !all && of.stage === stage);
    }
  }

  /** Lights up the parts of the given equations; with none, nothing is lit. */
  light(ids) {
    this.node.classList.toggle("cell-focused", ids.length > 0);
    for (const { group, of } of this.parts) {
      const belongs = [...of.eq, ...(of.also ?? [])];
      group.classList.toggle(
        "cell-lit",
        belongs.some((id) => ids.includes(id)),
      );
    }
  }

  partAt(target) {
    const id = target.closest?.("[data-part]")?.dataset.part;
    return this.parts.find((part) => part.of.id === id) ?? null;
  }
}

/** The lines of a part's tooltip: names and exact numbers. */
export function partTip(part, step) {
  return (part.of.tip ?? [])
    .map(([math, name]) => [
      mathPlain(math.replaceAll("{p}", `{${step.before}}`)),
      step.value(name),
    ])
    .filter(([, value]) => !Number.isNaN(value))
    .map(([name, value]) => [name, exactNumber(value)]);
}

/** Six decimals with a true minus sign. */
export function exactNumber(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  return value.toFixed(6).replace("-", "−");
}

/** The colours of one step's quantities. */
class CellPaint {
  constructor(step, theme) {
    this.step = step;
    this.theme = theme;
  }

  /** The colour of the chosen unit's value. */
  color(name) {
    return this.at(this.step.scale(name), this.step.value(name));
  }

  at(scale, value) {
    return colorAt(scale, value, this.theme);
  }
}
