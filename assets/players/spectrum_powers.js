// The powers of the recurrent matrix as small heatmaps on one common scale: they fade to the page
// or fill with colour.
import { formatSize } from "./log_axis.js";
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { SheetPicture } from "./sheet_picture.js";
import { frameOf } from "./spectrum_frame.js";

const POWERS_GAP = 12;
const POWERS_HEAD = 22;
const POWERS_FOOT = 22;

/** options: {powers: [1, 2, ...], limit}: the exponents, and the entry that has full colour.
 * Arrays: spectrum.powers (frames or 1, power, n, n), spectrum.scale (frame): what U is
 * multiplied by in each frame; spectrum.norms (frame, k) log10. */
export function createPowers(host, ctx) {
  return new PowersPicture(host, ctx);
}

class PowersPicture extends SheetPicture {
  constructor(host, ctx) {
    super(host, ctx);
    this.units = ctx.recording.shape("spectrum.powers")[3];
    this.image = document.createElement("canvas");
    this.image.width = this.image.height = this.units;
  }

  paint() {
    const { sheet, ctx, units } = this;
    const { powers } = ctx.options;
    const theme = ctx.theme();
    const { context, width, height } = sheet;
    const data = frameOf(ctx.recording, "spectrum.powers", this.cursor.time);
    const scale = frameOf(ctx.recording, "spectrum.scale", this.cursor.time)[0];
    const norms = frameOf(ctx.recording, "spectrum.norms", this.cursor.time);
    const room = (width - POWERS_GAP * (powers.length - 1)) / powers.length;
    const side = Math.max(1, Math.min(room, height - POWERS_HEAD - POWERS_FOOT));
    const left = (width - side * powers.length - POWERS_GAP * (powers.length - 1)) / 2;
    sheet.clear();
    context.imageSmoothingEnabled = false;
    powers.forEach((power, at) => {
      const x = left + at * (side + POWERS_GAP);
      this.#fill(data.subarray(at * units * units, (at + 1) * units * units), scale ** power, theme);
      context.drawImage(this.image, x, POWERS_HEAD, side, side);
      context.strokeStyle = theme.border;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, POWERS_HEAD + 0.5, side - 1, side - 1);
      this.#name(context, theme, x + side / 2, side, power, 10 ** norms[power]);
    });
  }

  #fill(values, factor, theme) {
    const context = this.image.getContext("2d");
    const image = context.createImageData(this.units, this.units);
    const colors = new Uint32Array(paletteOf("signed", theme).buffer);
    const pixels = new Uint32Array(image.data.buffer);
    const { limit } = this.ctx.options;
    values.forEach((value, at) => {
      pixels[at] = colors[paletteIndex(((value * factor) / limit + 1) / 2)];
    });
    context.putImageData(image, 0, 0);
  }

  #name(context, theme, middle, side, power, norm) {
    context.textAlign = "center";
    context.fillStyle = theme.text;
    context.font = `600 14px ${theme.font}`;
    context.textBaseline = "bottom";
    const sign = [...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
    context.fillText(power === 1 ? "U" : `U${sign}`, middle, POWERS_HEAD - 3);
    context.font = `13px ${theme.font}`;
    context.textBaseline = "top";
    context.fillText(`‖·‖ ${formatSize(norm)}`, middle, POWERS_HEAD + side + 4);
  }
}
