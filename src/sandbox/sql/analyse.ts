import { ROLE_PERMISSIONS } from '../../catalog/permissions.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { seal } from '../../kernel/stage.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Analysed, AnalysedKey, AnalysedOutput, AnalysedQuery, Monomial } from './analysed.ts';
import type { Bound, BoundAggregate, BoundColumn, BoundKey, BoundQuery } from './bound.ts';
import { typeClass } from './column-type.ts';
import type { Condition } from './condition.ts';
import type { Rounding } from './leaves.ts';
import { normaliseCondition } from './normal-form.ts';
import { logicalColumn, printKey } from './print.ts';
import { canRepeat, type UnitClass, unitClasses } from './units.ts';

/**
 * Decides what a bound query may ask: permissions of every use of a column, unit instances, fan-out, arguments as
 * monomials, predicates as leaves on the grid. Depends on query and catalogue only, never on data.
 *
 * @returns the query in normal form, or every reason why not.
 * Source: gate.md §4, §5.
 */
export function analyse(bound: Bound): Result<Analysed, readonly Problem[]> {
  const problems: Problem[] = [];
  const roundings: Rounding[] = [];
  const units = unitClasses(bound.instances, bound.joinKeys, problems);
  const keys = bound.keys.map((key) => analyseKey(key, bound, problems));
  const print = logicalColumn(bound.instances);
  const condition: Condition | null =
    bound.where === null ? null : (normaliseCondition(bound.where, { instances: bound.instances, problems, roundings }, print) ?? null);
  const monomials: Monomial[] = [];
  const outputs: AnalysedOutput[] = [];
  for (const output of bound.outputs) {
    if (output.kind === 'key') outputs.push(output);
    else {
      const { functional, monomial } = analyseAggregate(output.aggregate, bound, units, problems);
      outputs.push({ kind: 'aggregate', name: output.name, functional, monomial: indexOf(monomial, monomials) });
    }
  }
  if (problems.length > 0) return err(problems);
  const { instances, joinKeys, order } = bound;
  return ok(seal<'analysed', AnalysedQuery>({ instances, joinKeys, condition, keys, monomials, outputs, order, units, roundings }));
}

function isPublic(column: BoundColumn, query: BoundQuery): boolean {
  return query.instances[column.instance]?.table.visibility === 'public';
}

function refuse(column: BoundColumn, use: string, problems: Problem[]): void {
  problems.push(problem('sql.column_not_allowed', { name: column.column.name, use, role: column.column.role, ...column.at }));
}

function analyseKey(key: BoundKey, query: BoundQuery, problems: Problem[]): AnalysedKey {
  const { column } = key.column;
  const { role } = column;
  const kind = typeClass(column);
  const open = isPublic(key.column, query);
  if (key.coarser !== 'none' && kind !== 'date' && kind !== 'timestamp')
    refuse(key.column, 'take a date part of a column that is no date', problems);
  if (!open && ROLE_PERMISSIONS[role].groupBy !== 'yes') refuse(key.column, 'group by', problems);
  if (!open && role === 'quasiId' && key.coarser === 'none')
    refuse(key.column, 'show itself; group by a coarser expression of it', problems);
  const labels = key.coarser === 'none' && column.publicDomain ? (column.domain ?? null) : null;
  return { ...key, name: printKey(key, logicalColumn(query.instances)), publicLabels: labels, sensitive: !open && role === 'sensitive' };
}

interface AnalysedAggregate {
  readonly functional: 'count' | 'sum' | 'avg';
  readonly monomial: Monomial;
}

function analyseAggregate(
  aggregate: BoundAggregate,
  query: BoundQuery,
  units: readonly UnitClass[],
  problems: Problem[],
): AnalysedAggregate {
  if (aggregate.kind === 'countRows') return { functional: 'count', monomial: { kind: 'rows' } };
  const { column } = aggregate;
  if (aggregate.kind === 'countDistinct') return { functional: 'count', monomial: unitMonomial(column, query, units, problems) };
  if (aggregate.kind === 'count') {
    if (!isPublic(column, query) && !ROLE_PERMISSIONS[column.column.role].aggregates.includes('count')) refuse(column, 'count', problems);
    return { functional: 'count', monomial: { kind: 'present', column } };
  }
  const allowed = isPublic(column, query) || ROLE_PERMISSIONS[column.column.role].aggregates.includes(aggregate.kind);
  if (!allowed || typeClass(column.column) !== 'number') refuse(column, aggregate.kind, problems);
  if (canRepeat(column.instance, query.instances, query.joinKeys)) {
    problems.push(problem('sql.fan_out', { name: column.column.name, ...column.at }));
  }
  return { functional: aggregate.kind, monomial: { kind: 'value', column } };
}

/** `count(DISTINCT x)` is allowed where x is the unit's own column. */
function unitMonomial(column: BoundColumn, query: BoundQuery, units: readonly UnitClass[], problems: Problem[]): Monomial {
  const table = query.instances[column.instance]?.table;
  const type = Object.entries(table?.units ?? {}).find(([, path]) => path.hops.length === 0 && path.column === column.column.name)?.[0];
  const unit = units.findIndex((item) => item.type === type && item.members.includes(column.instance));
  if (unit < 0) refuse(column, 'count distinct values of a column that is not the unit', problems);
  return { kind: 'unit', unit: Math.max(unit, 0) };
}

function indexOf(monomial: Monomial, monomials: Monomial[]): number {
  const same = (other: Monomial): boolean => {
    if (monomial.kind === 'rows' || other.kind === 'rows') return monomial.kind === other.kind;
    if (monomial.kind === 'unit' || other.kind === 'unit')
      return monomial.kind === 'unit' && other.kind === 'unit' && monomial.unit === other.unit;
    return (
      monomial.kind === other.kind &&
      monomial.column.instance === other.column.instance &&
      monomial.column.column.name === other.column.column.name
    );
  };
  const found = monomials.findIndex(same);
  return found >= 0 ? found : monomials.push(monomial) - 1;
}
