import { lineShare, numberOf } from './numeric-inverses.ts';
import { byShare, distinctOf, type ProtectedColumn, type ReversibilityFinding, type TestedColumn } from './tested-table.ts';
import { plain, readingsOf } from './text-readings.ts';

const MOST_TEXTS = 300;
const LEAST_DISTINCT = 20;
/** Originals that repeat less than this are telling: a few grades or sexes occur in any table. */
const LEAST_SPREAD = 0.5;

/**
 * What shows of identifiers without knowing which row is which: released texts that are original ones, open or in a known encoding, and
 * numbers that, sorted, stand on one line over the sorted originals. For tables that were sorted or shuffled. An attribute that moved to
 * other people is not restored by this (the raw match of a release looks at its values): only columns declared to be identifiers, of at
 * least twenty values of which most occur once, are looked at. No functions other than lines.
 * Source: models-and-audit.md M32 b; egress-rules.md §3 (raw match).
 */
export function anyOrder(released: TestedColumn, original: ProtectedColumn): readonly ReversibilityFinding[] {
  if (original.kind === undefined || original.kind === 'date') return [];
  const [own, known] = [present(released), present(original)];
  const distinct = distinctOf(known);
  if (distinct < LEAST_DISTINCT || distinct < LEAST_SPREAD * known.length || distinctOf(own) < LEAST_DISTINCT) return [];
  const about = { column: released.name, original: original.name };
  const text = bestReading(own, known);
  const line = sortedLine(own, known);
  return [
    { ...about, test: `${text.way} (any order)`, result: byShare(text.share), value: text.share },
    ...(line === null ? [] : [{ ...about, test: 'affine (any order)', result: byShare(line), value: line }]),
  ];
}

function present(column: TestedColumn): readonly string[] {
  return column.cells.filter((cell) => cell !== null && cell !== '') as readonly string[];
}

function bestReading(own: readonly string[], known: readonly string[]): { readonly way: string; readonly share: number } {
  const wanted = new Set(known.map(plain));
  const texts = [...new Set(own)].slice(0, MOST_TEXTS);
  const ways = new Map<string, number>();
  for (const text of texts) {
    const hits = new Set([
      ...(wanted.has(plain(text)) ? ['identity'] : []),
      ...[...readingsOf(text)].flatMap(([read, way]) => (wanted.has(plain(read)) ? [way] : [])),
    ]);
    for (const way of hits) ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const [best] = [...ways].toSorted((one, other) => other[1] - one[1]);
  return best === undefined ? { way: 'identity', share: 0 } : { way: best[0], share: best[1] / texts.length };
}

/** Share of the sorted numbers on a rising or falling line over the sorted originals; null where the columns are no numbers of one length. */
function sortedLine(own: readonly string[], known: readonly string[]): number | null {
  const [left, right] = [sortedNumbers(own), sortedNumbers(known)];
  if (left === null || right === null || left.length !== right.length) return null;
  const over = (values: readonly number[]): number => lineShare(values.map((value, at) => [value, right[at] ?? 0] as const));
  return Math.max(over(left), over(left.toReversed()));
}

function sortedNumbers(texts: readonly string[]): readonly number[] | null {
  const numbers = texts.flatMap((text) => numberOf(text) ?? []);
  return numbers.length === texts.length ? numbers.toSorted((one, other) => one - other) : null;
}
