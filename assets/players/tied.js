// From a multi-layer perceptron to a recurrent layer: one column a step, its matrices as arrows.
// Arrows of one colour are one matrix; every node shows the numbers that it holds.
import { categoryColor } from "./categories.js";
import { svgElement } from "./dom.js";
import { Picture } from "./picture.js";
import { colorOf } from "./theme.js";
import { fillText } from "./words.js";
import { formatValue } from "./words.js";
import { stepLabel } from "./words.js";

const TIED_LEFT = 96;
const TIED_WIDEST = 150;
const TIED_ROWS = { input: 0.9, node: 0.5, output: 0.1 };

/** Reads `tied.deep` (time, unit), the layers' values, and `tied.gap` (time,), how far each is
 * from the recurrent layer. options: stage (1 one perceptron a step, 2 a layer a step,
 * 4 one layer for all), tie (0..1, how far they are tied), guesses (one a step). */
export function createTied(host, ctx) {
  return new TiedPicture(host, ctx);
}

class TiedPicture extends Picture {
  constructor(host, ctx) {
    super(host, ctx);
    const { data, shape } = ctx.recording.array("tied.deep");
    [this.values, this.units] = [data, shape[1]];
    this.gap = ctx.recording.array("tied.gap").data;
    this.steps = ctx.recording.spec.steps;
    this.svg = svgElement("svg", { class: "tied-svg", role: "img", "aria-label": ctx.alt });
    host.append(this.svg);
    this.svg.addEventListener("pointerdown", (event) => {
      const at = Math.floor((event.clientX - this.svg.getBoundingClientRect().left - TIED_LEFT) / this.pitch);
      if (at >= 0 && at < this.steps) ctx.bus.move({ time: at }, "tied");
    });
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return;
    this.theme = this.ctx.theme();
    this.pitch = Math.min((width - TIED_LEFT - 10) / this.steps, TIED_WIDEST);
    this.y = Object.fromEntries(Object.entries(TIED_ROWS).map(([name, share]) => [name, share * height]));
    this.node = { wide: Math.min(this.pitch * 0.34, 40), tall: height * 0.3 };
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    const marker = this.#band(height);
    const columns = Array.from({ length: this.steps }, (_, at) => this.#column(at));
    this.svg.replaceChildren(marker, ...this.#names(), ...columns);
  }

  #x(at) {
    return TIED_LEFT + (at + 0.5) * this.pitch;
  }

  /** Own matrices have colours of their own until they are tied altogether. */
  #color(at) {
    const { stage, tie } = this.ctx.options;
    const own = categoryColor(at % 9, this.theme);
    if (stage !== 2 || tie >= 1) return categoryColor(0, this.theme);
    return `color-mix(in oklab, ${categoryColor(0, this.theme)} ${100 * tie}%, ${own})`;
  }

  #band(height) {
    const x = TIED_LEFT + this.cursor.time * this.pitch;
    return svgElement("rect", { class: "tied-band", x, y: 0, width: this.pitch, height });
  }

  #names() {
    const { text } = this.ctx;
    const names = [["input", text.tied_input], ["node", text.tied_node], ["output", text.tied_output]];
    return names.map(([row, name]) => tiedText(TIED_LEFT - 10, this.y[row] + 5, "end", name, "tied-name"));
  }

  #column(at) {
    const { options, recording } = this.ctx;
    const group = svgElement("g", { class: at > this.cursor.time ? "tied-later" : "" });
    const [x, { input, node, output }, { wide, tall }] = [this.#x(at), this.y, this.node];
    group.append(tiedText(x, input + 6, "middle", recording.token(at), "tied-token"));
    const color = this.#color(at);
    const own = options.stage === 2 && options.tie < 1 ? stepLabel(at) : "";
    group.append(this.#arrow(x, input - 16, x, node + tall / 2 + 3, color));
    group.append(this.#matrix(x + 8, (input + node + tall / 2) / 2 + 2, "W", own, color, "start"));
    if (options.stage > 1 && at > 0) {
      const from = this.#x(at - 1) + wide / 2 + 3;
      group.append(this.#arrow(from, node, x - wide / 2 - 3, node, color));
      group.append(this.#matrix((from + x - wide / 2) / 2, node - 9, "U", own, color, "middle"));
    }
    group.append(this.#arrow(x, node - tall / 2 - 3, x, output + 14, this.theme.muted));
    group.append(tiedText(x, output + 6, "middle", options.guesses[at], "tied-token"));
    group.append(...this.#values(at, x, node));
    if (options.stage === 2 && this.pitch > 44) {
      group.append(tiedText(x + wide / 2 + 6, node + tall / 2 - 2, "start", `Δ ${tiedGap(this.gap[at])}`, "tied-gap"));
    }
    return group;
  }

  #values(at, x, y) {
    const { wide, tall } = this.node;
    const each = tall / this.units;
    return Array.from({ length: this.units }, (_, unit) => {
      const value = this.values[at * this.units + unit];
      const place = { x: x - wide / 2, y: y - tall / 2 + unit * each, width: wide, height: each };
      const cell = svgElement("rect", { class: "tied-cell", ...place });
      cell.style.fill = colorOf("signed", value, this.theme);
      const told = fillText(this.ctx.text.tied_value, { unit, value: formatValue(value, 4), t: stepLabel(at) });
      cell.append(svgElement("title", {}, told));
      return cell;
    });
  }

  #arrow(x1, y1, x2, y2, color) {
    const angle = Math.atan2(y2 - y1, x2 - x1);
    const head = [-0.45, 0.45].map((turn) =>
      `L${x2 - 8 * Math.cos(angle + turn)} ${y2 - 8 * Math.sin(angle + turn)}`);
    const d = `M${x1} ${y1}L${x2} ${y2}${head[0]}M${x2} ${y2}${head[1]}`;
    const path = svgElement("path", { class: "tied-arrow", d });
    path.style.stroke = color;
    return path;
  }

  #matrix(x, y, letter, own, color, anchor) {
    if (this.pitch < 34) return svgElement("g");
    const name = tiedText(x, y, anchor, letter, "tied-matrix");
    if (own) name.append(svgElement("tspan", { dy: 4, "font-size": "75%" }, own));
    name.style.fill = color;
    return name;
  }
}

function tiedText(x, y, anchor, words, name) {
  return svgElement("text", { class: name, x, y, "text-anchor": anchor }, words);
}

function tiedGap(value) {
  return value === 0 ? "0" : value < 0.001 ? value.toExponential(0).replace("-", "−") : formatValue(value, 2);
}
