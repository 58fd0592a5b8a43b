import type { RealData, Row } from '../real-data.ts';
import { recompute } from './contributions.ts';
import { equal } from './equal.ts';
import type { OracleInput } from './oracle-input.ts';
import type { Recomputed, RecomputedCell, Share, UnitShares } from './recomputed.ts';
import type { AnsweredText } from './released.ts';
import { componentsReader } from './run-shape.ts';
import { overTagged } from './tagged-tables.ts';

type Apart = NonNullable<AnsweredText['apart']>;

/** Where a component of the main text is told: at this place of the other one. */
interface Place {
  readonly component: number;
  readonly elsewhere: number;
}

/**
 * The cells of a text with the columns, and the divisors of averages, that another text gives: their figures and who stands
 * behind them. Null where the texts do not fit one another: then nothing explains the figures.
 *
 * @param positions  of the released columns, by name.
 */
export async function withToldApart(
  main: Recomputed,
  apart: Apart,
  positions: ReadonlyMap<string, number>,
  input: OracleInput,
): Promise<Recomputed | null> {
  const other = await recompute(apart.sql, input.catalog, input.data);
  if (other === null || main.shape.keys.length !== other.shape.keys.length) return null;
  const [own, theirs] = [await totalsOf(main, input.data), await totalsOf(other, input.data)];
  const found = main.cells.map((cell): RecomputedCell | null => {
    const beside = other.cells.find((item) => item.labels.every((value, index) => equal(value, cell.labels[index])));
    if (beside === undefined) return cell;
    const outputs = [...cell.outputs];
    const places: Place[] = [];
    for (const [index, name] of apart.columns.entries()) {
      const position = positions.get(name);
      const elsewhere = other.shape.keys.length + index;
      if (position === undefined) return null;
      const isDivisor = apart.divisors.includes(name);
      const mapped = placesOf(main, position, other, elsewhere, isDivisor);
      if (mapped === null) return null;
      places.push(...mapped);
      outputs[position] = isDivisor
        ? quotient(main, position, own.get(nameOf(cell)), theirs.get(nameOf(beside)), mapped)
        : (beside.outputs[elsewhere] ?? null);
    }
    const shares = sharesWith(cell.shares, beside.shares, places);
    return shares === null ? null : { ...cell, outputs, shares };
  });
  const cells = found.filter((cell): cell is RecomputedCell => cell !== null);
  return cells.length < found.length ? null : { ...main, cells };
}

function nameOf(cell: RecomputedCell): string {
  return JSON.stringify(cell.labels);
}

function totalsOf(recomputed: Recomputed, data: RealData): Promise<ReadonlyMap<string, Row>> {
  return overTagged(data, async () => (await componentsReader(recomputed.shape, data))());
}

/** The components of a column in both texts, in their order: all of them, or the one number of an average. */
function placesOf(main: Recomputed, position: number, other: Recomputed, elsewhere: number, isDivisor: boolean): readonly Place[] | null {
  const of = ({ shape }: Recomputed, output: number): readonly number[] =>
    shape.components.flatMap((item, index) => (item.output === output && (!isDivisor || item.kind === 'count') ? [index] : []));
  const [here, there] = [of(main, position), of(other, elsewhere)];
  if (here.length === 0 || here.length !== there.length || (isDivisor && here.length !== 1)) return null;
  return here.map((component, index) => ({ component, elsewhere: there[index] ?? -1 }));
}

/** The sum of the one text over the number of the other. */
function quotient(
  main: Recomputed,
  position: number,
  own: Row | undefined,
  theirs: Row | undefined,
  [place]: readonly Place[],
): number | null {
  const sum = main.shape.components.findIndex((item) => item.output === position && item.kind === 'sum');
  const [over, under] = [own?.[sum], theirs?.[place?.elsewhere ?? -1]];
  return over === null || over === undefined || under === undefined || Number(under) === 0 ? null : Number(over) / Number(under);
}

/** The shares of everybody in either text. Null where the texts have other units, or other instances of them. */
function sharesWith(own: readonly UnitShares[], theirs: readonly UnitShares[], places: readonly Place[]): readonly UnitShares[] | null {
  if (own.length !== theirs.length || own.some(({ unitType }, index) => unitType !== theirs[index]?.unitType)) return null;
  return own.map((shares, index): UnitShares => {
    const others = theirs[index];
    const told = new Map((others?.units ?? []).map((unit) => [unit.unit, unit]));
    const names = new Set([...shares.units.map(({ unit }) => unit), ...told.keys()]);
    const known = new Map(shares.units.map((unit) => [unit.unit, unit]));
    const length = shares.units[0]?.values.length ?? 0;
    const units = [...names].map((unit): Share => {
      const values = [...(known.get(unit)?.values ?? Array.from({ length }, () => 0))];
      for (const { component, elsewhere } of places) values[component] = told.get(unit)?.values[elsewhere] ?? 0;
      return { unit, values };
    });
    const totals = shares.totals === null ? null : [...shares.totals];
    if (totals !== null)
      for (const { component, elsewhere } of places) totals[component] = others?.totals?.[elsewhere] ?? totals[component] ?? 0;
    return { ...shares, units, totals };
  });
}
