// One position of the camera: from a place in the unit ball to a pixel. The graphics processor
// and the labels use the same numbers.

/** Half the field of view is 18 degrees. */
const VIEW_FOCUS = 1 / Math.tan(Math.PI / 10);
const VIEW_BEHIND = 1e-4;

export class CloudView {
  constructor({ yaw, pitch, distance, target, perspective }, width, height) {
    const [sinYaw, cosYaw, sinPitch, cosPitch] =
      [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
    this.width = width;
    this.height = height;
    this.distance = distance;
    this.perspective = perspective;
    this.right = [cosYaw, 0, -sinYaw];
    this.up = [-sinYaw * sinPitch, cosPitch, -cosYaw * sinPitch];
    this.back = [sinYaw * cosPitch, sinPitch, cosYaw * cosPitch];
    /** A depth of distance +- range is between the front and the back of what can be drawn. */
    this.range = distance + 10;
    const size = Math.min(width, height);
    this.unitsAPixel = (2 * distance) / (VIEW_FOCUS * size);
    /** Each row: factors of x, y, z, and a constant. */
    this.rowX = affineRow(this.right, target, (VIEW_FOCUS * size) / width, 0);
    this.rowY = affineRow(this.up, target, (VIEW_FOCUS * size) / height, 0);
    this.rowDepth = affineRow(this.back, target, -1, distance);
  }

  /** -> [x, y, depth, w] in pixels; x is NaN behind the camera. Things look distance / w times
   * as large as at the point that the camera turns around. */
  project(x, y, z) {
    const [a, b, c] = [this.rowX, this.rowY, this.rowDepth];
    const depth = c[0] * x + c[1] * y + c[2] * z + c[3];
    const w = this.perspective * depth + (1 - this.perspective) * this.distance;
    if (w < VIEW_BEHIND) return [NaN, NaN, depth, w];
    const across = (a[0] * x + a[1] * y + a[2] * z + a[3]) / w;
    const upward = (b[0] * x + b[1] * y + b[2] * z + b[3]) / w;
    return [((1 + across) * this.width) / 2, ((1 - upward) * this.height) / 2, depth, w];
  }

  /** Calls see(point, x, y, depth, w) for every point in the window, of those in `order`;
   * stops when it answers false. */
  each(motion, order, see) {
    const { from, to, share } = motion;
    const { rowX, rowY, rowDepth, width, height, perspective, distance } = this;
    const flat = (1 - perspective) * distance;
    for (let at = 0; at < order.length; at += 1) {
      const start = order[at] * 3;
      const x = from[start] + (to[start] - from[start]) * share;
      const y = from[start + 1] + (to[start + 1] - from[start + 1]) * share;
      const z = from[start + 2] + (to[start + 2] - from[start + 2]) * share;
      const depth = rowDepth[0] * x + rowDepth[1] * y + rowDepth[2] * z + rowDepth[3];
      const w = perspective * depth + flat;
      if (w < VIEW_BEHIND) continue;
      const across = (rowX[0] * x + rowX[1] * y + rowX[2] * z + rowX[3]) / w;
      if (across < -1 || across > 1) continue;
      const upward = (rowY[0] * x + rowY[1] * y + rowY[2] * z + rowY[3]) / w;
      if (upward < -1 || upward > 1) continue;
      const [left, top] = [((1 + across) * width) / 2, ((1 - upward) * height) / 2];
      if (see(order[at], left, top, depth, w) === false) return;
    }
  }
}

function affineRow(axis, target, factor, constant) {
  const [x, y, z] = axis.map((part) => part * factor);
  return [x, y, z, constant - x * target[0] - y * target[1] - z * target[2]];
}
