import type { Expression, Subquery } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { expressionText, replaceParts } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { Environment } from './resolve.ts';

/**
 * Inner queries of expressions that are computed row by row, where they give a figure of the row's own unit: the figures
 * are joined to the rows, and stand for the queries from then on, by their text. Other inner queries are left to where
 * they stand. Source: gate.md §4 (subqueries). Throws Refused for a query that names the rows around it in another way.
 */
export function settledQueries(expressions: readonly Expression[], environment: Environment, frame: Frame): ReadonlyMap<string, Scalar> {
  const found = new Map<string, Scalar>();
  for (const query of expressions.flatMap(valuesIn)) {
    const text = expressionText(query);
    if (found.has(text)) continue;
    const checkpoint = frame.compilation.checkpoint();
    let isJoined = false;
    const attach: Environment['attach'] = (rows) => {
      isJoined = true;
      environment.attach?.(rows);
    };
    const value = environment.inner.value(query, { ...environment, attach });
    if (isJoined) found.set(text, value);
    else frame.compilation.rollBack(checkpoint);
  }
  return found;
}

function valuesIn(expression: Expression): readonly Subquery[] {
  const found: Subquery[] = [];
  replaceParts(expression, (part) => {
    if (part.kind === 'subquery' && part.form === 'scalar') found.push(part);
    return undefined;
  });
  return found;
}
