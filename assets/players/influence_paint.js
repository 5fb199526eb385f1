// Painting for the influence map: cells, the two texts beside it, and the marks of the cursor.
import { formatSize } from "./log_axis.js";
import { paletteCss, paletteIndex, paletteInk, paletteOf } from "./palettes.js";
import { fillText, stepLabel } from "./words.js";

const INFLUENCE_GAP = 8;
const INFLUENCE_TOKEN = { width: 30, height: 26, font: 18 };

/** scene: {context, plot {x, y, side, end}, scale, model, theme, text, t, k}. */
export function paintInfluence(scene) {
  const colors = paletteOf("gradient", scene.theme);
  const colored = { ...scene, colors };
  paintInfluenceCells(colored);
  paintInfluenceTexts(colored);
  paintInfluenceNames(colored);
  paintInfluenceMarks(colored);
}

function paintInfluenceCells({ context, plot, scale, model, theme, colors }) {
  const seam = plot.side > 8 ? 1 : 0;
  context.font = `12px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let t = 0; t < model.steps; t += 1) {
    for (let k = 0; k <= t; k += 1) {
      const value = model.of("influence", t, k);
      const index = paletteIndex(scale.position(value));
      const [x, y] = [plot.x + k * plot.side, plot.y + t * plot.side];
      context.fillStyle = index < 0 ? theme.faint : paletteCss(colors, index);
      context.fillRect(x, y, plot.side - seam, plot.side - seam);
      if (plot.side < 44) continue;
      context.fillStyle = paletteInk(colors, Math.max(index, 0));
      context.fillText(formatSize(value), x + plot.side / 2, y + plot.side / 2);
    }
  }
}

/** Above: row t over the states. At the right: column k over the losses. */
function paintInfluenceTexts(scene) {
  const { model, plot, t, k } = scene;
  const room = Math.max(plot.side - 2, 3);
  for (let step = 0; step < model.steps; step += 1) {
    const along = (step + 0.5) * plot.side;
    const above = step <= t ? model.of("influence", t, step) : NaN;
    const beside = step >= k ? model.of("influence", step, k) : NaN;
    const over = { x: plot.x + along, y: plot.y - 20, wide: room, tall: INFLUENCE_TOKEN.height };
    const x = plot.x + plot.end + INFLUENCE_GAP + 16;
    const aside = { x, y: plot.y + along, wide: INFLUENCE_TOKEN.width, tall: room };
    paintInfluenceToken(scene, step, over, above, step === k);
    paintInfluenceToken(scene, step, aside, beside, step === t);
  }
}

function paintInfluenceToken({ context, model, scale, theme, colors }, step, place, value, isMarked) {
  const index = paletteIndex(scale.position(value));
  const across = Math.min(place.wide, INFLUENCE_TOKEN.width);
  const down = Math.min(place.tall, INFLUENCE_TOKEN.height);
  const box = [place.x - across / 2, place.y - down / 2, across, down];
  context.fillStyle = index < 0 ? theme.secondary : paletteCss(colors, index);
  context.fillRect(...box);
  if (isMarked) {
    context.strokeStyle = theme.primary;
    context.lineWidth = 3;
    context.strokeRect(...box);
  }
  const size = Math.min(INFLUENCE_TOKEN.font, across, down + 2);
  if (size < 10) return;
  context.font = `600 ${size}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = index < 0 ? theme.muted : paletteInk(colors, index);
  context.fillText(model.recording.token(step), place.x, place.y + 1);
}

/** The names of rows and columns, all of them where there is room, and of the four sides. */
function paintInfluenceNames(scene) {
  const { model, plot, text, t, k } = scene;
  const every = Math.ceil(22 / plot.side);
  const isNamed = (step, chosen) =>
    step === chosen || (step % every === 0 && Math.abs(step - chosen) >= every);
  const below = plot.y + plot.end;
  for (let step = 0; step < model.steps; step += 1) {
    const along = (step + 0.5) * plot.side;
    const name = stepLabel(step);
    if (isNamed(step, t)) {
      influenceName(scene, `L ${name}`, plot.x - 8, plot.y + along, step === t, "right");
    }
    if (isNamed(step, k)) {
      influenceName(scene, every > 1 ? name : `h ${name}`, plot.x + along, below + 12, step === k);
    }
  }
  const [loss, state] = [{ t: stepLabel(t) }, { k: stepLabel(k) }];
  const right = plot.x + plot.end + INFLUENCE_GAP + 4;
  influenceName(scene, fillText(text.influence_row, loss), plot.x - 14, plot.y - 20, false, "right");
  influenceName(scene, fillText(text.influence_column, state), right, plot.y - 20, false, "left");
  influenceName(scene, text.influence_states, plot.x + plot.end / 2, below + 30, false);
  const { context } = scene;
  context.save();
  context.translate(Math.max(plot.x - 58, 12), plot.y + plot.end / 2);
  context.rotate(-Math.PI / 2);
  influenceName(scene, text.influence_losses, 0, 0, false);
  context.restore();
}

function influenceName({ context, theme }, words, x, y, isStrong, align = "center") {
  context.font = `${isStrong ? 700 : 400} 13px ${theme.font}`;
  context.fillStyle = isStrong ? theme.text : theme.muted;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillText(words, x, y);
}

function paintInfluenceMarks({ context, plot, theme, t, k }) {
  context.strokeStyle = theme.primary;
  context.lineWidth = 2;
  const row = plot.y + t * plot.side - 1;
  const column = plot.x + k * plot.side - 1;
  context.strokeRect(plot.x - 1, row, plot.end + 1, plot.side + 1);
  context.strokeRect(column, plot.y - 1, plot.side + 1, plot.end + 1);
  context.lineWidth = 4;
  context.strokeRect(column, row, plot.side + 1, plot.side + 1);
}
