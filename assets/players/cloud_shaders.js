// The two programs that draw the points as discs of a constant size in pixels.

/** Every word: its place between two frames, its size, and its colour, which fades into the
 * background with the distance. Alpha 0 hides a word. */
export const CLOUD_VERTEX = `#version 300 es
precision highp float;
in vec3 aFrom;
in vec3 aTo;
in vec4 aColor;
in float aSize;
uniform vec4 uX, uY, uDepth;
uniform float uPerspective, uDistance, uRange, uShare, uRadius, uLeast, uFog;
uniform vec3 uBackground;
flat out vec3 vColor;
flat out float vRadius;
void main() {
  vec4 place = vec4(mix(aFrom, aTo, uShare), 1.0);
  float depth = dot(uDepth, place);
  float w = mix(uDistance, depth, uPerspective);
  gl_Position = vec4(dot(uX, place), dot(uY, place), w * (depth - uDistance) / uRange, w);
  // A word that steps back must not hide one that stands out.
  if (aColor.a < 1.0) gl_Position.z = 0.9999 * w;
  if (aColor.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  float near = uDistance / max(w, 0.05);
  vRadius = max(uRadius * aSize * near, uLeast);
  gl_PointSize = 2.0 * vRadius + 1.0;
  float fog = uFog * uPerspective * smoothstep(-0.9, 1.1, depth - uDistance);
  vColor = mix(uBackground, aColor.rgb, aColor.a * (1.0 - fog));
}`;

/** A disc with a soft edge; a rim in the background's colour keeps neighbours apart. */
export const CLOUD_FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 vColor;
flat in float vRadius;
uniform vec3 uBackground;
out vec4 color;
void main() {
  float away = length(gl_PointCoord - 0.5) * (2.0 * vRadius + 1.0);
  float alpha = clamp(vRadius + 0.5 - away, 0.0, 1.0);
  if (alpha < 0.02) discard;
  float rim = clamp(away - vRadius + 1.3, 0.0, 1.0) * clamp(vRadius - 1.8, 0.0, 1.0);
  color = vec4(mix(vColor, uBackground, 0.8 * rim), alpha);
}`;
