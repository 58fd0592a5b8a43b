import type { EgressFinding } from '../finding.ts';

type Cells = readonly (string | null)[];

/** A column that is to leave, or a true one. `isMasked`: an operator or a level above the value was to change it. */
export interface MatchedColumn {
  readonly name: string;
  readonly cells: Cells;
  readonly isMasked: boolean;
}

/** Columns of fewer values are labels: that they are the same in any table says nothing. */
const LEAST_DISTINCT = 20;
/** Share of rows equal to true ones from which a table is raw data. */
const MANY_ROWS = 0.5;
const CLOSE = 1e-9;

/**
 * X over a table of rows: rows that are true rows in every column, and columns whose values are those of a true column in any order, as they are, scaled and shifted, rounded, or written in other signs one for one.
 * A masked column that is one is a hard finding, a kept one with many values a soft one: somebody has to say why. `released` and `original` need not have the same rows in the same order.
 * Source: requirements.md §10.2 (X), GZ-28c; issue "Egress" (raw match).
 */
export function rawMatchFindings(
  released: readonly MatchedColumn[],
  original: readonly { readonly name: string; readonly cells: Cells }[],
): readonly EgressFinding[] {
  const findings: EgressFinding[] = [...rawRows(released, original)];
  const facts = original.map((column) => ({ column, facts: factsOf(column.cells) }));
  for (const column of released) {
    const own = factsOf(column.cells);
    if (own.distinct < LEAST_DISTINCT) continue;
    const hit = facts.flatMap(({ column: other, facts: theirs }) => {
      const how = theirs.distinct < LEAST_DISTINCT ? null : sameColumn(own, theirs);
      return how === null ? [] : [{ how, name: other.name }];
    })[0];
    if (hit === undefined) continue;
    findings.push({
      rule: 'raw-match.column',
      severity: column.isMasked ? 'hard' : 'soft',
      check: 'X',
      version: '1',
      column: column.name,
      threshold: '0',
      measuredBand: 'all values',
      text: `The values of this column are those of the true column ${hit.name} (${hit.how}).`,
      fix: column.isMasked
        ? 'Mask the column with another operator.'
        : 'Say in a waiver why these values may leave as they are, or generalise them.',
    });
  }
  return findings;
}

function rawRows(
  released: readonly MatchedColumn[],
  original: readonly { readonly name: string; readonly cells: Cells }[],
): readonly EgressFinding[] {
  const pairs = released.flatMap((column) => {
    const other = original.find(({ name }) => name === column.name);
    return other === undefined ? [] : [[column.cells, other.cells] as const];
  });
  if (pairs.length < 2 || pairs.length < released.length) return [];
  const keyOf = (side: 0 | 1, row: number): string => JSON.stringify(pairs.map((pair) => pair[side][row] ?? null));
  const rows = pairs[0]?.[0].length ?? 0;
  const known = new Set(Array.from({ length: pairs[0]?.[1].length ?? 0 }, (_, row) => keyOf(1, row)));
  let equal = 0;
  for (let row = 0; row < rows; row += 1) if (known.has(keyOf(0, row))) equal += 1;
  if (equal === 0) return [];
  const isRaw = equal >= MANY_ROWS * rows;
  return [
    {
      rule: 'raw-match.rows',
      severity: isRaw ? 'hard' : 'soft',
      check: 'X',
      version: '1',
      threshold: '0',
      measuredBand: isRaw ? 'half of the rows or more' : 'fewer than half of the rows',
      text: 'Rows are equal to true rows in every column: this is raw data.',
      fix: 'Generalise a column that all rows have, or leave one out.',
    },
  ];
}

interface Facts {
  readonly distinct: number;
  /** Values in order, as texts. */
  readonly texts: readonly string[];
  /** In order; null where a value is no number. */
  readonly numbers: Float64Array | null;
  /** How often values occur, the commonest first. */
  readonly shape: readonly number[];
}

function factsOf(cells: Cells): Facts {
  const texts = cells.filter((cell): cell is string => cell !== null && cell !== '').sort();
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const numbers = Float64Array.from(texts, (text) => (text.trim() === '' ? Number.NaN : Number(text))).sort();
  return {
    distinct: counts.size,
    texts,
    numbers: numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : null,
    shape: [...counts.values()].sort((a, b) => b - a),
  };
}

function sameColumn(own: Facts, theirs: Facts): string | null {
  if (own.texts.length !== theirs.texts.length) return null;
  if (own.texts.every((text, at) => text === theirs.texts[at])) return 'as they are';
  if (own.numbers !== null && theirs.numbers !== null) {
    if (isScaled(own.numbers, theirs.numbers)) return 'scaled';
    if (isRounded(own.numbers, theirs.numbers)) return 'rounded';
  }
  // One for one, each value keeps how often it occurs; that only tells where values occur differently often.
  const varied = new Set(own.shape).size >= 5;
  return varied && own.shape.length === theirs.shape.length && own.shape.every((count, at) => count === theirs.shape[at])
    ? 're-encoded'
    : null;
}

function isScaled(own: Float64Array, theirs: Float64Array): boolean {
  const [first, last] = [own[0] ?? 0, own.at(-1) ?? 0];
  const [low, high] = [theirs[0] ?? 0, theirs.at(-1) ?? 0];
  if (last === first || high === low) return false;
  const place = (value: number, from: number, to: number): number => (value - from) / (to - from);
  const up = own.every((value, at) => Math.abs(place(value, first, last) - place(theirs[at] ?? 0, low, high)) < CLOSE);
  return (
    up ||
    own.every((value, at) => Math.abs(place(value, first, last) - (1 - place(theirs[theirs.length - 1 - at] ?? 0, low, high))) < CLOSE)
  );
}

/** Rounded to a step that leaves most values apart. */
function isRounded(own: Float64Array, theirs: Float64Array): boolean {
  let step = Number.POSITIVE_INFINITY;
  for (let at = 1; at < own.length; at += 1) {
    const gap = (own[at] ?? 0) - (own[at - 1] ?? 0);
    if (gap > CLOSE) step = Math.min(step, gap);
  }
  return Number.isFinite(step) && own.every((value, at) => Math.abs(value - (theirs[at] ?? 0)) <= step / 2 + CLOSE);
}
