import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import type { Compilation } from './context.ts';
import { numberOf } from './fold.ts';
import { isExact, notAllowed } from './literal-leaf.ts';
import { physical, shown } from './print.ts';
import { refuseConstruct } from './refusal.ts';
import { calledColumn } from './scope.ts';

/** A comparison as it runs and as people are shown it. */
export interface PrintedLeaf {
  readonly sql: string;
  readonly shown: string;
}

type Comparison = Extract<Test, { kind: 'compare' }>;

/** Marks columns whose values the merchant wrote or computed. */
export const MERCHANT_VALUE = 'merchant value';

const OFFSETS = new Set(['+', '-']);

/** A column, or one with a constant added. */
function offsetColumn(scalar: Scalar): BoundColumn | undefined {
  if (scalar.kind === 'column') return scalar.column;
  if (scalar.kind !== 'call' || !OFFSETS.has(scalar.name) || scalar.arguments.length !== 2) return undefined;
  const [a, b] = scalar.arguments;
  const isConstant = (item: Scalar | undefined): boolean =>
    item?.kind === 'interval' || (item !== undefined && numberOf(item) !== undefined);
  if (a?.kind === 'column' && isConstant(b)) return a.column;
  return scalar.name === '+' && b?.kind === 'column' && isConstant(a) ? b.column : undefined;
}

/** Refuses two columns of which one may not be compared with the other. Source: formats.md (permissions of the roles). */
export function checkCompared(left: BoundColumn, right: BoundColumn): void {
  for (const side of [left, right])
    if (!isOpenColumn(side) && ROLE_PERMISSIONS[side.column.role].compareColumn !== 'yes') notAllowed(side, 'compare with another column');
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (side.column.semantic === MERCHANT_VALUE && !isExact(other)) notAllowed(other, 'compare with values of a table of your own');
}

/** Two columns, a constant perhaps added to one. Texts are ordered where both may be labels. Source: gate.md §5 (predicates: two columns). Throws Refused. */
export function columnsComparison(test: Comparison, compilation: Compilation): PrintedLeaf {
  const left = offsetColumn(test.left) ?? refuseConstruct('comparison of expressions', test.at);
  const right = offsetColumn(test.right) ?? refuseConstruct('comparison of expressions', test.at);
  if (test.left.kind !== 'column' || test.right.kind !== 'column')
    compilation.noteProbe(left, `offset ${shown(test.left)} ${shown(test.right)}`);
  checkCompared(left, right);
  const kinds = [typeClass(left.column), typeClass(right.column)];
  const dates = kinds.every((kind) => kind === 'date' || kind === 'timestamp');
  const equality = test.operator === '=' || test.operator === '<>';
  const isOwn = (side: BoundColumn): boolean => isExact(side) && side.column.semantic !== MERCHANT_VALUE;
  const ordered = kinds[0] === 'text' && kinds[1] === 'text' && isOwn(left) && isOwn(right);
  const comparable =
    dates || ordered || (kinds[0] === kinds[1] && kinds[0] !== 'other' && (equality || (kinds[0] !== 'text' && kinds[0] !== 'boolean')));
  if (!comparable) notAllowed(left, `compare by ${test.operator} with ${calledColumn(right)}`);
  const write = (print: (scalar: Scalar) => string): string => `${print(test.left)} ${test.operator} ${print(test.right)}`;
  return { sql: write(physical), shown: write(shown) };
}
