import { catalogDigest } from '../../catalog/canonical-dataset.ts';
import { type Dataset, UNIT_COLUMN } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { ARTEFACT_FORMAT, type Artefact, FITTED_LABEL, type FittedTable } from '../../synthetic/fit/artefact.ts';
import { CHILD_EDGES } from '../../synthetic/fit/child-buckets.ts';
import { fitModel } from '../../synthetic/fit/fit-model.ts';
import { type FitPlanOptions, type FitStep, planFit } from '../../synthetic/fit/fit-plan.ts';
import type { FittedModel } from '../../synthetic/fit/fitted-model.ts';
import type { Noise } from '../../synthetic/privacy/noise.ts';
import { rhoOf } from '../../synthetic/privacy/zcdp.ts';
import { simulationDeclaration } from '../../synthetic/simulation-declaration.ts';
import type { EnclaveSession } from '../enclave/port.ts';
import { rowsOf } from './file-tables.ts';
import { sqlCounts } from './sql-counts.ts';

export interface FitRequest extends FitPlanOptions {
  readonly epsilon: number;
  readonly delta: number;
  readonly independent?: boolean;
  readonly headers?: Artefact['headers'];
}

/** Below so many units noise is all there would be. Source: synthetic-and-masking.md §4.3. */
const LEAST_UNITS = 1000;
const MOST_EPSILON = 20;
const MOST_DELTA = 1e-5;

/** What stands against these privacy parameters. */
export function privacyProblems({ epsilon, delta }: { readonly epsilon: number; readonly delta: number }): readonly Problem[] {
  const problems: Problem[] = [];
  if (!(epsilon > 0 && epsilon <= MOST_EPSILON)) problems.push(problem('synth.privacy', { what: 'epsilon' }));
  if (!(delta > 0 && delta <= MOST_DELTA)) problems.push(problem('synth.privacy', { what: 'delta' }));
  return problems;
}

/**
 * Fits a dataset whose tables stand in the session by their names, under (ε, δ) for one unit with all of its rows. Counts are
 * made in the worker, noise here; exact counts go no further. Gives the artefact, unsigned. Refuses where the key of the unit's
 * table repeats, since one person would then count twice, and where there are too few units.
 * Source: synthetic-and-masking.md §4; requirement U6.
 */
export async function fitTables(
  session: EnclaveSession,
  dataset: Dataset,
  request: FitRequest,
  noise: Noise,
): Promise<Result<Artefact, readonly Problem[]>> {
  const wrong = privacyProblems(request);
  if (wrong.length > 0) return err(wrong);
  const plan = planFit(dataset, request);
  if (!plan.ok) return plan;
  const { unit, steps } = plan.value;
  for (const step of steps) {
    const repeated = await keyRepeats(session, dataset, step, unit, request.sealed === true);
    if (repeated) return err([problem('synth.key_repeats', { table: step.table })]);
  }
  const rho = rhoOf(request.epsilon, request.delta);
  const tables: FittedTable[] = [];
  const ledger: Artefact['privacy']['ledger'][number][] = [];
  for (const [index, step] of steps.entries()) {
    const model = await fitStep(session, step, index, rho, noise, request);
    ledger.push(...model.ledger.map((entry) => ({ table: step.table, ...entry })));
    const units = model.slices.reduce((sum, value) => sum + value, 0);
    if (units < LEAST_UNITS && step.child === undefined)
      return err([problem('synth.too_small', { table: step.table, least: LEAST_UNITS })]);
    const { table, columns, child } = step;
    tables.push({ table, columns, model, ...(child === undefined ? {} : { child: { ...child, edges: CHILD_EDGES } }) });
  }
  return ok({
    format: ARTEFACT_FORMAT,
    label: FITTED_LABEL,
    dataset: dataset.name,
    catalogDigest: catalogDigest(dataset),
    declaration: simulationDeclaration(dataset),
    headers: request.headers ?? {},
    privacy: { epsilon: request.epsilon, delta: request.delta, rho, unit, ledger },
    tables,
  });
}

async function fitStep(
  session: EnclaveSession,
  step: FitStep,
  index: number,
  rho: number,
  noise: Noise,
  { independent = false, sealed = false }: FitRequest,
): Promise<FittedModel> {
  const name = sealed ? `(${step.cells})` : `fit_${index}`;
  if (!sealed) await rowsOf(session, `CREATE OR REPLACE TABLE ${name} AS ${step.cells}`);
  const source = sqlCounts(session, { name, cells: step.attributes.map((attribute) => attribute.cells), one: step.one, sealed });
  return fitModel(source, noise, {
    attributes: step.attributes,
    rho: rho * step.share,
    independent,
    given: step.child?.given ?? 0,
    ...(step.target === undefined ? {} : { target: step.target }),
  });
}

/** Whether the unit's own table names a unit twice. */
async function keyRepeats(session: EnclaveSession, dataset: Dataset, step: FitStep, unit: string, sealed: boolean): Promise<boolean> {
  const table = dataset.tables.find((item) => item.name === step.table);
  const column = table?.units[unit]?.column;
  if (table === undefined || column === undefined || step.child !== undefined) return false;
  const key = quoteName(sealed ? UNIT_COLUMN(unit) : column);
  const [row] = await rowsOf(session, `SELECT count(*) > count(DISTINCT ${key}) FROM ${quoteName(table.name)}`);
  return row?.[0] === true;
}
