import { isTreeNode, items, only, refused, type Translation, type TreeNode } from './tree.ts';

/** An expression grouped by the dialect's own precedence. */
export type Term =
  | { readonly kind: 'leaf'; readonly node: TreeNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Term; readonly right: Term; readonly node: TreeNode }
  | { readonly kind: 'prefix'; readonly operator: string; readonly item: Term; readonly node: TreeNode }
  | {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly input: Term;
      readonly lower: Term;
      readonly upper: Term;
      readonly node: TreeNode;
    };

type Piece =
  | { readonly kind: 'operand'; readonly node: TreeNode }
  | { readonly kind: 'prefix' | 'infix'; readonly operator: string; readonly node: TreeNode; readonly lower?: TreeNode };

interface Reading {
  readonly pieces: readonly Piece[];
  readonly t: Translation;
  next: number;
}

const COMPARISON = 4;
const NOT = 3;
const UNARY = 8;
const MAX_OPERATORS = 600;
/** How strongly operators bind; of those we translate the three dialects agree on the order. `&&`, `!=`, `|`: see disguise.ts. */
const BINDING: Readonly<Record<string, number>> = {
  OR: 1,
  AND: 2,
  ...Object.fromEntries(
    ['=', '<>', '<', '<=', '>', '>=', '&&', '!=', '|', 'IS', 'IS NOT', 'IN', 'NOT IN', 'BETWEEN', 'NOT BETWEEN']
      .concat(['LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE'])
      .map((operator) => [operator, COMPARISON]),
  ),
  '||': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  DIV: 7,
};

/**
 * Groups an expression anew. node-sql-parser keeps parentheses and the order of what it reads, but not precedence:
 * `a OR b AND c` and `a + b || c` come grouped from the left or from the right. So its tree is laid flat up to
 * parentheses and put together by the manuals' tables. Comparisons do not chain: `a = b = c` is refused.
 * Throws DialectRefused for operators that are not on the list.
 * Source: MySQL 8.4 manual §14.4.1, PostgreSQL 17 manual §4.1.6, Trino's SqlBase.g4.
 */
export function regroup(node: TreeNode, t: Translation): Term {
  const pieces: Piece[] = [];
  flatten(node, 0, pieces, t);
  const reading: Reading = { pieces, t, next: 0 };
  const term = read(reading, 0);
  if (reading.next !== pieces.length) throw refused('operators in this order', node, t);
  return term;
}

/** `depth` 0 is the expression itself, whose own parentheses do not matter. */
function flatten(node: TreeNode, depth: number, out: Piece[], t: Translation): void {
  if (depth > MAX_OPERATORS || out.length > MAX_OPERATORS)
    throw refused(`an expression of more than ${MAX_OPERATORS} operators`, out[0]?.node, t);
  const isGroup = Boolean(node.parentheses) && depth > 0;
  if (!isGroup && node.type === 'binary_expr') {
    only(node, ['type', 'operator', 'left', 'right', 'parentheses'], 'an operator', t);
    const { operator, left, right } = node;
    if (typeof operator !== 'string' || !isTreeNode(left) || !isTreeNode(right)) throw refused('an operator', node, t);
    flatten(left, depth + 1, out, t);
    flattenRight(operator.toUpperCase(), node, right, depth + 1, out, t);
  } else if (!isGroup && node.type === 'unary_expr' && node.operator !== 'NOT EXISTS') {
    only(node, ['type', 'operator', 'expr', 'parentheses'], 'an operator', t);
    if (!isTreeNode(node.expr)) throw refused('an operator', node, t);
    out.push({ kind: 'prefix', operator: String(node.operator).toUpperCase(), node });
    flatten(node.expr, depth + 1, out, t);
  } else if (!isGroup && isNotCall(node)) {
    only(node, ['type', 'name', 'args', 'parentheses'], 'NOT', t);
    const [item, ...rest] = items(isTreeNode(node.args) ? node.args.value : undefined);
    if (!isTreeNode(item) || rest.length > 0) throw refused('NOT of several values', node, t);
    out.push({ kind: 'prefix', operator: 'NOT', node }, { kind: 'operand', node: { ...item, parentheses: true } });
  } else out.push({ kind: 'operand', node });
}

/** `NOT (a) = b` comes as a call of NOT with `a`, compared with `b`. */
export function isNotCall(node: TreeNode): boolean {
  const name = node.type === 'function' && isTreeNode(node.name) ? items(node.name.name)[0] : undefined;
  return isTreeNode(name) && name.value === 'NOT';
}

function flattenRight(operator: string, node: TreeNode, right: TreeNode, depth: number, out: Piece[], t: Translation): void {
  const isBetween = operator === 'BETWEEN' || operator === 'NOT BETWEEN';
  if (operator === 'IN' || operator === 'NOT IN') {
    out.push({ kind: 'infix', operator, node }, { kind: 'operand', node: right });
  } else if (isBetween) {
    const [lower, upper, ...rest] = items(only(right, ['type', 'value'], 'BETWEEN', t).value);
    if (!isTreeNode(lower) || !isTreeNode(upper) || rest.length > 0) throw refused('BETWEEN', node, t);
    out.push({ kind: 'infix', operator, node, lower });
    flatten(upper, depth, out, t);
  } else {
    out.push({ kind: 'infix', operator, node });
    flatten(right, depth, out, t);
  }
}

/** Reads operands and operators that bind stronger than `floor`. */
function read(reading: Reading, floor: number): Term {
  let left = readPrefix(reading, floor);
  for (;;) {
    const piece = reading.pieces[reading.next];
    if (piece?.kind !== 'infix') return left;
    const strength = BINDING[piece.operator];
    if (strength === undefined) throw refused(piece.operator, piece.node, reading.t);
    if (strength <= floor) return left;
    if (strength === COMPARISON && comparesAlready(left)) throw refused('a comparison of a comparison', piece.node, reading.t);
    reading.next += 1;
    const right = read(reading, strength);
    const following = reading.pieces[reading.next];
    if (strength === COMPARISON && following?.kind === 'infix' && BINDING[following.operator] === COMPARISON) {
      throw refused('a comparison of a comparison', piece.node, reading.t);
    }
    left = combine(piece, left, right, reading.t);
  }
}

function combine(piece: Piece & { readonly kind: 'infix' | 'prefix' }, left: Term, right: Term, t: Translation): Term {
  const { operator, node, lower } = piece;
  if (lower === undefined) return { kind: 'binary', operator, left, right, node };
  const from = regroup(lower, t);
  if (!lower.parentheses && (comparesAlready(from) || (from.kind === 'prefix' && from.operator === 'NOT')))
    throw refused('BETWEEN', node, t);
  return { kind: 'between', negated: operator === 'NOT BETWEEN', input: left, lower: from, upper: right, node };
}

function readPrefix(reading: Reading, floor: number): Term {
  const piece = reading.pieces[reading.next];
  reading.next += 1;
  if (piece?.kind === 'operand') return { kind: 'leaf', node: piece.node };
  if (piece?.kind !== 'prefix') throw refused('operators in this order', piece?.node, reading.t);
  const strength = piece.operator === 'NOT' ? NOT : UNARY;
  if (!['NOT', '-', '+'].includes(piece.operator) || floor > strength) throw refused(piece.operator, piece.node, reading.t);
  return { kind: 'prefix', operator: piece.operator, item: read(reading, strength), node: piece.node };
}

/** Whether a term is a comparison, AND or OR that stands without parentheses. */
function comparesAlready(term: Term): boolean {
  return term.kind === 'between' || (term.kind === 'binary' && (BINDING[term.operator] ?? 0) <= COMPARISON);
}
