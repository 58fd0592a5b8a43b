import { createHash } from 'node:crypto';
import { BUCKET_COLUMN, type DataProfile, UNIT_COLUMN } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { absoluteDecimal, compareDecimals, type Decimal, decimalText, parseDecimal } from '../../kernel/decimal.ts';
import { seal } from '../../kernel/stage.ts';
import type { Analysed, Monomial } from './analysed.ts';
import type { BoundColumn, TableInstance } from './bound.ts';
import { typeScale } from './column-type.ts';
import { logicalColumn, physicalColumn, printCondition, printKey } from './print.ts';
import type { EvidenceProgram, ProgramMonomial, ProgramUnit, Rewritten, Signs } from './program.ts';
import { canRepeat, type UnitClass } from './units.ts';

/**
 * Turns an analysed query into the program of evidence that runs, and prints the canonical text that is shown.
 *
 * @param profile  what the loader measured of this version; it decides only how evidence is gathered (signs, sample
 *                 size), never whether a query is allowed.
 * Source: gate.md §3.5 (what runs is printed anew), §6.
 */
export function rewrite(analysed: Analysed, profile: DataProfile): Rewritten {
  const canonicalSql = printCanonical(analysed);
  const program: EvidenceProgram = {
    canonicalSql,
    artefactHash: createHash('sha256').update(canonicalSql, 'utf8').digest('hex'),
    from: fromClause(analysed, (instance) => `t${instance.index}`, physicalColumn),
    keys: analysed.keys.map((key) => ({ ...key, sql: printKey(key, physicalColumn) })),
    monomials: analysed.monomials.map((monomial) => programMonomial(monomial, analysed.instances, profile)),
    outputs: analysed.outputs,
    order: analysed.order,
    units: analysed.units.map((unit) => programUnit(unit, analysed, profile)),
    condition: analysed.condition,
  };
  return seal<'rewritten', EvidenceProgram>(program);
}

function fromClause(analysed: Analysed, alias: (instance: TableInstance) => string, print: (column: BoundColumn) => string): string {
  const joined = new Set<number>();
  const conditionOf = (instance: TableInstance): string =>
    analysed.joinKeys
      .filter(
        (key) =>
          [key.left.instance, key.right.instance].includes(instance.index) &&
          joined.has(key.left.instance) &&
          joined.has(key.right.instance),
      )
      .map((key) => `${print(key.left)} = ${print(key.right)}`)
      .join(' AND ');
  const parts: string[] = [];
  let waiting = [...analysed.instances];
  while (waiting.length > 0) {
    const next = waiting.find((instance) => joined.size === 0 || isLinked(instance, analysed, joined));
    if (next === undefined) throw new Error('Unconnected join passed the binder');
    joined.add(next.index);
    const table = `${quoteName(next.table.name)} AS ${alias(next)}`;
    parts.push(parts.length === 0 ? table : `JOIN ${table} ON ${conditionOf(next)}`);
    waiting = waiting.filter((instance) => instance !== next);
  }
  return parts.join(' ');
}

function isLinked(instance: TableInstance, analysed: Analysed, joined: ReadonlySet<number>): boolean {
  return analysed.joinKeys.some(
    (key) =>
      (key.left.instance === instance.index && joined.has(key.right.instance)) ||
      (key.right.instance === instance.index && joined.has(key.left.instance)),
  );
}

function printCanonical(analysed: Analysed): string {
  const print = logicalColumn(analysed.instances);
  const aggregate = (monomial: Monomial | undefined, functional: string): string => {
    if (monomial === undefined || monomial.kind === 'rows') return 'count(*)';
    if (monomial.kind === 'unit') return `count(DISTINCT ${unitText(analysed, monomial.unit)})`;
    return `${functional}(${print(monomial.column)})`;
  };
  const items = analysed.outputs.map((output) => {
    const text =
      output.kind === 'key' ? (analysed.keys[output.key]?.name ?? '') : aggregate(analysed.monomials[output.monomial], output.functional);
    return `${text} AS ${quoteName(output.name)}`;
  });
  const order = analysed.order.map((item) => `${quoteName(analysed.outputs[item.output]?.name ?? '')}${item.descending ? ' DESC' : ''}`);
  return [
    `SELECT ${items.join(', ')}`,
    `FROM ${fromClause(analysed, (instance) => quoteName(instance.name), print)}`,
    ...(analysed.condition === null ? [] : [`WHERE ${printCondition(analysed.condition, print)}`]),
    ...(analysed.keys.length === 0 ? [] : [`GROUP BY ${analysed.keys.map((key) => key.name).join(', ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`]),
  ].join('\n');
}

/** The unit's own column of the first member that has it. */
function unitText(analysed: Analysed, index: number): string {
  const unit = analysed.units[index];
  for (const member of unit?.members ?? []) {
    const instance = analysed.instances[member];
    const path = instance?.table.units[unit?.type ?? ''];
    const column = instance?.table.columns.find((candidate) => path?.hops.length === 0 && candidate.name === path.column);
    if (instance !== undefined && column !== undefined)
      return logicalColumn(analysed.instances)({ instance: member, column, at: instance.at });
  }
  return unit?.type ?? '';
}

function programUnit(unit: UnitClass, analysed: Analysed, profile: DataProfile): ProgramUnit {
  const instance = unit.members[0] ?? 0;
  const table = analysed.instances[instance]?.table.name ?? '';
  const measured = profile.units.find((item) => item.table === table && item.unitType === unit.type);
  return {
    type: unit.type,
    number: `t${instance}.${quoteName(UNIT_COLUMN(unit.type))}`,
    bucket: `t${instance}.${quoteName(BUCKET_COLUMN(unit.type))}`,
    size: measured?.units ?? 0,
    oneRow: measured?.maxRowsPerUnit === 1 && !canRepeat(instance, analysed.instances, analysed.joinKeys),
  };
}

function programMonomial(monomial: Monomial, instances: readonly TableInstance[], profile: DataProfile): ProgramMonomial {
  if (monomial.kind === 'rows' || monomial.kind === 'unit') return monomial;
  const { column } = monomial;
  if (monomial.kind === 'present') return { kind: 'present', sql: physicalColumn(column) };
  const isProtected = instances[column.instance]?.table.visibility === 'protected';
  const signs = signsOf(column, instances, profile);
  return { kind: 'value', sql: summand(column), signs, sensitive: isProtected && column.column.role === 'sensitive' };
}

const FIXED_SCALE = 6;

/** Floating-point columns are summed as fixed-point decimals: sum(DOUBLE) differs from run to run (sql-gate.md §4.4). */
function summand(column: BoundColumn): string {
  const printed = physicalColumn(column);
  if (typeScale(column.column) !== undefined) return printed;
  const bounds = column.column.bounds?.map((bound) => parseDecimal(String(bound))) ?? [];
  const [low, high] = bounds;
  if (low === undefined || high === undefined) return `TRY_CAST(${printed} AS DECIMAL(38,${FIXED_SCALE}))`;
  const digits = decimalText(largest(low, high)).split('.')[0]?.length ?? 1;
  const scale = Math.min(FIXED_SCALE, 17 - digits);
  return scale >= 2 ? `TRY_CAST(${printed} AS DECIMAL(18,${scale}))` : `TRY_CAST(${printed} AS DECIMAL(38,${FIXED_SCALE}))`;
}

function largest(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [absoluteDecimal(a), absoluteDecimal(b)];
  return compareDecimals(x, y) >= 0 ? x : y;
}

function signsOf(column: BoundColumn, instances: readonly TableInstance[], profile: DataProfile): Signs {
  const table = instances[column.instance]?.table.name;
  const measured = profile.units.find((item) => item.table === table)?.columns[column.column.name];
  const min = measured?.min == null ? undefined : parseDecimal(measured.min);
  const max = measured?.max == null ? undefined : parseDecimal(measured.max);
  if (min !== undefined && min.digits >= 0n) return 'nonnegative';
  return max !== undefined && max.digits <= 0n ? 'nonpositive' : 'mixed';
}
