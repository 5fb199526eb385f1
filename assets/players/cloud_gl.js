// The points of a cloud drawn by the graphics processor (WebGL2).
import { CLOUD_SIZE_UNIT } from "./cloud_model.js";
import { CLOUD_FRAGMENT } from "./cloud_shaders.js";
import { CLOUD_VERTEX } from "./cloud_shaders.js";

const GL_UNIFORMS = ["uX", "uY", "uDepth", "uPerspective", "uDistance", "uRange", "uShare",
  "uRadius", "uLeast", "uFog", "uBackground"];

/** -> the drawer, or null where there is no WebGL2. `onChange()` after the context was lost or
 * has come back; `isLost` tells which. */
export function openPointDrawer(canvas, model, onChange) {
  const settings = { antialias: false, alpha: true, premultipliedAlpha: true, depth: true };
  const gl = canvas.getContext("webgl2", settings);
  return gl ? new PointDrawer(canvas, gl, model, onChange) : null;
}

class PointDrawer {
  #gl;
  #canvas;
  #model;
  #program;
  #buffers;
  #places = {};
  #detached = null;
  #colors = null;
  isLost = false;
  name = "webgl";

  constructor(canvas, gl, model, onChange) {
    this.#canvas = canvas;
    this.#gl = gl;
    this.#model = model;
    this.onLost = (event) => {
      event.preventDefault();
      this.isLost = true;
      onChange();
    };
    this.onBack = () => {
      this.isLost = false;
      this.#prepare();
      onChange();
    };
    canvas.addEventListener("webglcontextlost", this.onLost);
    canvas.addEventListener("webglcontextrestored", this.onBack);
    this.#prepare();
  }

  /** RGBA bytes of all words; alpha is how much a word stands out, 0 hides it. */
  setColors(colors) {
    this.#colors = colors;
    if (!this.isLost) this.#fill("aColor", colors);
  }

  resize(width, height, ratio) {
    this.#canvas.width = Math.max(Math.round(width * ratio), 1);
    this.#canvas.height = Math.max(Math.round(height * ratio), 1);
    this.ratio = ratio;
  }

  /** look = {radius in CSS pixels, fog 0..1, background [r, g, b] 0..1}. */
  draw(view, motion, look) {
    if (this.isLost) return;
    const gl = this.#gl;
    const { width, height } = this.#canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#point("aFrom", motion.from);
    this.#point("aTo", motion.to);
    this.#setUniforms(view, motion, look);
    gl.drawArrays(gl.POINTS, 0, this.#model.count);
  }

  destroy() {
    this.#canvas.removeEventListener("webglcontextlost", this.onLost);
    this.#canvas.removeEventListener("webglcontextrestored", this.onBack);
    // A browser keeps only a few contexts; waiting for the garbage collector would cost others.
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  #prepare() {
    const gl = this.#gl;
    this.#program = linkedProgram(gl);
    this.#buffers = { places: gl.createBuffer(), aColor: gl.createBuffer(), aSize: gl.createBuffer(),
      detached: gl.createBuffer() };
    this.#places = {};
    this.#detached = null;
    gl.useProgram(this.#program);
    this.uniforms = Object.fromEntries(
      GL_UNIFORMS.map((name) => [name, gl.getUniformLocation(this.#program, name)]));
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers.places);
    gl.bufferData(gl.ARRAY_BUFFER, this.#model.places, gl.STATIC_DRAW);
    this.#attribute("aColor", 4, gl.UNSIGNED_BYTE);
    this.#attribute("aSize", 1, gl.UNSIGNED_BYTE);
    this.#fill("aSize", this.#model.sizes);
    this.#fill("aColor", this.#colors ?? new Uint8Array(this.#model.count * 4));
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.enable(gl.BLEND);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  #attribute(name, size, type) {
    const gl = this.#gl;
    const place = gl.getAttribLocation(this.#program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, true, 0, 0);
  }

  #fill(name, data) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  }

  /** Frames lie in one buffer; places between frames travel when they are needed. */
  #point(name, places) {
    if (this.#places[name] === places) return;
    const gl = this.#gl;
    const isFrame = places.buffer === this.#model.places.buffer;
    gl.bindBuffer(gl.ARRAY_BUFFER, isFrame ? this.#buffers.places : this.#buffers.detached);
    if (!isFrame && this.#detached !== places) {
      gl.bufferData(gl.ARRAY_BUFFER, places, gl.DYNAMIC_DRAW);
      this.#detached = places;
    }
    const at = gl.getAttribLocation(this.#program, name);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 3, gl.FLOAT, false, 0, isFrame ? places.byteOffset : 0);
    this.#places[name] = places;
  }

  #setUniforms(view, motion, { radius, fog, background }) {
    const gl = this.#gl;
    const { uniforms, ratio } = this;
    gl.uniform4fv(uniforms.uX, view.rowX);
    gl.uniform4fv(uniforms.uY, view.rowY);
    gl.uniform4fv(uniforms.uDepth, view.rowDepth);
    gl.uniform1f(uniforms.uPerspective, view.perspective);
    gl.uniform1f(uniforms.uDistance, view.distance);
    gl.uniform1f(uniforms.uRange, view.range);
    gl.uniform1f(uniforms.uShare, motion.share);
    gl.uniform1f(uniforms.uRadius, radius * ratio * CLOUD_SIZE_UNIT);
    gl.uniform1f(uniforms.uLeast, 0.8 * ratio);
    gl.uniform1f(uniforms.uFog, fog);
    gl.uniform3fv(uniforms.uBackground, background);
  }
}

function linkedProgram(gl) {
  const program = gl.createProgram();
  for (const [kind, source] of [["VERTEX_SHADER", CLOUD_VERTEX], ["FRAGMENT_SHADER", CLOUD_FRAGMENT]]) {
    const shader = gl.createShader(gl[kind]);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  const linked = gl.getProgramParameter(program, gl.LINK_STATUS) || gl.isContextLost();
  if (!linked) throw new Error(`cloud: the shaders do not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}
