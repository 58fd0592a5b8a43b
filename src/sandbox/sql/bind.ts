import type { Dataset } from '../../catalog/dataset.ts';
import type { Grant } from '../../catalog/grant.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { seal } from '../../kernel/stage.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Expression } from './ast.ts';
import { bindCondition } from './bind-condition.ts';
import { bindJoins } from './bind-joins.ts';
import { bindOutputs } from './bind-outputs.ts';
import type { Bound, BoundCondition, BoundQuery } from './bound.ts';
import type { Parsed } from './parse.ts';
import { openScope } from './scope.ts';

/**
 * Resolves every name of a parsed query against the catalogue and the grant.
 *
 * @returns the query over table instances and columns, or all that could not be resolved. "Not granted" and "does not
 *          exist" are one answer. Does not judge whether a column may be used so: `analyse` does.
 * Source: gate.md §3.3.
 */
export function bind(parsed: Parsed, dataset: Dataset, grant: Grant): Result<Bound, readonly Problem[]> {
  const { statement } = parsed;
  const problems: Problem[] = [];
  const scope = openScope(statement, dataset, grant, problems);
  if (problems.length > 0) return err(problems);

  const joins = bindJoins(statement, scope, problems);
  const where = whereOf(joins.rest, (expression) => bindCondition(expression, scope, problems));
  const { keys, outputs, order } = bindOutputs(statement, scope, problems);
  if (problems.length > 0) return err(problems);

  const query: BoundQuery = { instances: scope.instances, joinKeys: joins.keys, where, keys, outputs, order };
  if (!outputs.some((output) => output.kind === 'aggregate')) return err([problem('sql.no_aggregate', {})]);
  return ok(seal<'bound', BoundQuery>(query));
}

/** WHERE without the join keys, and what ON said besides them. */
function whereOf(rest: readonly Expression[], bindOne: (expression: Expression) => BoundCondition | undefined): BoundCondition | null {
  const items = rest.map(bindOne).filter((item) => item !== undefined);
  const [only] = items;
  if (only === undefined) return null;
  return items.length === 1 ? only : { kind: 'and', items };
}
