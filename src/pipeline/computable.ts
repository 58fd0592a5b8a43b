import { combineSketches } from '../egress/ledger/sketch.ts';
import { addDecimals, type Decimal, integer } from '../kernel/decimal.ts';
import { type LedgerRow, LINEAR, type NewEntry, type RowFigure } from './ledger-port.ts';

/** With more keys than this only single ones and none are rolled up. */
const MOST_KEYS = 3;

interface Group {
  readonly gate: string;
  readonly labels: LedgerRow['labels'];
  readonly answered: string;
  readonly figures: RowFigure[];
}

/**
 * What a reader adds up himself: of the figures of a gate that are kept, the sums over all rows that share some labels.
 * As entries of the ledger: whoever asks for nearly the same later is answered by them. Sums of one figure are none.
 * Source: gate.md §7 (every roll-up the reader can compute is an entry).
 */
export function rollUps(rows: readonly LedgerRow[], isKept: (row: number, figure: number) => boolean): readonly NewEntry[] {
  const groups = new Map<string, Group>();
  for (const [index, { gate, keys, labels, answered, figures }] of rows.entries()) {
    for (const chosen of subsetsOf(keys.length)) {
      const shared = chosen.map((key) => labels[key] ?? null);
      for (const [at, figure] of figures.entries()) {
        if (figure.namespace !== LINEAR || !isKept(index, at)) continue;
        const name = JSON.stringify([gate, chosen, shared, figure.term]);
        const group = groups.get(name) ?? { gate, labels: shared, answered, figures: [] };
        group.figures.push(figure);
        groups.set(name, group);
      }
    }
  }
  return [...groups.values()].flatMap(({ gate, labels, answered, figures }): readonly NewEntry[] => {
    const figure = figures.length < 2 ? undefined : sumOf(figures);
    return figure === undefined ? [] : [{ row: null, figure, gate, labels, answered }];
  });
}

function sumOf(figures: readonly RowFigure[]): RowFigure | undefined {
  const [first] = figures;
  if (first === undefined || figures.some((figure) => figure.total === null)) return undefined;
  const total = figures.reduce<Decimal>((sum, figure) => addDecimals(sum, figure.total ?? integer(0)), integer(0));
  const sketches = first.sketches.map(({ unitType }, instance) => {
    const shares = figures.flatMap((figure) => {
      const sketch = figure.sketches[instance]?.sketch;
      return sketch === undefined ? [] : [{ sketch, coefficient: 1 }];
    });
    return { unitType, sketch: combineSketches(shares) };
  });
  return { ...first, total, sketches, units: Math.max(...figures.map((figure) => figure.units)) };
}

/** Proper subsets of the keys. */
function subsetsOf(keys: number): readonly (readonly number[])[] {
  const all = Array.from({ length: keys }, (_, key) => key);
  if (keys === 0) return [];
  if (keys > MOST_KEYS) return [[], ...all.map((key) => [key])];
  return Array.from({ length: 2 ** keys - 1 }, (_, bits) => all.filter((key) => ((bits >> key) & 1) === 1));
}
