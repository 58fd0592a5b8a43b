import type { Expression } from '../ast.ts';
import { expressionText, holdsAggregate, replaceParts } from './expressions.ts';
import { Refused } from './refusal.ts';
import { type Environment, resolveScalar } from './resolve.ts';
import { scalarName } from './scalar-name.ts';

/** Which key an expression is, or −1. Source: gate.md §3.3, §4. */
export function keyIndex(expression: Expression, names: readonly string[], environment: Environment): number {
  if (
    expression.kind === 'literal' ||
    expression.kind === 'window' ||
    holdsAggregate(expression) ||
    holdsUnsettled(expression, environment)
  )
    return -1;
  try {
    return names.indexOf(scalarName(resolveScalar(expression, environment)));
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return -1; // what is no expression over the rows is no key
  }
}

/** Whether an inner query stands in the expression that is no figure of the rows. */
function holdsUnsettled(expression: Expression, environment: Environment): boolean {
  let found = false;
  replaceParts(expression, (part) => {
    if (part.kind === 'subquery' && environment.settled?.has(expressionText(part)) !== true) found = true;
    return undefined;
  });
  return found;
}
