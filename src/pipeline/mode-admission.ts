import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { type DisclosureMode, EXACT } from '../catalog/disclosure-mode.ts';
import type { ModeConstruct } from '../problems/codes/mode.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Rewritten } from '../sandbox/sql/model/program.ts';
import type { JobContext } from './job.ts';
import { privatePlan } from './private/private-plan.ts';

/** Aggregates that rounding and cell keys can change, and those that tell no number of anybody. */
const CHANGED: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'quantile', 'mode']);

/**
 * What of an admitted statement is not answered in the mode of the data; empty where all is. Depends on query and catalogue
 * only. Source: gate.md §8 (strictest wins), §3 (a refusal names the construct and how to rewrite it).
 */
export function modeProblems(program: Rewritten, { dataset, mode = EXACT }: Pick<JobContext, 'dataset' | 'mode'>): readonly Problem[] {
  const found = new Set<ModeConstruct>();
  for (const stage of program.stages) {
    const construct = stage.kind === 'gate' ? refusedIn(stage.gate, dataset, mode) : undefined;
    if (construct !== undefined) found.add(construct);
  }
  return [...found].map((construct) => problem('mode.not_answered', { mode: mode.kind, construct }));
}

type Gate = Extract<Rewritten['stages'][number], { readonly kind: 'gate' }>['gate'];

function refusedIn(gate: Gate, dataset: Dataset, mode: DisclosureMode): ModeConstruct | undefined {
  if (mode.kind === 'exact-withheld') return undefined;
  if (mode.kind !== 'dp') return gate.outputs.every((output) => CHANGED.has(output.functional.kind)) ? undefined : 'aggregate';
  const plan = privatePlan(gate, dataset, mode);
  return typeof plan === 'string' ? plan : undefined;
}

/**
 * What compilation may know of the data: under differential privacy nothing that was measured of protected tables, because
 * what is admitted would tell of it. Source: gate.md §8.
 */
export function knownProfile({ dataset, version, mode = EXACT }: JobContext): DatasetVersion['profile'] {
  if (mode.kind !== 'dp') return version.profile;
  const isPublic = (name: string): boolean => dataset.tables.some((table) => table.name === name && table.visibility === 'public');
  return { tables: version.profile.tables.filter(({ table }) => isPublic(table)), units: [] };
}
