import { type ColumnContext, columnContext, NO_CONTEXT } from './detect/column-context.ts';
import { isListedName } from './detect/find-names.ts';
import { scanText } from './detect/scan-text.ts';
import { alphabetDisguise } from './disguise/column-alphabet.ts';
import { affineDisguise, rearrangedDisguise } from './disguise/column-disguises.ts';
import { scanDisguised } from './disguise/scan-disguised.ts';
import { splitNumbers } from './disguise/split-columns.ts';
import { wordDisguise } from './disguise/word-alphabet.ts';
import type { IdentifierFind } from './identifier-kind.ts';

export type Cells = readonly (string | null)[];

/** A column of a table to look through. */
export interface DetectedColumn {
  readonly name: string;
  readonly cells: Cells;
  /** Figures computed over many: only what a check digit or the whole column proves counts there. */
  readonly isFigure?: boolean;
}

/** One kind found in one cell. Never holds the cell. */
export interface TableFind extends IdentifierFind {
  /** From 1; 0 is the header. */
  readonly row: number;
  /** Place of the column, from 0. */
  readonly column: number;
}

/** A column of words in which fewer than a tenth could be names is no column of names. */
const LEAST_NAMES = 0.1;
const LEAST_WORDS = 20;
const HAN_WORD = /^\p{Script=Han}{2,4}$/u;
const SAMPLE = 2000;
/** Forms that other numbers are put into. */
const LAYOUTS: ReadonlySet<string> = new Set(['ip', 'coordinate']);
const VERTICAL_ROWS = 5000;

type CellFinds = readonly IdentifierFind[];

const EMPTY: CellFinds = [];

/**
 * All identifiers in the header and the cells of a table: open ones, encoded ones, those that only a whole column shows, and numbers split over
 * columns or written down a column. `firstRow` is the number of the first row, from 1; rows are judged as one piece, so that
 * tables in pieces are seen piece by piece. Time is linear in the cells. Gives no values.
 * Source: requirements.md §10.2 (M); formats.md, "detect".
 */
export function detectTable(columns: readonly DetectedColumn[], firstRow = 1): readonly TableFind[] {
  const finds: TableFind[] = firstRow === 1 ? [...detectHeader(columns.map((column) => column.name))] : [];
  const found = columns.map((column, place) => detectColumn(column, place, firstRow));
  for (const list of found) for (const find of list) finds.push(find);
  const open = columns
    .map((column, place) => ({ column, place }))
    .filter(({ column, place }) => (found[place]?.length ?? 0) < column.cells.length / 2);
  for (const split of splitNumbers(open.map(({ column }) => column.cells))) {
    const places = split.columns.map((at) => open[at]?.place ?? 0);
    const evidence = split.kind === 'residentId' ? ('checksum' as const) : ('format' as const);
    const rows = columns[places[0] ?? 0]?.cells.length ?? 0;
    for (let row = 0; row < rows; row += 1) {
      for (const column of places) finds.push({ kind: split.kind, evidence, disguise: 'split over columns', row: firstRow + row, column });
    }
  }
  return finds;
}

/** Identifiers in the names of columns, each by itself and all together. Row 0. */
export function detectHeader(names: readonly string[]): readonly TableFind[] {
  const finds: TableFind[] = [];
  for (const [column, name] of names.entries()) {
    const spaced = scanBoth(name.replaceAll('_', ' '), NO_CONTEXT);
    const own = spaced.length > 0 ? spaced : scanBoth(name, NO_CONTEXT);
    for (const find of own) if (find.kind !== 'name' || (isListedName(name) && name.length > 2)) finds.push({ ...find, row: 0, column });
  }
  if (finds.length > 0 || names.length < 2) return finds;
  for (const joined of [names.join(''), names.map((name) => name.replaceAll(/[^0-9X]/g, '')).join('')]) {
    for (const find of scanText(joined)) {
      if (find.evidence === 'checksum' || (find.kind === 'mobile' && joined.length <= 4 * names.length)) {
        return names.map((_, column) => ({ ...find, disguise: 'split over names', row: 0, column }));
      }
    }
  }
  return finds;
}

function scanBoth(text: string, context: ColumnContext): CellFinds {
  const open = scanText(text, context);
  if (open.length > 0) return open;
  const hidden = scanDisguised(text);
  return hidden.length > 0 ? hidden : EMPTY;
}

function detectColumn(column: DetectedColumn, place: number, firstRow: number): readonly TableFind[] {
  const context = columnContext(column.name);
  const isFigure = column.isFigure === true && context.size === 0;
  const { hits, sample, areNames } = scanCells(column.cells, context);
  const finds: TableFind[] = [];
  for (const [index, own] of hits) {
    for (const find of own) if (counts(find, isFigure, areNames)) finds.push({ ...find, row: firstRow + index, column: place });
  }
  // Among many disguised numbers some look like open ones of another kind.
  const open = [...hits.values()].filter((own) => own.some((find) => !LAYOUTS.has(find.kind))).length;
  const whole = open < column.cells.length * 0.9 ? wholeColumn(column.cells, sample, place, firstRow) : [];
  return whole.length > 0 ? [...finds, ...whole] : finds;
}

/** A figure over many is often an eleven-digit number; only check digits tell it from an identifier. */
function counts(find: IdentifierFind, isFigure: boolean, areNames: boolean): boolean {
  if (isFigure && find.kind !== 'residentId' && find.kind !== 'uscc') return false;
  if (isFigure && find.evidence !== 'checksum') return false;
  return find.kind !== 'name' || find.evidence !== 'dictionary' || areNames;
}

interface ColumnScan {
  /** By row, from 0; rows without any are left out. */
  readonly hits: ReadonlyMap<number, CellFinds>;
  /** The first distinct cells. */
  readonly sample: readonly string[];
  readonly areNames: boolean;
}

function scanCells(cells: Cells, context: ColumnContext): ColumnScan {
  const known = new Map<string, CellFinds>();
  const hits = new Map<number, CellFinds>();
  let [words, names, repeated] = [0, 0, 0];
  for (const [index, cell] of cells.entries()) {
    if (cell === null || cell === '') continue;
    // Where nearly every cell is another, remembering them costs more than reading them again.
    const isRemembered = known.size < SAMPLE || repeated * 4 > index;
    const before = isRemembered ? known.get(cell) : undefined;
    const found = before ?? scanBoth(cell, context);
    if (found.length > 0) hits.set(index, found);
    if (before !== undefined) {
      repeated += 1;
      continue;
    }
    if (isRemembered) known.set(cell, found);
    if (cell.length <= 4 && HAN_WORD.test(cell)) {
      words += 1;
      if (found.some((find) => find.kind === 'name')) names += 1;
    }
  }
  const areNames = context.has('name') || words < LEAST_WORDS || names >= LEAST_NAMES * words;
  return { hits, sample: [...known.keys()].slice(0, SAMPLE), areNames };
}

function wholeColumn(cells: Cells, distinct: readonly string[], place: number, firstRow: number): readonly TableFind[] {
  // One factor for the whole column says more than a window in which numbers happen to look right.
  const agreed = affineDisguise(distinct) ?? rearrangedDisguise(distinct) ?? alphabetDisguise(distinct) ?? wordDisguise(distinct);
  if (agreed !== null) {
    const evidence = agreed.kind === 'residentId' ? ('checksum' as const) : ('format' as const);
    return cells.flatMap((cell, index) =>
      cell === null || cell === '' ? [] : [{ ...agreed, evidence, row: firstRow + index, column: place }],
    );
  }
  return vertical(cells, place, firstRow);
}

/** One sign per row, read downwards: two ids one after the other, or several mobile numbers at equal distance. */
function vertical(cells: Cells, place: number, firstRow: number): readonly TableFind[] {
  const signs = cells.slice(0, VERTICAL_ROWS).map((cell) => (cell ?? '').trim());
  if (signs.length < 22 || !signs.every((sign) => /^[0-9Xx]$/.test(sign))) return [];
  const column = signs.join('');
  for (const text of [column, [...column].reverse().join('')]) {
    for (const [width, least, kind] of [
      [18, 1, 'residentId'],
      [11, 2, 'mobile'],
    ] as const) {
      const parts = text.match(new RegExp(`.{${width}}`, 'g')) ?? [];
      const isAll = parts.length >= least && parts.every((part) => scanText(part).some((find) => find.kind === kind));
      if (isAll)
        return signs.map((_, index) => ({
          kind,
          evidence: kind === 'mobile' ? 'format' : 'checksum',
          disguise: 'down the column',
          row: firstRow + index,
          column: place,
        }));
    }
  }
  return [];
}
