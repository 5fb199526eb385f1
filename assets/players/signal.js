// A sound as it is heard: the energy in every band, when the key was down and for which letter,
// and the letters that the network names, each at the frame in which it does.
import { paletteIndex } from "./palettes.js";
import { paletteOf } from "./palettes.js";
import { TimeRows } from "./time_rows.js";
import { fillText } from "./words.js";

const SIGNAL_LEFT = 96;
const SIGNAL_HEARD = 34;
const SIGNAL_ROW = 40;
const SIGNAL_GAP = 8;

/** Reads `bands` (time, band). options: sent [[from, to, sign]], presses [[from, to]] in frames,
 * named [[frame, sign, chance, right]], labels of the rows, low and high in hertz, seconds. */
export function createSignal(host, ctx) {
  return new SignalPicture(host, ctx);
}

class SignalPicture extends TimeRows {
  layout() {
    const { width, height } = this.sheet;
    const bands = Math.max(height - SIGNAL_HEARD - 2 * SIGNAL_ROW - 3 * SIGNAL_GAP - 20, 40);
    const keyed = SIGNAL_HEARD + bands + SIGNAL_GAP;
    return {
      x: SIGNAL_LEFT,
      width: width - SIGNAL_LEFT - 8,
      bands: { y: SIGNAL_HEARD, height: bands },
      keyed,
      named: keyed + SIGNAL_ROW + SIGNAL_GAP,
    };
  }

  paintRows(context, plot, theme) {
    const { options } = this.ctx;
    this.#paintBands(context, plot, theme);
    this.#paintKeys(context, plot, theme);
    context.font = `13px ${theme.font}`;
    context.fillStyle = theme.text;
    context.textAlign = "left";
    context.textBaseline = "middle";
    const rows = [
      [options.labels.heard, SIGNAL_HEARD / 2 - 2],
      [options.labels.bands, plot.bands.y + plot.bands.height / 2],
      [options.labels.sent, plot.keyed + SIGNAL_ROW / 2],
      [options.labels.named, plot.named + SIGNAL_ROW / 2],
    ];
    for (const [name, y] of rows) context.fillText(this.sheet.fit(name, SIGNAL_LEFT - 8, context), 0, y);
    context.fillStyle = theme.muted;
    context.font = `12px ${theme.font}`;
    context.fillText(`${options.high} Hz`, 0, plot.bands.y + 8);
    context.fillText(`${options.low} Hz`, 0, plot.bands.y + plot.bands.height - 8);
    this.#paintSeconds(context, plot, theme);
  }

  paintCursor(context, plot, theme) {
    this.#paintNamed(context, plot, theme);
    super.paintCursor(context, plot, theme);
    this.#paintHeard(context, plot, theme);
  }

  explain(time) {
    const { options, text } = this.ctx;
    const seconds = ((time / this.steps) * options.seconds).toFixed(2);
    const named = options.named.find(([frame]) => Math.abs(frame - time) <= 2);
    const lines = [[fillText(text.signal_at, { t: String(time + 1) }), `${seconds} s`]];
    if (named) lines.push([signalSign(named[1]), `${Math.round(100 * named[2])}%`]);
    return lines;
  }

  #paintBands(context, { x, width, bands }, theme) {
    const { shape, data } = this.ctx.recording.array("bands");
    const [steps, count] = shape;
    const low = Math.min(...data);
    const room = Math.max(...data) - low || 1;
    const image = document.createElement("canvas");
    image.width = steps;
    image.height = count;
    const painter = image.getContext("2d");
    const pixels = painter.createImageData(steps, count);
    const colors = new Uint32Array(paletteOf("gate", theme).buffer);
    const cells = new Uint32Array(pixels.data.buffer);
    for (let time = 0; time < steps; time += 1) {
      for (let band = 0; band < count; band += 1) {
        const share = (data[time * count + band] - low) / room;
        // Low pitches lie below, as on a stave.
        cells[(count - 1 - band) * steps + time] = colors[paletteIndex(share)];
      }
    }
    painter.putImageData(pixels, 0, 0);
    context.imageSmoothingEnabled = width < steps;
    context.drawImage(image, x, bands.y, width, bands.height);
  }

  #paintKeys(context, { x, width, keyed }, theme) {
    const { options } = this.ctx;
    const across = width / this.steps;
    context.fillStyle = theme.text;
    for (const [from, to] of options.presses) {
      context.fillRect(x + from * across, keyed, Math.max((to - from) * across, 1), 9);
    }
    context.font = `600 16px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [from, to, sign] of options.sent) {
      context.fillText(sign, x + ((from + to) / 2) * across, keyed + 24);
    }
  }

  #paintNamed(context, { x, width, named }, theme) {
    const across = width / this.steps;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [frame, sign, chance, right] of this.ctx.options.named) {
      const at = x + (frame + 0.5) * across;
      context.globalAlpha = frame <= this.cursor.time ? 1 : 0.25;
      context.fillStyle = right ? theme.text : theme.primary;
      context.font = `600 16px ${theme.font}`;
      context.fillText(signalSign(sign), at, named + 12);
      if (!right) context.fillRect(at - 7, named + 21, 14, 2);
      context.fillStyle = theme.faint;
      context.fillRect(at - 9, named + 28, 18, 6);
      context.fillStyle = theme.muted;
      context.fillRect(at - 9, named + 28, 18 * chance, 6);
    }
    context.globalAlpha = 1;
  }

  #paintHeard(context, { x, width }, theme) {
    const heard = this.ctx.options.named.filter(([frame]) => frame <= this.cursor.time);
    const words = heard.map(([, sign]) => sign).join("").trim();
    context.font = `600 24px ${theme.font}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = theme.text;
    context.fillText(this.sheet.fit(words || "…", width, context), x, SIGNAL_HEARD / 2 - 2);
  }

  #paintSeconds(context, { x, width, named }, theme) {
    const { seconds } = this.ctx.options;
    const every = seconds > 12 ? 2 : 1;
    context.textAlign = "center";
    context.fillStyle = theme.muted;
    for (let at = 0; at <= seconds; at += every) {
      context.fillText(`${at} s`, x + (at / seconds) * width, named + SIGNAL_ROW + 10);
    }
  }
}

function signalSign(sign) {
  return sign === " " ? "␣" : sign;
}
