// Reads the safetensors format: 8 bytes little-endian header length, a JSON header
// {name: {dtype, shape, data_offsets}}, then the raw little-endian numbers.

const SAFETENSORS_VIEWS = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };

/** Uint8Array -> {metadata: {key: string}, arrays: Map name -> {dtype, shape, data}}. */
export function readSafetensors(bytes) {
  const { header, start } = safetensorsHeader(bytes);
  const metadata = header.__metadata__ ?? {};
  const arrays = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    arrays.set(name, safetensorsArray(bytes, start, name, entry));
  }
  return { metadata, arrays };
}

function safetensorsHeader(bytes) {
  if (bytes.byteLength < 8) {
    throw new RangeError(`safetensors: got ${bytes.byteLength} bytes, the header alone needs 8`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.byteLength - 8) {
    throw new RangeError(`safetensors: header of ${length} bytes in ${bytes.byteLength} bytes`);
  }
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length));
  return { header: JSON.parse(text), start: 8 + length };
}

function safetensorsArray(bytes, start, name, { dtype, shape, data_offsets: [from, to] }) {
  const View = SAFETENSORS_VIEWS[dtype];
  if (!View) {
    const known = Object.keys(SAFETENSORS_VIEWS).join(", ");
    throw new TypeError(`safetensors: "${name}" is ${dtype}, expected one of ${known}`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  if (to - from !== count * View.BYTES_PER_ELEMENT || start + to > bytes.byteLength) {
    throw new RangeError(`safetensors: "${name}" with shape [${shape}] does not fit its bytes`);
  }
  const offset = bytes.byteOffset + start + from;
  // A view needs an aligned start; what comes over a socket often has none, then one copy is made.
  const aligned = offset % View.BYTES_PER_ELEMENT === 0;
  const data = aligned
    ? new View(bytes.buffer, offset, count)
    : new View(bytes.slice(start + from, start + to).buffer, 0, count);
  return { dtype, shape, data };
}
