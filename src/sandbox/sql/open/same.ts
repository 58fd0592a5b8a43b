import { foldName } from '../../../catalog/identifier.ts';
import type { Expression } from '../ast.ts';

/** Whether two expressions are written alike, positions and the case of names aside. Source: gate.md §9 (what stands above a gate). */
export function sameExpression(left: Expression, right: Expression): boolean {
  return normal(left) === normal(right);
}

function normal(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if (key === 'at') return undefined;
    return key === 'path' && Array.isArray(value) ? value.map((part) => foldName(String(part))) : value;
  });
}
