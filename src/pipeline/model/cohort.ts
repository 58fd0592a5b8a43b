import { type Dataset, findTable } from '../../catalog/dataset.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Admitted, type JobContext, type PipelinePorts, prepareQuery } from '../../pipeline.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { type CategoryForm, countQuery, featureQuery, isFigure, itemsOf } from '../../sandbox/models/spec/cohort-query.ts';
import { specHash, specText, type TrainingSpec } from '../../sandbox/models/spec/training-spec.ts';
import type { CohortSource } from '../../sandbox/models/train/encode-sql.ts';
import { NOTHING_DROPPED, printCondition, type Reduction } from '../../sandbox/sql/model/condition.ts';
import type { Functional, GateProgram } from '../../sandbox/sql/model/program.ts';
import { fromSql, where, whereSql } from '../../sandbox/sql/statements/relation.ts';
import type { RunStatement } from '../enclave-fault.ts';
import { expectedCells } from '../find-cells.ts';
import { bucketPass } from '../gather-evidence.ts';
import { ReducedPasses } from '../reduced-passes.ts';
import { settleOperands } from '../settle-operands.ts';
import { settleExpressions } from './settle-expressions.ts';

/** A cohort that may be asked: its rows as a program of the gate, and the query that counts its units. */
export interface AdmittedCohort {
  readonly admitted: Admitted;
  readonly program: GateProgram;
  /** How categories of numbers are asked. */
  readonly form: CategoryForm;
  readonly countSql: string;
}

/**
 * Decides whether a specification may be learnt from under a grant: its cohort and every expression as a query of the gate, one row
 * for each unit, of one kind of unit. Depends on specification and catalogue only. Source: models-and-audit.md §1.9; gate.md §3.3, §4.
 */
export async function admitCohort(
  spec: TrainingSpec,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<AdmittedCohort, readonly Problem[]>> {
  const countSql = countQuery(spec);
  const counted = await prepareQuery(countSql, context, ports);
  if (!counted.ok) return err(counted.error.problems);
  const asKeys = await admitAs('keys', spec, context, ports);
  if (asKeys.ok || featureQuery(spec, 'keys') === featureQuery(spec, 'figures'))
    return asKeys.ok ? ok({ ...asKeys.value, countSql }) : asKeys;
  const asFigures = await admitAs('figures', spec, context, ports);
  return asFigures.ok ? ok({ ...asFigures.value, countSql }) : asKeys;
}

async function admitAs(
  form: CategoryForm,
  spec: TrainingSpec,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<Omit<AdmittedCohort, 'countSql'>, readonly Problem[]>> {
  const prepared = await prepareQuery(featureQuery(spec, form), asRows(context), ports);
  if (!prepared.ok) return err(prepared.error.problems);
  const { admitted, rewritten } = prepared.value;
  const gates = rewritten.stages.flatMap((stage) => (stage.kind === 'gate' ? [stage.gate] : []));
  const [program] = gates;
  const wrong = program === undefined || gates.length !== 1 ? 'one_gate' : shapeFault(program, form, spec, context, admitted);
  if (wrong !== null || program === undefined) return err([problem('model.cohort', { what: wrong ?? 'one_gate' })]);
  const { probes: _probes, ...kept } = admitted;
  return ok({ admitted: { ...kept, canonicalSql: specText(spec), artefactHash: specHash(spec) }, program, form });
}

/** What is encoded is clipped to bounds that the specification declares: columns need none in the catalogue. */
function asRows({ mode: _mode, ...context }: JobContext): JobContext {
  return context;
}

/** Whether the declaration alone says that a unit has one row: its number is the key of every table that is read. */
function isKeyedByUnit({ tables }: Admitted, unit: string, dataset: Dataset): boolean {
  return tables.every((name) => {
    const table = findTable(dataset, name);
    const path = table?.units[unit];
    return path !== undefined && path.hops.length === 0 && table?.primaryKey.length === 1 && table.primaryKey[0] === path.column;
  });
}

type CohortFault = 'one_gate' | 'expressions' | 'rows_per_unit' | 'unit' | 'several_units';

function shapeFault(
  program: GateProgram,
  form: CategoryForm,
  spec: TrainingSpec,
  { dataset, mode }: JobContext,
  admitted: Admitted,
): CohortFault | null {
  const items = itemsOf(spec);
  const figures = items.filter((item) => isFigure(item, form)).length;
  const averages = program.outputs.slice(1);
  const isAverage = averages.every((item) => item.functional.kind === 'avg');
  if (program.keys.length !== items.length - figures || averages.length !== figures || !isAverage) return 'expressions';
  const [unit] = program.units;
  if (unit === undefined || program.units.length !== 1) return 'several_units';
  // Noise is of the size of one unit of the type that is protected.
  if (mode?.kind === 'dp' && mode.unit !== unit.type) return 'unit';
  // What was measured of the data may not decide what is admitted.
  if (mode?.kind === 'dp' && !isKeyedByUnit(admitted, unit.type, dataset)) return 'rows_per_unit';
  const columns = dataset.tables.flatMap((table) => {
    const path = table.units[unit.type];
    return path === undefined ? [] : [path.column, path.hops[0]?.from ?? path.column];
  });
  if (spec.cohort.unit !== unit.type && !columns.includes(spec.cohort.unit)) return 'unit';
  return unit.oneRow ? null : 'rows_per_unit';
}

/**
 * The conditions of a cohort that decide about fewer than k units, nobody included: dropped, as they are for every figure.
 * Source: gate.md §6 (neutral operands).
 */
async function settledReduction(program: GateProgram, k: number, run: RunStatement): Promise<Reduction> {
  const [count] = program.outputs;
  if (count === undefined) throw new Error('A cohort without a count');
  const counting: GateProgram = { ...program, keys: [], pieces: [], terms: [{ kind: 'rows', piece: null }], outputs: [count] };
  const { grain } = await expectedCells(counting, run);
  const whole = { reduction: NOTHING_DROPPED, dropped: [], selection: null, untouched: true, bare: false };
  const first = await bucketPass(counting, whole, grain, run);
  const universe = { cells: [[]], types: first.types };
  const { variants } = await settleOperands(counting, k, universe, new ReducedPasses(grain), run);
  return variants.at(-1)?.reduction ?? NOTHING_DROPPED;
}

/** SQL of the rows of a cohort as the gate would count them. Throws what the worker throws. Source: gate.md §6; models-and-audit.md §1.9. */
export async function cohortSource(
  { program, form }: AdmittedCohort,
  spec: TrainingSpec,
  k: number,
  run: RunStatement,
): Promise<CohortSource> {
  // Which conditions a few units decide about is told by data: under noise every one holds.
  const reduction =
    spec.privacy.mode === 'dp' ? NOTHING_DROPPED : await settleExpressions(program, await settledReduction(program, k, run), k, run);
  const [unit] = program.units;
  if (unit === undefined) throw new Error('A cohort without a unit');
  let [key, figure] = [0, 1];
  const sqls = itemsOf(spec).map((item): string => {
    if (!isFigure(item, form)) return program.keys[key++]?.sql ?? 'NULL';
    const value = averagedSql(program, program.outputs[figure++]?.functional, reduction);
    return item.type === 'categorical' || item.type === 'binary' ? `CAST(round(${value}) AS BIGINT)` : value;
  });
  return {
    from: ` FROM ${fromSql(program, null, reduction)}${where([whereSql(program, reduction)])}`,
    key: unit.key,
    bucket: unit.bucket,
    features: sqls.slice(0, spec.features.length),
    label: sqls[spec.features.length] ?? null,
  };
}

/** What an average is taken of, in one row: NULL where it does not count. Throws where the functional is no average. Source: models-and-audit.md §1.9. */
export function averagedSql(program: GateProgram, functional: Functional | undefined, reduction: Reduction): string {
  if (functional?.kind !== 'avg') throw new Error('No average');
  const ofTerm = (index: number): string => {
    const term = program.terms[index];
    if (term === undefined) throw new Error('A term is out of range');
    const piece = term.piece === null ? undefined : program.pieces[term.piece];
    const value =
      term.kind === 'value' ? `CAST(${term.sql} AS DOUBLE)` : term.kind === 'present' ? `((${term.sql}) IS NOT NULL)::INTEGER` : '1';
    return piece === undefined ? value : `CASE WHEN ${printCondition(piece, reduction)} THEN ${value} ELSE 0 END`;
  };
  return `CASE WHEN ${ofTerm(functional.count)} = 1 THEN ${functional.parts.map(({ term, factor }) => `${factor} * ${ofTerm(term)}`).join(' + ')} END`;
}
