import type { Catalog } from '../case-file.ts';
import { quoteName, type RealData, type Row } from '../real-data.ts';
import type { Shape } from './read-query.ts';
import type { Recomputed, Share } from './recomputed.ts';
import { componentsReader } from './run-shape.ts';
import { tablesOf } from './syntax.ts';
import { tag } from './tag-relations.ts';
import { withoutUnit } from './tagged-tables.ts';

/** Most units that are taken out one by one. */
const MAX_REMOVED = 2500;
/** Units whose shares are looked at twice. */
const SAMPLED = 6;

/**
 * Every unit is taken out of the data in turn, and what its absence changes is its share. Right for whatever the query does
 * with it, and slow; null where there are too many units.
 */
export async function removing(
  shape: Shape,
  unitType: string,
  catalog: Catalog,
  data: RealData,
): Promise<ReadonlyMap<string, readonly Share[]> | null> {
  const read = await componentsReader(shape, data);
  const whole = await read();
  const units = await unitsOf(shape, unitType, catalog, data);
  if (units.length > MAX_REMOVED) return null;
  const shares = new Map([...whole.keys()].map((name) => [name, [] as Share[]]));
  for (const unit of units) {
    const moved = await movedWithout(unitType, unit, { whole, read }, data);
    for (const [name, values] of moved) shares.get(name)?.push({ unit, values });
  }
  return shares;
}

/** Whether the shares of some units are what the cells lose without them, for the components that add up. */
export async function sampleAgrees({ shape, cells }: Recomputed, unitType: string, catalog: Catalog, data: RealData): Promise<boolean> {
  const read = await componentsReader(shape, data);
  const whole = await read();
  const adds = shape.components.flatMap((item, index) =>
    (item.kind === 'sum' || item.kind === 'count') && !item.family.includes('DISTINCT') ? [index] : [],
  );
  const units = await unitsOf(shape, unitType, catalog, data);
  const step = Math.max(1, Math.floor(units.length / SAMPLED));
  // The last are the ones that test data give their outliers.
  for (const unit of new Set([...units.filter((_, index) => index % step === 0).slice(0, SAMPLED), ...units.slice(-2)])) {
    const moved = await movedWithout(unitType, unit, { whole, read }, data);
    for (const cell of cells) {
      const lost = moved.get(JSON.stringify(cell.labels)) ?? [];
      const own = cell.shares
        .filter((item) => item.unitType === unitType)
        .flatMap((item) => item.units.filter((share) => share.unit === unit));
      const largest = (index: number): number => Math.max(0, ...own.map((share) => Math.abs(Number(share.values[index] ?? 0))));
      if (adds.some((index) => Math.abs(Math.abs(Number(lost[index] ?? 0)) - largest(index)) > 1e-6 * Math.max(1, largest(index))))
        return false;
    }
  }
  return true;
}

/** Types of unit that the tables of a query have. */
export function unitTypesOf(shape: Shape, catalog: Catalog): readonly string[] {
  return [...new Set(tablesOf(shape.node).flatMap((table) => Object.keys(catalog[table]?.units ?? {})))];
}

async function unitsOf(shape: Shape, unitType: string, catalog: Catalog, data: RealData): Promise<readonly string[]> {
  const holding = [...new Set(tablesOf(shape.node))].filter((table) => catalog[table]?.units?.[unitType] !== undefined);
  const parts = holding.map((table) => `SELECT ${quoteName(tag(unitType))} AS u FROM tagged.${quoteName(table)}`);
  const rows = await data.rows(
    `SELECT DISTINCT u FROM (${parts.join(' UNION ALL ')}) WHERE u IS NOT NULL ORDER BY TRY_CAST(u AS DOUBLE), u`,
  );
  return rows.map(([unit]) => String(unit));
}

interface Cells {
  readonly whole: ReadonlyMap<string, Row>;
  readonly read: () => Promise<ReadonlyMap<string, Row>>;
}

/** By cell: the components less what they are without the unit; only cells in which something moves. */
async function movedWithout(
  unitType: string,
  unit: string,
  { whole, read }: Cells,
  data: RealData,
): Promise<ReadonlyMap<string, Share['values']>> {
  const without = await withoutUnit(unitType, unit, data, read);
  const found = new Map<string, Share['values']>();
  for (const [name, values] of whole) {
    const left = without.get(name) ?? [];
    const moved = values.map((value, index) =>
      Array.isArray(value) ? missing(value, left[index]) : Number(value ?? 0) - Number(left[index] ?? 0),
    );
    if (moved.some((value) => (Array.isArray(value) ? value.length > 0 : Math.abs(Number(value)) > 1e-9))) found.set(name, moved);
  }
  return found;
}

/** The values of a list that another of the same things lacks. */
function missing(whole: readonly (string | null)[], left: unknown): readonly (string | null)[] {
  const rest = new Map<string | null, number>();
  for (const value of Array.isArray(left) ? (left as readonly (string | null)[]) : []) rest.set(value, (rest.get(value) ?? 0) + 1);
  return whole.filter((value) => {
    const count = rest.get(value) ?? 0;
    if (count > 0) rest.set(value, count - 1);
    return count === 0;
  });
}
