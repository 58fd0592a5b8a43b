import { timesConstant } from '../egress/ledger/constant-multiple.ts';
import { combineSketches, type Sketch } from '../egress/ledger/sketch.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals, parseDecimal } from '../kernel/decimal.ts';
import type { GateOutput } from '../sandbox/sql/model/program.ts';
import { type FigurePlace, LINEAR, type RowFigure } from './ledger-port.ts';

/** Digits behind the point that a total may have. */
const MOST_SCALE = 38;

/**
 * What a reader sees of columns that are made of several counts and sums: `sum(CASE WHEN a < 500 THEN a ELSE b END)` is two sums, each of
 * which may stand, and together they may be `sum(a)` but for one person. Columns whose factors leave no exact total are left out.
 *
 * @param columns  released columns with their numbers and families.
 * @param told     the counts and sums that the cell tells.
 * Source: gate.md §7 (snap), ADR 0014. Does not look at averages of different numbers of rows, which no sum tells.
 */
export function composedFigures(
  columns: readonly { readonly output: GateOutput; readonly index: number; readonly family: string }[],
  told: readonly FigurePlace[],
): readonly FigurePlace[] {
  const byTerm = new Map(
    told.flatMap(({ term, figure }) => (term === null || figure.namespace !== LINEAR ? [] : [[term, figure] as const])),
  );
  const found = new Map<string, RowFigure>();
  for (const { output, index, family } of columns) {
    const { functional } = output;
    if (functional.kind !== 'sum' && functional.kind !== 'avg' && functional.kind !== 'count') continue;
    const shares = functional.parts.flatMap((part): readonly Share[] => {
      const figure = byTerm.get(part.term);
      const factor = parseDecimal('factor' in part ? String(part.factor) : '1');
      return figure === undefined || factor === undefined ? [] : [{ figure, factor }];
    });
    if (shares.length < 2) continue;
    const figure = composed(shares, family, index);
    if (figure === undefined) continue;
    const known = found.get(figure.term);
    found.set(figure.term, { ...figure, outputs: [...new Set([...(known?.outputs ?? []), index])] });
  }
  return [...found.values()].map((figure) => ({ figure, outputs: figure.outputs, term: null }));
}

/** Of lanes alone it is not known which buckets cancel out: all are taken to be in use, as where columns have nothing to do with one another. */
function asEntry(shares: Parameters<typeof combineSketches>[0]): Sketch {
  const sketch = combineSketches(shares);
  return sketch.fine === null ? { ...sketch, sure: sketch.mask } : sketch;
}

interface Share {
  readonly figure: RowFigure;
  readonly factor: Decimal;
}

/** Undefined where its instances differ or a scale would grow too large. */
function composed(shares: readonly Share[], family: string, index: number): RowFigure | undefined {
  const [first] = shares;
  if (first === undefined || shares.some(({ figure }) => figure.total === null)) return undefined;
  const types = first.figure.sketches.map(({ unitType }) => unitType).join();
  if (shares.some(({ figure }) => figure.sketches.map(({ unitType }) => unitType).join() !== types)) return undefined;
  const scales = shares.flatMap(({ figure, factor }) => figure.sketches.map(({ sketch }) => sketch.totals.scale + factor.scale));
  if (Math.max(...scales) > MOST_SCALE) return undefined;
  const sketches = first.figure.sketches.map(({ unitType }, instance) => ({
    unitType,
    sketch: asEntry(
      shares.flatMap(({ figure, factor }): readonly { readonly sketch: Sketch; readonly coefficient: number }[] => {
        const own = figure.sketches[instance]?.sketch;
        return own === undefined ? [] : [{ sketch: timesConstant(own, factor), coefficient: 1 }];
      }),
    ),
  }));
  return {
    term: `column of ${shares.map(({ figure, factor }) => `${factor.digits}/${factor.scale} × ${figure.term}`).join(' + ')}`,
    namespace: LINEAR,
    family,
    total: shares.reduce<Decimal>(
      (sum, { figure, factor }) => addDecimals(sum, multiplyDecimals(figure.total ?? integer(0), factor)),
      integer(0),
    ),
    value: null,
    isMagnitude: shares.some(({ figure }) => figure.isMagnitude),
    isOneSigned: false,
    units: Math.min(...shares.map(({ figure }) => figure.units)),
    outputs: [index],
    sketches,
    isImplied: true,
    isComposed: true,
  };
}
