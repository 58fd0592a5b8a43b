import type { AssessedCell } from '../egress/assessed.ts';
import { constantMultiple, timesConstant } from '../egress/ledger/constant-multiple.ts';
import { compareDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import type { GateProgram, Probe } from '../sandbox/sql/model/program.ts';
import { termName } from './execute-gate.ts';
import { type FigurePlace, LINEAR } from './ledger-port.ts';
import { cellName } from './read-evidence.ts';
import type { GateSketches } from './take-sketches.ts';

/** Columns that a product may have; the language knows no longer ones. */
const MOST_FACTORS = 3;
/** Products that are told to the ledger beside one figure. */
const MOST_PRODUCTS = 12;
/** Digits behind the point that a total may have. */
const MOST_SCALE = 38;

/** A column of which all rows of a piece of a cell, or nearly all, have the same. */
interface Known {
  readonly probe: Probe;
  readonly value: Decimal;
}

/**
 * What a reader makes of the counts and sums of a cell by multiplying: with the numbers of the columns that keys and
 * conditions read, where all rows of the cell have the same. The labels may not say so: that a bin of a thousand holds
 * multiples of a thousand is not in the text, and whoever knows the subject knows it.
 *
 * @param told  the counts and sums that the cell tells.
 * @param k     units that may have something else.
 * Source: ADR 0040.
 */
export function impliedFigures(
  program: GateProgram,
  cell: AssessedCell,
  sketches: GateSketches,
  told: readonly FigurePlace[],
  k: number,
): readonly FigurePlace[] {
  const name = cellName(cell.key);
  const known = (program.probes ?? []).flatMap((probe): readonly Known[] => {
    const value = constantIn(sketches(name, probe.sum), sketches(name, probe.rows), k);
    return value === null ? [] : [{ probe, value }];
  });
  if (known.length === 0) return [];
  return told.flatMap((place) => {
    const model = place.term === null ? undefined : program.terms[place.term];
    if (model === undefined || place.figure.namespace !== LINEAR || place.figure.total === null) return [];
    const factors = model.kind === 'value' ? Math.max(1, model.factors.length) : 0;
    const own = known.filter(({ probe }) => (probe.piece === null || probe.piece === model.piece) && !(probe.isDate && factors > 0));
    return productsOf(program, own, MOST_FACTORS - factors).flatMap((product) => times(place, model.kind === 'value', product));
  });
}

type Instances = ReturnType<GateSketches>;

/** The same in every instance of a unit that has rows. */
function constantIn(sums: Instances, rows: Instances, k: number): Decimal | null {
  const found = rows.flatMap(({ sketch }, index) => {
    const sum = sums[index]?.sketch;
    if (sum === undefined || sketch.totals.digits.every((digits) => digits === 0n)) return [];
    return [constantMultiple(sum, sketch, k)];
  });
  const [first] = found;
  if (first === undefined || first === null) return null;
  return found.every((value) => value !== null && compareDecimals(value, first) === 0) ? first : null;
}

interface Product {
  readonly value: Decimal;
  readonly families: readonly string[];
  readonly text: string;
}

/** Products of so many columns, each as often as it likes; years and days stand alone. */
function productsOf(program: GateProgram, known: readonly Known[], most: number): readonly Product[] {
  const found: Product[] = [];
  const grow = (before: Product, from: number, factors: number): void => {
    for (const [index, { probe, value }] of known.entries()) {
      if (index < from || factors >= most || (probe.isDate && factors > 0)) continue;
      const product: Product = {
        value: multiplyDecimals(before.value, value),
        families: [...before.families, probe.family],
        text: `${before.text} × ${termName(program, probe.sum)}`,
      };
      found.push(product);
      if (!probe.isDate) grow(product, index, factors + 1);
    }
  };
  grow({ value: integer(1), families: [], text: '' }, 0, 0);
  return found.filter(({ value }) => value.digits !== 0n).slice(0, MOST_PRODUCTS);
}

function times(place: FigurePlace, isSum: boolean, { value, families, text }: Product): readonly FigurePlace[] {
  const { figure } = place;
  if (figure.total === null || figure.sketches.some(({ sketch }) => sketch.totals.scale + value.scale > MOST_SCALE)) return [];
  const own = isSum ? figure.family.split(', ') : [];
  return [
    {
      ...place,
      figure: {
        ...figure,
        isImplied: true,
        term: `${figure.term}${text}`,
        family: [...new Set([...own, ...families])].sort().join(', '),
        total: multiplyDecimals(figure.total, value),
        isMagnitude: true,
        sketches: figure.sketches.map(({ unitType, sketch }) => ({ unitType, sketch: timesConstant(sketch, value) })),
      },
    },
  ];
}
