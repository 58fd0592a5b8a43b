import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { addDecimals, type Decimal } from '../../kernel/decimal.ts';
import type { KeyValue } from '../executed.ts';
import { weighPair } from './difference.ts';
import type { LedgerSnapshot, NewEntry } from './settle.ts';
import { combineSketches, differingUnits, type Sketch } from './sketch.ts';
import type { LedgerFigure, LedgerRow, LedgerVerdict } from './statement.ts';

/** Above so many keys only single ones and none are rolled up: a reader adds up the rest as well, but a gate has few. */
const MOST_KEYS = 3;

/** Figures of one gate that a reader can add up: those of all rows that share some labels. */
interface Group {
  readonly gate: string;
  readonly labels: readonly KeyValue[];
  readonly term: string;
  readonly family: string;
  readonly parts: Part[];
}

interface Part {
  readonly row: number;
  readonly figure: number;
}

/** Every sum of kept figures over the rows of a gate that share the labels of some of its keys, two parts or more. */
function groupsOf(rows: readonly LedgerRow[], verdicts: readonly (readonly LedgerVerdict[])[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [row, { gate, keys, labels, figures }] of rows.entries()) {
    for (const chosen of subsetsOf(keys.length)) {
      const shared = chosen.map((key) => [keys[key] ?? '', labels[key] ?? null] as const);
      for (const [at, figure] of figures.entries()) {
        if (figure.namespace !== 'linear' || verdicts[row]?.[at]?.kind !== 'keep') continue;
        const name = JSON.stringify([gate, shared, figure.term]);
        const group = groups.get(name) ?? {
          gate,
          labels: shared.map(([, label]) => label),
          term: figure.term,
          family: figure.family,
          parts: [],
        };
        group.parts.push({ row, figure: at });
        groups.set(name, group);
      }
    }
  }
  return [...groups.values()].filter((group) => group.parts.length > 1);
}

/** Proper subsets of the keys, smallest first. */
function subsetsOf(keys: number): readonly (readonly number[])[] {
  if (keys === 0) return [];
  if (keys > MOST_KEYS) return [[], ...Array.from({ length: keys }, (_, key) => [key])];
  const found: number[][] = [];
  for (let bits = 0; bits < 2 ** keys - 1; bits++)
    found.push(Array.from({ length: keys }, (_, key) => key).filter((key) => (bits >> key) & 1));
  return found.sort((a, b) => a.length - b.length);
}

function figureAt(rows: readonly LedgerRow[], part: Part): LedgerFigure {
  const found = rows[part.row]?.figures[part.figure];
  if (found === undefined) throw new Error('A part without its figure');
  return found;
}

/** The sum of the parts, for each unit instance. */
function sumOf(rows: readonly LedgerRow[], parts: readonly Part[]): readonly { readonly unitType: string; readonly sketch: Sketch }[] {
  const figures = parts.map((part) => figureAt(rows, part));
  return (figures[0]?.sketches ?? []).map(({ unitType }, instance) => {
    const shares = figures.flatMap((figure) => {
      const sketch = figure.sketches[instance]?.sketch;
      return sketch === undefined ? [] : [{ sketch, coefficient: 1 }];
    });
    return { unitType, sketch: combineSketches(shares) };
  });
}

/**
 * Holds every sum that a reader can form of the kept figures against the totals that are out, or go out with them: what
 * is missing between the two must be nobody's or at least k units', and not mostly one unit's. Otherwise the part with
 * the fewest units goes, ties by label, and it is asked again. Changes `verdicts`.
 * Source: gate.md §7 (complements), gate-examples.md D7, D19.
 */
export function withholdSmallRests(
  rows: readonly LedgerRow[],
  verdicts: LedgerVerdict[][],
  snapshot: LedgerSnapshot,
  policy: DisclosurePolicy,
): void {
  for (const group of groupsOf(rows, verdicts)) {
    const parts = [...group.parts].sort((a, b) => compareParts(rows, a, b));
    const isOut = (part: Part): boolean => verdicts[part.row]?.[part.figure]?.kind === 'keep';
    while (parts.filter(isOut).length > 1 && leavesSmallRest(rows, verdicts, group, parts.filter(isOut), snapshot, policy)) {
      const smallest = parts.find(isOut);
      if (smallest === undefined) break;
      const reason = {
        rule: 'ledger.complement',
        text: 'the parts beside it and a total leave fewer than k units',
        counted: null,
      } as const;
      (verdicts[smallest.row] ?? [])[smallest.figure] = { kind: 'withhold', reason };
    }
  }
}

function compareParts(rows: readonly LedgerRow[], a: Part, b: Part): number {
  const size = figureAt(rows, a).units - figureAt(rows, b).units;
  if (size !== 0) return size;
  return JSON.stringify(rows[a.row]?.labels) < JSON.stringify(rows[b.row]?.labels) ? -1 : 1;
}

function leavesSmallRest(
  rows: readonly LedgerRow[],
  verdicts: readonly (readonly LedgerVerdict[])[],
  group: Group,
  parts: readonly Part[],
  snapshot: LedgerSnapshot,
  policy: DisclosurePolicy,
): boolean {
  const beside = totalsBeside(rows, verdicts, group);
  return sumOf(rows, parts).some(({ unitType, sketch }) => {
    const totals = [
      ...snapshot.near(unitType, 'linear', sketch, policy.k).map((item) => item.sketch),
      ...snapshot.basis(unitType, group.family).map((item) => item.sketch),
      ...beside.flatMap((figure) => figure.sketches.filter((item) => item.unitType === unitType).map((item) => item.sketch)),
    ];
    return totals.some((total) => {
      if (differingUnits(total, sketch) === 0) return false;
      return weighPair(total, sketch, policy, { isMagnitude: true, signs: 'mixed' }).verdict !== 'far';
    });
  });
}

/** Kept figures of the same columns in other gates of the statement with fewer keys. */
function totalsBeside(rows: readonly LedgerRow[], verdicts: readonly (readonly LedgerVerdict[])[], group: Group): readonly LedgerFigure[] {
  return rows.flatMap((row, index) =>
    row.gate === group.gate
      ? []
      : row.figures.filter((figure, at) => figure.family === group.family && verdicts[index]?.[at]?.kind === 'keep'),
  );
}

/**
 * What a reader adds up himself, as entries: whoever asks for nearly the same later is answered by it.
 * Source: gate.md §7 (every roll-up the reader can compute is an entry).
 */
export function rollUps(rows: readonly LedgerRow[], verdicts: readonly (readonly LedgerVerdict[])[]): readonly NewEntry[] {
  const found: NewEntry[] = [];
  for (const group of groupsOf(rows, verdicts)) {
    const [first] = group.parts;
    if (first === undefined) continue;
    const figures = group.parts.map((part) => figureAt(rows, part));
    const total = figures.reduce<Decimal | null>(
      (sum, figure) => (sum === null || figure.total === null ? null : addDecimals(sum, figure.total)),
      { digits: 0n, scale: 0 },
    );
    const sketches = sumOf(rows, group.parts).map(({ unitType, sketch }) => ({ unitType, sketch: { ...sketch, mask: sketch.sure } }));
    const figure: LedgerFigure = { ...figureAt(rows, first), total, units: figures.reduce((sum, item) => sum + item.units, 0), sketches };
    found.push({ row: null, figure, labels: group.labels, gate: group.gate, answered: rows[first.row]?.answered ?? '' });
  }
  return found;
}
