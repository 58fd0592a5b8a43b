import { escapeHtml } from '../../kernel/html-text.ts';
import type { PairScore } from '../score/pair-metrics.ts';
import type { ColumnPicture } from './fidelity-report.ts';

const WIDTH = 320;
const HEIGHT = 110;
const FOOT = 18;
const CELL = 22;
const LABEL = 132;
/** Pairs at or below are as red as it gets. */
const WORST = 0.6;
const MOST_LABELS = 6;

/**
 * Bars of real and simulated rows side by side, with what they stand for; the score of the column beside its name.
 * Source: synthetic-and-masking.md §11 item 4.
 */
export function bars(picture: ColumnPicture, score: number | undefined): string {
  const { real, synthetic, labels } = picture;
  const most = Math.max(0.01, ...real, ...synthetic);
  const width = WIDTH / Math.max(1, real.length);
  const bar = (share: number, at: number, shift: number, colour: string): string => {
    const height = (HEIGHT * share) / most;
    const what = `<title>${escapeHtml(`${labels[at] ?? ''}: ${Math.round(100 * share)} %`)}</title>`;
    return `<rect x="${(at * width + shift).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(width * 0.42).toFixed(1)}" height="${height.toFixed(1)}" fill="${colour}">${what}</rect>`;
  };
  const drawn = real.map((share, at) => bar(share, at, width * 0.06, '#8a97a5') + bar(synthetic[at] ?? 0, at, width * 0.52, '#2b6cb0'));
  const every = Math.max(1, Math.ceil(real.length / MOST_LABELS));
  const room = Math.max(3, Math.floor((width * every) / 7));
  const fitting = (at: number): number => Math.min(room, Math.floor((WIDTH - at * width) / 6.4));
  const feet = labels.map((label, at) =>
    at % every === 0 && fitting(at) > 2
      ? `<text x="${(at * width + width * 0.06).toFixed(1)}" y="${HEIGHT + 13}">${escapeHtml(shortened(label, fitting(at)))}</text>`
      : '',
  );
  const shown = score === undefined || Number.isNaN(score) ? '' : `<span>${(100 * score).toFixed(1)} %</span>`;
  const axis = `<line x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" stroke="#d5dde5"/>`;
  return `<figure><figcaption>${escapeHtml(picture.column)}${shown}</figcaption><svg role="img" aria-label="${escapeHtml(picture.column)}" viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}">${drawn.join('')}${axis}${feet.join('')}</svg></figure>`;
}

/** Every pair of columns as a square, both ways round. Source: synthetic-and-masking.md §11 item 4. */
export function heatMap(names: readonly string[], pairs: readonly PairScore[]): string {
  const size = LABEL + names.length * CELL;
  const square = (row: number, column: number, colour: string, what: string): string =>
    `<rect x="${LABEL + column * CELL}" y="${LABEL + row * CELL}" width="${CELL - 1}" height="${CELL - 1}" fill="${colour}"><title>${escapeHtml(what)}</title></rect>`;
  const cells = pairs.flatMap(({ left, right, score }) => {
    const [row, column] = [names.indexOf(left), names.indexOf(right)];
    if (row < 0 || column < 0) return [];
    const what = `${left} × ${right}: ${Number.isNaN(score) ? '–' : `${(100 * score).toFixed(0)} %`}`;
    const colour = Number.isNaN(score) ? '#e6ebf0' : heat(score);
    return [square(row, column, colour, what), square(column, row, colour, what)];
  });
  const own = names.map((name, at) => square(at, at, '#e6ebf0', name));
  const rows = names.map(
    (name, at) => `<text x="${LABEL - 6}" y="${LABEL + at * CELL + 15}" text-anchor="end">${escapeHtml(shortened(name, 20))}</text>`,
  );
  const heads = names.map(
    (name, at) =>
      `<text transform="translate(${LABEL + at * CELL + 14},${LABEL - 6}) rotate(-60)">${escapeHtml(shortened(name, 20))}</text>`,
  );
  return `<svg role="img" aria-label="pairs" width="${size + LABEL / 2}" height="${size}" viewBox="0 0 ${size + LABEL / 2} ${size}">${[...own, ...cells, ...rows, ...heads].join('')}</svg>`;
}

/** What the colours of the heat map mean. Source: synthetic-and-masking.md §11 item 4. */
export function scale(): string {
  const steps = Array.from({ length: 21 }, (_, at) => WORST + ((1 - WORST) * at) / 20);
  const boxes = steps.map((score, at) => `<rect x="${at * 12}" y="0" width="12" height="12" fill="${heat(score)}"/>`);
  return `<svg role="img" aria-label="scale" width="270" height="30" viewBox="0 0 270 30">${boxes.join('')}<text x="0" y="26">≤ ${100 * WORST} %</text><text x="252" y="26" text-anchor="end">100 %</text></svg>`;
}

/** Red over amber to green. */
function heat(score: number): string {
  const at = Math.max(0, Math.min(1, (score - WORST) / (1 - WORST)));
  return `hsl(${Math.round(4 + 136 * at * at)} ${Math.round(68 - 18 * at)}% ${Math.round(52 - 8 * at)}%)`;
}

function shortened(label: string, most: number): string {
  return label.length <= most ? label : `${label.slice(0, Math.max(1, most - 1))}…`;
}
