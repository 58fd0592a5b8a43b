import { levelRule, MOST_LEVELS } from '../../egress/special-rules.ts';
import type { Couple } from '../../sandbox/sql/statements/special/products-statement.ts';
import { rowUnits } from '../../sandbox/sql/statements/special/special-rows.ts';
import { LEVEL_COLUMNS, levelsStatement } from '../../sandbox/sql/statements/special/support-statement.ts';
import { ofUnit, onlyCells, type SpecialContext, type UnitRule } from './context.ts';
import { asCount, specialRows } from './read-special.ts';

/** Cells of fewer rows are not worth a look at a sample first. */
const SAMPLE_FROM_ROWS = 20_000;
const SAMPLE_BUCKETS = 8;

/**
 * By couple and cell: every level of a discrete column has k units, for either column of a pair. Either one may be the
 * regressor of the next question, and most figures are the same with the columns exchanged.
 * Source: gate.md §5; egress-rules.md §3 (dummy columns).
 */
export async function levelRules(
  context: SpecialContext,
  asked: readonly number[],
  couples: readonly Couple[],
): Promise<ReadonlyMap<number, ReadonlyMap<string, readonly UnitRule[]>>> {
  const found = new Map<number, ReadonlyMap<string, readonly UnitRule[]>>();
  for (const index of new Set(asked)) {
    const couple = couples[index];
    if (couple === undefined || couple.y === null) continue;
    const rules = new Map<string, UnitRule[]>([...context.cells.keys()].map((name) => [name, []]));
    for (const column of [
      { argument: couple.x, partner: couple.y },
      { argument: couple.y, partner: couple.x },
    ]) {
      for (const [name, own] of await columnRules(context, column)) rules.set(name, [...(rules.get(name) ?? []), ...own]);
    }
    found.set(index, rules);
  }
  return found;
}

type Column = Parameters<typeof levelsStatement>[4];

async function columnRules(context: SpecialContext, column: Column): Promise<ReadonlyMap<string, readonly UnitRule[]>> {
  const { program, policy } = context;
  const many = await continuousCells(context, column);
  const open = [...context.cells.keys()].filter((name) => !many.has(name));
  const rules = new Map<string, UnitRule[]>();
  for (const [index, unit] of program.units.entries()) {
    const buckets = open.length === 0 ? new Map() : await levels(context, index, 'bucket', column, open);
    const few = open.filter((name) => isShort(buckets.get(name), policy.k));
    const units = few.length === 0 ? new Map() : await levels(context, index, 'unit', column, few);
    for (const name of context.cells.keys()) {
      const level = many.has(name)
        ? { values: MOST_LEVELS + 1, rarest: 0 }
        : (units.get(name) ?? buckets.get(name) ?? { values: 0, rarest: 0 });
      rules.set(name, [...(rules.get(name) ?? []), ...ofUnit([levelRule(level.values, level.rarest, 'units', policy)], unit.type)]);
    }
  }
  return rules;
}

interface Level {
  readonly values: number;
  readonly rarest: number;
}

function isShort(level: Level | undefined, k: number): boolean {
  return level !== undefined && level.values <= MOST_LEVELS && level.rarest < k;
}

async function levels(
  context: SpecialContext,
  unit: number,
  level: 'bucket' | 'unit',
  column: Column,
  names: readonly string[],
  below: number | null = null,
): Promise<ReadonlyMap<string, Level>> {
  const statement = levelsStatement(context.program, unit, level, onlyCells(context, names), column, below);
  const rows = specialRows(context.program, await context.run(statement), LEVEL_COLUMNS);
  return new Map([...rows].map(([name, row]) => [name, { values: asCount(row.values[0]), rarest: asCount(row.values[1]) }]));
}

/** Cells in which a sample alone shows more values than a discrete column has. */
async function continuousCells(context: SpecialContext, column: Column): Promise<ReadonlySet<string>> {
  const unit = rowUnits(context.program)[0];
  const rows = [...context.cells.values()].reduce((sum, cell) => sum + Math.max(0, ...cell.arguments.map((item) => item.rows)), 0);
  if (unit === undefined || rows < SAMPLE_FROM_ROWS) return new Set();
  const sample = await levels(context, unit, 'bucket', column, [...context.cells.keys()], SAMPLE_BUCKETS);
  return new Set([...sample].flatMap(([name, level]) => (level.values > MOST_LEVELS ? [name] : [])));
}
