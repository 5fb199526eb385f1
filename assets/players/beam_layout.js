// Where the nodes of a tree of alternatives stand: a column for each depth, a lane for each
// beginning that was kept, and under it the continuations of its parent that were given up.

const BEAM_LEFT = 12;
const BEAM_ROOT = 92;
const BEAM_TOP = 14;
const BEAM_SLOT = 16; // between two alternatives under one lane
const BEAM_FONTS = { most: 18, least: 12 };

/** nodes: [{parent, depth, state}] with parents before their children, those of state "pruned"
 * without a lane -> {x, y} of each, the root's place, the room of a column and the size of the
 * letters of those that were kept. */
export function layoutBeam(nodes, width, height) {
  const depths = nodes.reduce((most, { depth }) => Math.max(most, depth), 0);
  const pitch = (width - BEAM_LEFT - BEAM_ROOT) / Math.max(depths, 1);
  const lanes = new Map();
  let most = 1;
  for (let depth = 1; depth <= depths; depth += 1) {
    const kept = [...nodes.keys()].filter((at) => nodes[at].depth === depth && nodes[at].state !== "pruned");
    kept.sort((one, other) => laneOf(nodes[one].parent) - laneOf(nodes[other].parent) || one - other);
    kept.forEach((at, lane) => lanes.set(at, lane));
    most = Math.max(most, kept.length);
  }
  const band = (height - BEAM_TOP) / most;
  const places = [];
  const taken = new Map();
  nodes.forEach(({ parent, depth }, at) => {
    const x = BEAM_ROOT + (depth - 1) * pitch;
    const lane = lanes.get(at);
    if (lane !== undefined) places[at] = { x, y: BEAM_TOP + lane * band };
    else {
      // what came first after the prompt has no lane to stand under; it takes the last one
      const under = parent < 0 ? most - 1 : laneOf(parent);
      const row = (taken.get(parent) ?? 0) + 1;
      taken.set(parent, row);
      places[at] = { x, y: BEAM_TOP + under * band + 4 + row * BEAM_SLOT };
    }
  });
  const font = Math.min(BEAM_FONTS.most, Math.max(BEAM_FONTS.least, pitch * 0.42));
  return { places, root: { x: BEAM_LEFT, y: BEAM_TOP + ((most - 1) * band) / 2 }, pitch, font };

  function laneOf(at) {
    return lanes.get(at) ?? 0;
  }
}

/** The nodes from the first token to node `at`, which may be -1. */
export function beamPath(nodes, at) {
  const path = [];
  for (let node = at; node >= 0; node = nodes[node].parent) path.unshift(node);
  return path;
}
