// Where everything stands in the picture of encoder and decoder.

const TRANSLATOR_GUTTER = 152;
const TRANSLATOR_PITCH = { least: 9, step: 44, widest: 62 };
const TRANSLATOR_CHIP = 22;
const TRANSLATOR_LEGEND = 22;
const TRANSLATOR_GAP = { token: 8, fed: 12 };

/** -> {encoder: {x(step), pitch, box, rows, tokenY}, lanes: [{x(step), pitch, box, y, fedY, saidY}],
 * legendY, gutter, at(x, y)}; y of boxes are their tops, all in pixels of the sheet. */
export function translatorLayout(sheet, model, theme) {
  const { width, height } = sheet;
  const room = width - TRANSLATOR_GUTTER - 10;
  const box = translatorBoxSize(height, model);
  const encoder = translatorEncoderLayout(sheet, model, theme, room, box);
  const lanes = translatorLaneLayouts(model, room, box, encoder, height);
  const places = { encoder, lanes, legendY: height - TRANSLATOR_LEGEND + 12, gutter: TRANSLATOR_GUTTER };
  return { ...places, at: (x, y) => translatorSpotAt(x, y, places, model) };
}

function translatorBoxSize(height, model) {
  const rows = model.directions + model.lanes.length;
  return Math.min(Math.max((height - 150 - 80 * model.lanes.length) / rows, 18), 40);
}

function translatorEncoderLayout(sheet, model, theme, room, box) {
  if (!model.turn) return null;
  sheet.context.font = `14px ${theme.font}`;
  const widest = Math.max(...model.source.map((token) => sheet.widthOf(token)));
  const wanted = Math.max(widest + 12, TRANSLATOR_PITCH.step);
  const pitch = Math.max(Math.min(room / model.turn, wanted), TRANSLATOR_PITCH.least);
  const top = TRANSLATOR_CHIP + TRANSLATOR_GAP.token + 6;
  return {
    pitch,
    font: Math.min(Math.max(Math.floor((14 * (pitch - 3)) / widest), 11), 14),
    box: Math.min(box, pitch - (pitch > 24 ? 8 : 3)),
    height: box,
    tokenY: TRANSLATOR_CHIP / 2 + 2,
    rows: Array.from({ length: model.directions }, (_, row) => top + row * (box + 5)),
    bottom: top + model.directions * (box + 5) - 5,
    x: (step) => TRANSLATOR_GUTTER + (step + 0.5) * pitch,
  };
}

function translatorLaneLayouts(model, room, box, encoder, height) {
  const steps = model.longest;
  const pitch = Math.min(room / steps, TRANSLATOR_PITCH.widest);
  const end = encoder ? encoder.x(model.turn - 1) - TRANSLATOR_GUTTER + 26 : 0;
  const shift = Math.max(Math.min(end, room - steps * pitch), 0);
  const top = encoder ? encoder.bottom : 0;
  const each = (height - TRANSLATOR_LEGEND - top) / model.lanes.length;
  const tall = 2 * (TRANSLATOR_CHIP + TRANSLATOR_GAP.fed) + box + 6;
  return model.lanes.map((_, lane) => {
    const spare = encoder && lane === 0 ? 0.75 : 0.5;
    const start = top + lane * each + Math.max(each - tall, 0) * spare;
    return {
      pitch,
      box: Math.min(box, pitch - 14),
      height: box,
      chip: TRANSLATOR_CHIP,
      fedY: start + TRANSLATOR_CHIP / 2,
      y: start + TRANSLATOR_CHIP + TRANSLATOR_GAP.fed,
      saidY: start + 1.5 * TRANSLATOR_CHIP + box + 2 * TRANSLATOR_GAP.fed,
      top: start,
      bottom: start + tall,
      x: (step) => TRANSLATOR_GUTTER + shift + (step + 0.5) * pitch,
    };
  });
}

function translatorSpotAt(x, y, { encoder, lanes, gutter }, model) {
  if (encoder && y <= encoder.bottom + 6 && x >= gutter) {
    const time = Math.floor((x - gutter) / encoder.pitch);
    return time < model.turn ? { time } : null;
  }
  const lane = lanes.findIndex(({ top, bottom }) => y >= top - 8 && y <= bottom + 8);
  if (lane < 0) return null;
  const { pitch } = lanes[lane];
  const step = Math.floor((x - lanes[lane].x(0)) / pitch + 0.5);
  const inside = step >= 0 && step < model.lanes[lane].said.length;
  return inside ? { time: model.turn + step, lane } : null;
}
