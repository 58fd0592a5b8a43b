import type { Expression } from '../ast.ts';
import { holdsAggregate, holdsQuery } from './expressions.ts';
import { Refused } from './refusal.ts';
import { type Environment, resolveScalar } from './resolve.ts';
import { scalarName } from './scalar-name.ts';

/** Which key an expression is, or −1. Source: gate.md §3.3, §4. */
export function keyIndex(expression: Expression, names: readonly string[], environment: Environment): number {
  if (
    expression.kind === 'literal' ||
    expression.kind === 'subquery' ||
    expression.kind === 'window' ||
    holdsAggregate(expression) ||
    holdsQuery(expression)
  )
    return -1;
  try {
    return names.indexOf(scalarName(resolveScalar(expression, environment)));
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return -1; // what is no expression over the rows is no key
  }
}
