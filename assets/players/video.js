// A small video: the frame at the cursor, a strip of all frames, and what each tagger says of
// every frame, in colours; a wrong tag is outlined and struck.
import { categoryColor } from "./categories.js";
import { TimeRows } from "./time_rows.js";

const VIDEO_LEFT = 140;
const VIDEO_ROW = 34;
const VIDEO_GAP = 6;

/** Reads `frames` (time, row, column). options.tags: {id: {sign, name, at}}; options.rows:
 * [{label, tags: [id], score}], the first of which is the truth. */
export function createVideo(host, ctx) {
  return new VideoPicture(host, ctx);
}

class VideoPicture extends TimeRows {
  layout() {
    const { width, height } = this.sheet;
    const count = this.ctx.options.rows.length;
    const rows = count * (VIDEO_ROW + VIDEO_GAP);
    const across = (width - VIDEO_LEFT - 8) / this.steps;
    const thumb = Math.min(across - 2, 40);
    const big = Math.max(height - rows - thumb - 3 * VIDEO_GAP, 60);
    return { x: VIDEO_LEFT, width: width - VIDEO_LEFT - 8, across, thumb, big, rows: big + thumb + 3 * VIDEO_GAP };
  }

  paintRows(context, plot, theme) {
    this.images = Array.from({ length: this.steps }, (_, time) => this.#image(time, theme));
    context.imageSmoothingEnabled = false;
    const { x, across, thumb, big } = plot;
    this.images.forEach((image, time) => {
      context.drawImage(image, x + time * across + (across - thumb) / 2, big + VIDEO_GAP, thumb, thumb);
    });
    this.ctx.options.rows.forEach((row, at) => this.#paintTags(context, plot, row, at, theme));
  }

  paintCursor(context, plot, theme) {
    const { x, across, big, rows } = plot;
    const { time } = this.cursor;
    const edge = Math.min(big, this.sheet.width / 3);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.images[time], x, 0, edge, edge);
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, 0.5, edge - 1, edge - 1);
    this.#paintSaid(context, x + edge + 24, edge, theme);
    context.strokeStyle = theme.primary;
    context.lineWidth = 2;
    context.strokeRect(x + time * across, big + 1, across, rows - big + this.ctx.options.rows.length * (VIDEO_ROW + VIDEO_GAP) - 4);
  }

  explain(time) {
    const { rows, tags } = this.ctx.options;
    return rows.map((row) => [row.label, `${tags[row.tags[time]].sign} ${tags[row.tags[time]].name}`]);
  }

  #image(time, theme) {
    const { shape, data } = this.ctx.recording.array("frames");
    const [, rows, columns] = shape;
    const canvas = document.createElement("canvas");
    canvas.width = columns;
    canvas.height = rows;
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    const size = rows * columns;
    for (let cell = 0; cell < size; cell += 1) {
      const bright = Math.min(Math.max((data[time * size + cell] + 0.4) / 1.6, 0), 1);
      const grey = Math.round(255 * (theme.dark ? bright : 1 - bright));
      image.data.set([grey, grey, grey, 255], cell * 4);
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  #paintTags(context, { x, across, rows }, row, at, theme) {
    const { tags, rows: all } = this.ctx.options;
    const y = rows + at * (VIDEO_ROW + VIDEO_GAP);
    context.font = `13px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.fillStyle = theme.text;
    context.fillText(this.sheet.fit(row.label, VIDEO_LEFT - 6, context), 0, y + (row.score ? 10 : VIDEO_ROW / 2));
    context.fillStyle = theme.muted;
    if (row.score) context.fillText(row.score, 0, y + 26);
    context.textAlign = "center";
    row.tags.forEach((id, time) => {
      const left = x + time * across + 1;
      const wrong = id !== all[0].tags[time];
      context.globalAlpha = wrong ? 0.25 : 1;
      context.fillStyle = categoryColor(tags[id].at, theme);
      context.fillRect(left, y, across - 2, VIDEO_ROW);
      context.globalAlpha = 1;
      context.fillStyle = wrong ? theme.text : theme.background;
      context.font = `600 ${Math.min(18, Math.max(12, across * 0.6))}px ${theme.font}`;
      context.fillText(tags[id].sign, left + (across - 2) / 2, y + VIDEO_ROW / 2);
      if (!wrong) return;
      context.strokeStyle = theme.primary;
      context.lineWidth = 2;
      context.strokeRect(left + 1, y + 1, across - 4, VIDEO_ROW - 2);
    });
  }

  #paintSaid(context, x, height, theme) {
    const { rows, tags } = this.ctx.options;
    const { time } = this.cursor;
    const step = Math.min(height / rows.length, 52);
    context.textAlign = "left";
    context.textBaseline = "middle";
    rows.forEach((row, at) => {
      const y = (at + 0.5) * step;
      const tag = tags[row.tags[time]];
      const wrong = row.tags[time] !== rows[0].tags[time];
      context.fillStyle = theme.muted;
      context.font = `14px ${theme.font}`;
      const label = this.sheet.fit(row.label, 150, context);
      context.fillText(label, x, y);
      context.fillStyle = wrong ? theme.primary : theme.text;
      context.font = `600 20px ${theme.font}`;
      context.fillText(`${tag.sign}  ${tag.name}${wrong ? " ✗" : ""}`, x + 160, y);
    });
  }
}
