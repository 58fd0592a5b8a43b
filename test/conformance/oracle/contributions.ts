import type { Catalog } from '../case-file.ts';
import { quoteName, type RealData, type Row } from '../real-data.ts';
import { unitColumns } from './lineage.ts';
import { readShape, type Shape } from './read-query.ts';
import type { Recomputed, Share, UnitShares } from './recomputed.ts';
import { removing, sampleAgrees, unitTypesOf } from './removing.ts';
import { cellsOf, componentsReader, label, runSelect } from './run-shape.ts';
import { nodesOf, parseExpression, parseNode, type Tree } from './syntax.ts';
import { holdersIn, tagFrom, type UnitColumn } from './tag-relations.ts';
import { onceOver, overTagged } from './tagged-tables.ts';
import { whereNotAdding } from './where-not-adding.ts';

/**
 * Recomputes what a query answered from the raw tables, cell by cell and unit by unit; null where its shape is not
 * understood. Units are carried through derived tables as a column; where that does not give the same figures, or taking
 * some units out of the data moves a cell by something else than their shares, every unit is taken out in turn.
 */
export function recompute(sql: string, catalog: Catalog, data: RealData): Promise<Recomputed | null> {
  return onceOver(data, `recompute ${sql}`, () => recomputeAnew(sql, catalog, data));
}

async function recomputeAnew(sql: string, catalog: Catalog, data: RealData): Promise<Recomputed | null> {
  return overTagged(data, async () => {
    const aggregates = await onceOver(data, 'aggregates', () => aggregatesOf(data));
    const shape = readShape(await parseNode(sql, data), aggregates, unitColumns(catalog));
    if (shape === null) return null;
    const cells = await cellsOf(shape, data);
    const tagged = await tagFrom(shape.node.from_table as Tree, { catalog, data, aggregates });
    const shares = new Map(cells.map((cell) => [JSON.stringify(cell.labels), [] as UnitShares[]]));
    const found = (): Recomputed => ({
      shape,
      cells: cells.map((cell) => ({ ...cell, shares: shares.get(JSON.stringify(cell.labels)) ?? [] })),
    });
    const above: Shape = tagged === null ? shape : { ...shape, node: { ...shape.node, from_table: tagged.tree } };
    const totals = new Map(
      [...(await (await componentsReader(shape, data))())].map(([name, row]) => [name, row.map((value) => Math.abs(Number(value ?? 0)))]),
    );
    const isSame = tagged !== null && (!hasSubquery(shape.node) || sameCells(cells, await cellsOf(above, data)));
    for (const unitType of unitTypesOf(shape, catalog)) {
      const units = (tagged?.units ?? []).filter((unit) => unit.unitType === unitType);
      const passes = isSame ? await tagging(above, units, data) : null;
      for (const pass of passes ?? [])
        for (const [name, own] of shares)
          own.push({ unitType, units: pass.shares.get(name) ?? [], totals: pass.overlaps ? (totals.get(name) ?? null) : null });
      if (
        passes?.every((pass) => !pass.isMixed) === true &&
        (!hasSubquery(shape.node) || (await sampleAgrees(found(), unitType, catalog, data)))
      )
        continue;
      const removed = await removing(shape, unitType, catalog, data);
      if (removed === null) return null;
      for (const [name, own] of shares)
        own.splice(0, own.length, ...own.filter((item) => item.unitType !== unitType), {
          unitType,
          units: whereNotAdding(removed.get(name) ?? [], passes?.find((pass) => pass.isMixed)?.shares.get(name), totals.get(name)),
          totals: totals.get(name) ?? null,
        });
    }
    return found();
  });
}

async function aggregatesOf(data: RealData): Promise<ReadonlySet<string>> {
  const names = await data.rows(`SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'`);
  return new Set([...names.map(([name]) => String(name)), 'count_star']);
}

function hasSubquery(node: Tree): boolean {
  return nodesOf(node, (tree) => tree.class === 'SUBQUERY' || tree.type === 'SUBQUERY').length > 0;
}

function sameCells(a: readonly { readonly outputs: Row }[], b: readonly { readonly outputs: Row }[]): boolean {
  const texts = (cells: typeof a): readonly string[] => cells.map((cell) => JSON.stringify(cell.outputs.map(rounded))).sort();
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b));
}

function rounded(value: Row[number]): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value;
}

/** Grouping by the unit as well shows each one's share at once, for every instance of a unit. */
async function tagging(shape: Shape, units: readonly UnitColumn[], data: RealData): Promise<readonly PassShares[]> {
  const found: PassShares[] = [];
  for (const pass of await passesOf(shape, units, data))
    found.push({ ...(await sharesOf(pass.shape, pass.unit, data)), overlaps: pass.overlaps });
  return found;
}

interface Pass {
  readonly unit: Tree;
  readonly shape: Shape;
  /** Whether a row counts for several units. */
  readonly overlaps: boolean;
}

interface PassShares {
  readonly shares: ReadonlyMap<string, readonly Share[]>;
  /** Whether some row belongs to several units: it counts for each of them. */
  readonly isMixed: boolean;
  readonly overlaps: boolean;
}

/**
 * One pass for each instance. Instances whose units are equal in every row are one; where they differ, a further pass
 * counts a row for everybody who stands in it. Source: gate.md §4 (touching totals).
 */
async function passesOf(shape: Shape, units: readonly UnitColumn[], data: RealData): Promise<readonly Pass[]> {
  const distinct: UnitColumn[] = [];
  for (const unit of units) {
    const [first] = distinct;
    if (first === undefined || !(await alwaysEqual(shape, first, unit, data))) distinct.push(unit);
  }
  const passes: Pass[] = [];
  for (const unit of distinct) passes.push({ unit: await parseExpression(unit.sql, data), shape, overlaps: false });
  if (distinct.length > 1) passes.push(await touchingPass(shape, distinct, data));
  return passes;
}

async function alwaysEqual(shape: Shape, a: UnitColumn, b: UnitColumn, data: RealData): Promise<boolean> {
  if (a.sql === b.sql) return true;
  const differing = await parseExpression(`count(*) FILTER (WHERE ${a.sql} IS DISTINCT FROM ${b.sql})`, data);
  const [row] = await runSelect(shape, [differing], 0, data);
  return row?.[0] === 0;
}

async function touchingPass(shape: Shape, units: readonly UnitColumn[], data: RealData): Promise<Pass> {
  const everybody = `(SELECT DISTINCT u FROM (${units.map((unit) => `SELECT ${unit.sql} AS u FROM x`).join(' UNION ALL ')})) AS __touching(u)`;
  const model = await parseNode(`SELECT 1 FROM x JOIN ${everybody} ON __touching.u IN (${units.map((unit) => unit.sql).join(', ')})`, data);
  const join = model.from_table as Tree;
  // In place of x stands FROM itself.
  const filled = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(filled);
    const tree = node as Tree;
    if (tree.type === 'BASE_TABLE' && tree.table_name === 'x') return shape.node.from_table;
    return Object.fromEntries(Object.entries(tree).map(([field, value]) => [field, filled(value)]));
  };
  const unit = await parseExpression(`${quoteName('__touching')}.u`, data);
  return { unit, overlaps: true, shape: { ...shape, node: { ...shape.node, from_table: filled(join) } } };
}

async function sharesOf(shape: Shape, unit: Tree, data: RealData): Promise<Omit<PassShares, 'overlaps'>> {
  const keys = shape.keys.map((key) => key.node);
  const rows = await runSelect(shape, [...keys, unit, ...shape.components.map((item) => item.node)], keys.length + 1, data);
  const shares = new Map<string, Map<string, Share>>();
  let mixed = false;
  for (const row of rows) {
    const name = JSON.stringify(row.slice(0, keys.length).map(label));
    const own = shares.get(name) ?? new Map<string, Share>();
    shares.set(name, own);
    const holder = row[keys.length];
    // Rows of nobody stand in a cell without any unit behind them.
    if (holder === null || holder === undefined) continue;
    const values = row.slice(keys.length + 1).map((value) => (Array.isArray(value) ? value : Number(value ?? 0)));
    const { units, isMixed } = holdersIn(String(holder));
    mixed ||= isMixed;
    for (const name of units) own.set(name, { unit: name, values: together(own.get(name)?.values, values) });
  }
  return { shares: new Map([...shares].map(([name, own]) => [name, [...own.values()]])), isMixed: mixed };
}

function together(known: Share['values'] | undefined, more: Share['values']): Share['values'] {
  return more.map((value, index) => {
    const before = known?.[index];
    if (typeof value !== 'number') return typeof before === 'number' || before === undefined ? value : [...before, ...value];
    return value + (typeof before === 'number' ? before : 0);
  });
}
