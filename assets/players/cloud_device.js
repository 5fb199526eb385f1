// Whether the browser has a real graphics processor.

const DEVICE_IMITATIONS = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const deviceAnswers = new Map();

/** True where WebGL2 is there and is not worked out by the main processor, which is slower than
 * setting the pixels oneself. Asked once a page. */
export function hasGraphicsProcessor() {
  if (!deviceAnswers.has("real")) deviceAnswers.set("real", askDevice());
  return deviceAnswers.get("real");
}

function askDevice() {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return false;
  const name = rendererName(gl);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !DEVICE_IMITATIONS.test(name);
}

// Some browsers give the name at once, others only through the extension.
function rendererName(gl) {
  const name = String(gl.getParameter(gl.RENDERER));
  if (name !== "WebKit WebGL") return name;
  const details = gl.getExtension("WEBGL_debug_renderer_info");
  return details ? String(gl.getParameter(details.UNMASKED_RENDERER_WEBGL)) : name;
}
