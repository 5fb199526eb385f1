// The points of a cloud drawn without a graphics processor, pixel by pixel. Where the browser has
// no WebGL2, or only imitates one (virtual machines, remote desktops), this is ten times as fast
// as the imitation.
import { CLOUD_SIZE_UNIT } from "./cloud_model.js";

const RASTER_FAR = 3e38;
const RASTER_BACK = 1e3;
const RASTER_LEAST = 0.8;
// Smaller discs have no room for a soft edge.
const RASTER_SOFT = 1.9;
const RASTER_RIM = 0.8;

/** The same face as openPointDrawer. */
export function openPointRaster(canvas, model) {
  return new PointRaster(canvas, model);
}

class PointRaster {
  isLost = false;
  name = "raster";
  #canvas;
  #model;
  #all;
  #colors = null;

  constructor(canvas, model) {
    this.#canvas = canvas;
    this.#model = model;
    this.#all = Uint32Array.from({ length: model.count }, (_, point) => point);
  }

  setColors(colors) {
    this.#colors = colors;
  }

  /** Every pixel is our own work, so one for each of the page's is enough. */
  resize(width, height) {
    const canvas = this.#canvas;
    [canvas.width, canvas.height] = [Math.max(Math.round(width), 1), Math.max(Math.round(height), 1)];
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(canvas.width, canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.depths = new Float32Array(this.pixels.length);
  }

  draw(view, motion, { radius, fog, background }) {
    const colors = this.#colors;
    const { sizes } = this.#model;
    const back = background.map((part) => part * 255);
    this.pixels.fill(0);
    this.depths.fill(RASTER_FAR);
    const unit = (radius * CLOUD_SIZE_UNIT) / 255;
    const paint = [0, 0, 0];
    view.each(motion, this.#all, (point, x, y, depth, w) => {
      const at = point * 4;
      if (colors[at + 3] === 0) return;
      const far = Math.min(Math.max((depth - view.distance + 0.9) / 2, 0), 1);
      const mist = fog * view.perspective * far * far * (3 - 2 * far);
      const share = (colors[at + 3] / 255) * (1 - mist);
      for (let part = 0; part < 3; part += 1) {
        paint[part] = back[part] + (colors[at + part] - back[part]) * share;
      }
      const size = Math.max((unit * sizes[point] * view.distance) / w, RASTER_LEAST);
      // A word that steps back must not hide one that stands out.
      const layer = colors[at + 3] < 255 ? depth + RASTER_BACK : depth;
      if (size < RASTER_SOFT) this.#dot(x, y, layer, size, packedColor(255, paint));
      else this.#disc(x, y, layer, size, paint, back);
    });
    this.context.putImageData(this.image, 0, 0);
  }

  destroy() {
    this.image = this.pixels = this.depths = null;
  }

  /** A small disc with hard edges. */
  #dot(x, y, depth, radius, color) {
    const { pixels, depths } = this;
    const { width, height } = this.image;
    const first = Math.max(Math.ceil(y - radius - 0.5), 0);
    const last = Math.min(Math.floor(y + radius - 0.5), height - 1);
    for (let row = first; row <= last; row += 1) {
      const above = row + 0.5 - y;
      const half = Math.sqrt(Math.max(radius * radius - above * above, 0));
      const left = Math.max(Math.ceil(x - half - 0.5), 0);
      const right = Math.min(Math.floor(x + half - 0.5), width - 1);
      for (let at = row * width + left; at <= row * width + right; at += 1) {
        if (depths[at] <= depth) continue;
        depths[at] = depth;
        pixels[at] = color;
      }
    }
  }

  /** A disc with a soft edge and a rim in the background's colour. */
  #disc(x, y, depth, radius, paint, back) {
    const { pixels, depths } = this;
    const { width, height } = this.image;
    const reach = radius + 0.5;
    const full = packedColor(255, paint);
    const mixed = [0, 0, 0];
    for (let row = Math.max(Math.floor(y - reach), 0); row < Math.min(y + reach, height); row += 1) {
      for (let column = Math.max(Math.floor(x - reach), 0); column < Math.min(x + reach, width); column += 1) {
        const at = row * width + column;
        const [across, down] = [column + 0.5 - x, row + 0.5 - y];
        const inside = radius + 0.5 - Math.sqrt(across * across + down * down);
        if (inside <= 0.02 || depths[at] <= depth) continue;
        if (inside >= 1.8) pixels[at] = full;
        else {
          const rim = RASTER_RIM * Math.min(1.8 - inside, 1) * Math.min(radius - 1.8, 1);
          for (let part = 0; part < 3; part += 1) mixed[part] = paint[part] + (back[part] - paint[part]) * rim;
          pixels[at] = blended(pixels[at], mixed, Math.min(inside, 1));
        }
        if (inside > 0.5) depths[at] = depth;
      }
    }
  }
}

/** Bytes red, green, blue, alpha in one number. */
function packedColor(alpha, [red, green, blue]) {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** `paint` with `share` over a packed colour. */
function blended(under, paint, share) {
  const alpha = under >>> 24;
  if (alpha === 0) return packedColor(Math.round(share * 255), paint);
  const parts = paint.map((part, at) => {
    const below = (under >>> (8 * at)) & 255;
    return below + (part - below) * share;
  });
  return packedColor(Math.max(alpha, Math.round(share * 255)), parts);
}
