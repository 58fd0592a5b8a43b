import { type Decimal, integer } from '../../kernel/decimal.ts';
import type { Cell } from '../../sandbox/enclave/port.ts';
import type { Variant } from '../../sandbox/sql/statements/relation.ts';
import {
  COUPLE_COLUMNS,
  type Couple,
  type Product,
  productsOf,
  productsStatement,
  type SumName,
  shareNames,
  sumNames,
} from '../../sandbox/sql/statements/special/products-statement.ts';
import type { SpecialContext } from './context.ts';
import type { CoupleSums } from './pair-figures.ts';
import { asCount, asDecimal, asDecimals, asList, specialRows } from './read-special.ts';

/** One couple in one cell, as one unit instance sees it. */
export interface CoupleCell extends CoupleSums {
  /** Sums over the rows with a unit. */
  readonly owned: CoupleSums['sums'];
  readonly units: number;
  readonly tops: ReadonlyMap<Product, readonly CoupleSums['sums'][]>;
}

export type CoupleCells = ReadonlyMap<string, CoupleCell>;

/** Runs the statement and reads it: by couple, then by cell. Cells whose figures are too far apart to be multiplied are missing. */
export async function couplePass(
  context: SpecialContext,
  unit: number | null,
  level: 'bucket' | 'unit',
  variant: Variant,
  couples: readonly Couple[],
): Promise<readonly CoupleCells[]> {
  const { program } = context;
  const width = couples.reduce((sum, couple) => sum + COUPLE_COLUMNS + productsOf(couple).length, 0);
  const rows = specialRows(program, await context.run(productsStatement(program, unit, level, variant, couples)), width);
  let start = 0;
  return couples.map((couple) => {
    const from = start;
    start += COUPLE_COLUMNS + productsOf(couple).length;
    const cells = [...rows].flatMap(([name, row]): readonly [string, CoupleCell][] => {
      const cell = readCouple(couple, row.values.slice(from, start));
      return cell === undefined ? [] : [[name, cell]];
    });
    return new Map(cells);
  });
}

function readCouple(couple: Couple, values: readonly Cell[]): CoupleCell | undefined {
  const [centreX, centreY] = [asDecimal(values[0]), asDecimal(values[1])];
  if (centreX === null) return undefined;
  const names = sumNames(couple);
  const tops = productsOf(couple).map((product, index): [Product, readonly CoupleSums['sums'][]] => {
    const list = asList(values[COUPLE_COLUMNS + index]);
    return [product, list.map((share) => named(shareNames(product), asDecimals(share, shareNames(product).length)))];
  });
  return {
    centreX,
    centreY: centreY ?? integer(0),
    sums: named(names, asDecimals(values[2], names.length)),
    owned: named(names, asDecimals(values[3], names.length)),
    units: asCount(values[4]),
    tops: new Map(tops),
  };
}

function named(names: readonly SumName[], values: readonly (Decimal | null)[]): CoupleSums['sums'] {
  return new Map(names.map((name, index) => [name, values[index] ?? integer(0)]));
}
