// Every picture that a stage can hold, by the name that a panel calls it by.
import { createChain } from "./bptt_chain.js";
import { createCopies } from "./bptt_copies.js";
import { createCut } from "./bptt_cut.js";
import { createDepth } from "./bptt_depth.js";
import { createTerms } from "./bptt_terms.js";
import { createBeam } from "./beam.js";
import { createBump } from "./bump.js";
import { createCandidates } from "./candidates.js";
import { createCaption } from "./caption.js";
import { createCell } from "./cell.js";
import { createCircle } from "./circle.js";
import { createCloud } from "./cloud.js";
import { createCurves } from "./curves.js";
import { createDigit } from "./digit.js";
import { createGraph } from "./graph.js";
import { createGuesses } from "./guesses.js";
import { createHeatmap } from "./heatmap.js";
import { createInfluence } from "./influence.js";
import { createLedger } from "./ledger.js";
import { createLedgerText } from "./ledger_text.js";
import { createLines } from "./lines.js";
import { createNorms } from "./norms.js";
import { createSame } from "./same.js";
import { createShape } from "./shape.js";
import { createDecay } from "./spectrum_decay.js";
import { createEcho } from "./spectrum_echo.js";
import { createPlane } from "./spectrum_plane.js";
import { createPowers } from "./spectrum_powers.js";
import { createRipple } from "./spectrum_ripple.js";
import { createSquash } from "./spectrum_squash.js";
import { createVerdict } from "./spectrum_verdict.js";
import { createSpeller } from "./speller.js";
import { createStances } from "./stances.js";
import { createText } from "./text.js";
import { createTied } from "./tied.js";
import { createTranslator } from "./translator.js";
import { createTwins } from "./twins.js";
import { createWriting } from "./writing.js";
import { createSignal } from "./signal.js";
import { createTopClasses } from "./top_classes.js";
import { createVideo } from "./video.js";

export const STAGE_PICTURES = {
  caption: createCaption,
  text: createText,
  heatmap: createHeatmap,
  lines: createLines,
  cell: createCell,
  graph: createGraph,
  norms: createNorms,
  cloud: createCloud,
  bump: createBump,
  curves: createCurves,
  circle: createCircle,
  terms: createTerms,
  chain: createChain,
  influence: createInfluence,
  copies: createCopies,
  cut: createCut,
  depth: createDepth,
  decay: createDecay,
  echo: createEcho,
  plane: createPlane,
  powers: createPowers,
  ripple: createRipple,
  squash: createSquash,
  verdict: createVerdict,
  ledger: createLedger,
  "ledger-text": createLedgerText,
  twins: createTwins,
  translator: createTranslator,
  speller: createSpeller,
  guesses: createGuesses,
  digit: createDigit,
  same: createSame,
  stances: createStances,
  tied: createTied,
  writing: createWriting,
  candidates: createCandidates,
  beam: createBeam,
  signal: createSignal,
  "top-classes": createTopClasses,
  video: createVideo,
  shape: createShape,
};
