import { readColumnType } from '../../catalog/column-type.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Rng } from '../../kernel/rng.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { type Anonymised, anonymise, type QuasiIdentifier } from '../anonymity/anonymise.ts';
import { applyPolicy } from '../policy/apply-policy.ts';
import { type RiskReport, riskReport } from '../risk/risk-report.ts';
import type { MaskedDatasetSpec, MaskedPlan, PlannedColumn } from './plan-masked-dataset.ts';

type Values = readonly (string | null)[];

/** True values of a sealed version, as texts, with whose each row is. */
export interface RowsToMask {
  readonly plan: MaskedPlan;
  readonly spec: MaskedDatasetSpec;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Values>;
  /** Key of the unit of each row; null: none. */
  readonly units: Values;
  /** At least 32 bytes; `project` keeps pseudonyms of two projects apart. */
  readonly master: Uint8Array;
  readonly project: string;
  readonly accepted: number;
}

/** Rows that may leave, column by column, and which true row each was: the latter never leaves the domain. */
export interface MaskedRows {
  readonly header: readonly string[];
  readonly cells: readonly Values[];
  readonly order: Int32Array;
  readonly made: Anonymised;
  readonly risk: RiskReport;
}

const THRESHOLD = 0.2;
const UNIT = '__unit';

/**
 * Masks and anonymises rows by a plan: operators of the policy first, then k, l and t over people. Refuses the whole where a value does not fit or nothing is coarse enough.
 * Source: issue "Masking" (masked datasets); GB/T 42460-2023; synthetic-and-masking.md §7.1.
 */
export function makeMaskedRows(input: RowsToMask, rng: Rng): Result<MaskedRows, readonly Problem[]> {
  const { plan, spec, rows, units } = input;
  const leaving = [...plan.quasi, ...plan.carried];
  const table = new Map<string, Values>([
    ...leaving.map(({ column }) => [column.name, input.columns.get(column.name) ?? []] as const),
    [UNIT, units],
  ]);
  const operators = Object.fromEntries(leaving.map(({ column, operator }) => [column.name, operator]));
  const policy = {
    policy: 'dataset',
    version: 1,
    project: input.project,
    unit: UNIT,
    columns: { ...operators, [UNIT]: { operator: 'drop' as const } },
  };
  const applied = applyPolicy(policy, table, { rng, master: input.master, hierarchies: new Map() });
  if (!applied.ok) return applied;
  const masked = new Map(applied.value.map(({ column, values }) => [column, values]));
  const valuesOf = ({ column }: PlannedColumn): Values => masked.get(column.name) ?? [];
  const made = anonymise({
    rows,
    quasiIdentifiers: plan.quasi.map((planned) => quasiOf(planned, valuesOf(planned))),
    carried: plan.carried.map((planned) => ({ name: planned.column.name, values: valuesOf(planned), hierarchy: null })),
    units,
    k: spec.k,
    wishes: spec.wishes,
    suppress: spec.suppress,
    algorithm: spec.algorithm,
    threshold: THRESHOLD,
  });
  if (!made.ok) return made;
  const { order, columns, header } = made.value;
  if (order.length === 0) return err([problem('masking.not_reachable', { k: spec.k })]);
  const risk = riskReport({
    rows: order.length,
    quasiIdentifiers: plan.quasi.map(({ column }, index) => ({ name: column.name, values: columns[index] ?? [] })),
    units: Array.from(order, (row) => units[row] ?? null),
    population: null,
    populationRows: null,
    weights: null,
    suda: false,
    hasDirectIdentifiers: false,
    threshold: THRESHOLD,
    accepted: input.accepted,
  });
  if (risk === undefined) throw new Error('A report without a population needs none');
  return ok({ header, cells: columns, order, made: made.value, risk });
}

/** The column as anonymisation sees it: what an operator changed is a text that has one coarser level; what is kept has the levels of its type. Source: issue "Masking" (operators first, then levels). */
export function quasiOf({ column, operator }: PlannedColumn, values: Values): QuasiIdentifier {
  const isKept = operator.operator === 'keep';
  const [low, high] = column.bounds ?? [];
  return {
    name: column.name,
    values,
    family: isKept ? (readColumnType(column.type)?.family ?? 'text') : 'text',
    bounds: isKept && typeof low === 'number' && typeof high === 'number' ? [low, high] : null,
    hierarchy: null,
    semantic: isKept ? column.semantic : undefined,
  };
}
