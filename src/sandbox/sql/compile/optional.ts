import type { TableInstance } from '../model/bound.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { refuseConstruct } from './refusal.ts';

/** A scalar over rows that a LEFT JOIN may not find: its columns are those of the optional instance. Throws Refused. Source: gate.md §4 (joins). */
export function optionalScalar(scalar: Scalar, swap: ReadonlyMap<TableInstance, TableInstance>): Scalar {
  const again = (item: Scalar): Scalar => optionalScalar(item, swap);
  switch (scalar.kind) {
    case 'column': {
      const instance = swap.get(scalar.column.instance) ?? scalar.column.instance;
      return { ...scalar, column: { ...scalar.column, instance, column: { ...scalar.column.column, nullable: true } } };
    }
    case 'call':
      return { ...scalar, arguments: scalar.arguments.map(again) };
    case 'cast':
      return { ...scalar, input: again(scalar.input) };
    case 'case':
    case 'truth':
      return refuseConstruct('CASE on the right side of a LEFT JOIN', scalar.at);
    case 'literal':
      return refuseConstruct('constant on the right side of a LEFT JOIN', scalar.at);
    default:
      return scalar;
  }
}

/** The same of a condition. Throws Refused. Source: gate.md §4 (joins). */
export function optionalTest(test: Test, swap: ReadonlyMap<TableInstance, TableInstance>): Test {
  const scalar = (item: Scalar): Scalar => (item.kind === 'literal' ? item : optionalScalar(item, swap));
  switch (test.kind) {
    case 'compare':
      return { ...test, left: scalar(test.left), right: scalar(test.right) };
    case 'isNull':
    case 'like':
    case 'member':
      return { ...test, input: scalar(test.input) };
    case 'and':
    case 'or':
      return { ...test, items: test.items.map((item) => optionalTest(item, swap)) };
    case 'not':
      return { ...test, item: optionalTest(test.item, swap) };
    default:
      return test;
  }
}
