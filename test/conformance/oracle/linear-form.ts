import { asTrees, booleanConstant, type Tree } from './syntax.ts';

/** Multiples of components, by their index, and a constant. */
export interface Linear {
  readonly of: ReadonlyMap<number, number>;
  readonly constant: number;
}

/** An output that is a sum of multiples of components, divided by another such sum where `under` is not null. */
export interface LinearForm {
  readonly over: Linear;
  readonly under: Linear | null;
}

/** What a call stands for: its component, a sum and the number it is divided by, or nothing known. */
export type CallForm = (call: Tree) => LinearForm | null;

/** Reads an output as a linear form of its aggregate calls; null where it is none: `bool_or`, a median, a product of sums. */
export function linearForm(node: Tree, calls: readonly Tree[], formOf: CallForm): LinearForm | null {
  const read = (tree: Tree): LinearForm | null => {
    if (calls.includes(tree)) return booleanConstant(tree.filter) === false ? constant(0) : formOf(tree);
    const children = asTrees(tree.children);
    const [first, second, ...more] = children;
    if (tree.class === 'CONSTANT') return numberIn(tree);
    if (tree.class === 'CAST') return read(tree.child as Tree);
    if (first === undefined || more.length > 0) return null;
    if (tree.type === 'OPERATOR_COALESCE') return second === undefined || isZero(second) ? read(first) : null;
    if (tree.class !== 'FUNCTION') return null;
    const a = read(first);
    if (a === null) return null;
    if (second === undefined) return tree.function_name === '-' ? scaled(a, -1) : null;
    if (tree.function_name === 'ifnull' || tree.function_name === 'nullif') return isZero(second) ? a : null;
    const b = read(second);
    return b === null ? null : combined(String(tree.function_name), a, b);
  };
  return read(node);
}

function combined(operator: string, a: LinearForm, b: LinearForm): LinearForm | null {
  const [left, right] = [constantOf(a), constantOf(b)];
  switch (operator) {
    case '+':
    case '-':
      return a.under === null && b.under === null ? { over: plus(a.over, b.over, operator === '+' ? 1 : -1), under: null } : null;
    case '*':
      return right !== null ? scaled(a, right) : left !== null ? scaled(b, left) : null;
    case '/':
      if (right !== null) return right === 0 ? null : scaled(a, 1 / right);
      return a.under === null && b.under === null ? { over: a.over, under: b.over } : null;
    default:
      return null;
  }
}

/** The form of one component. */
export function single(component: number): LinearForm {
  return { over: { of: new Map([[component, 1]]), constant: 0 }, under: null };
}

function constant(value: number): LinearForm {
  return { over: { of: new Map(), constant: value }, under: null };
}

function constantOf({ over, under }: LinearForm): number | null {
  return under === null && over.of.size === 0 ? over.constant : null;
}

function scaled({ over, under }: LinearForm, by: number): LinearForm {
  return { over: { of: new Map([...over.of].map(([index, times]) => [index, times * by])), constant: over.constant * by }, under };
}

function plus(a: Linear, b: Linear, sign: 1 | -1): Linear {
  const of = new Map(a.of);
  for (const [index, times] of b.of) of.set(index, (of.get(index) ?? 0) + sign * times);
  return { of, constant: a.constant + sign * b.constant };
}

function numberIn(tree: Tree): LinearForm | null {
  const value = tree.value as Tree | undefined;
  const scale = Number(((value?.type as Tree | undefined)?.type_info as Tree | null | undefined)?.scale ?? 0);
  const number = Number(value?.value) / 10 ** scale;
  return value?.is_null === true || Number.isNaN(number) ? null : constant(number);
}

function isZero(tree: Tree): boolean {
  const found = tree.class === 'CONSTANT' ? numberIn(tree) : null;
  return found !== null && found.over.constant === 0;
}
