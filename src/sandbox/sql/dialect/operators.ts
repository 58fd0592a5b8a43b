import { DIFFERENCES, type ValueType } from './dialect.ts';
import { momentLiteral } from './moments.ts';
import type { Term } from './regroup.ts';
import { type Printed, refused, type Translation, type TreeNode } from './tree.ts';
import { asCondition, asNumber, isNeverZero, isNumeric, isTextLiteral } from './value-types.ts';

type Print = (term: Term) => Printed;
type Binary = Extract<Term, { readonly kind: 'binary' }>;

/** How IS [NOT] DISTINCT FROM comes back from the disguise. */
const NULL_AWARE: Readonly<Record<string, string>> = {
  '&&': 'IS NOT DISTINCT FROM',
  '|': 'IS NOT DISTINCT FROM',
  '!=': 'IS DISTINCT FROM',
};
const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Prints an operator over printed operands, in the meaning it has in the merchant's dialect. Throws DialectRefused. Source: ADR 0012. */
export function printOperator(term: Exclude<Term, { readonly kind: 'leaf' }>, print: Print, t: Translation): Printed {
  if (term.kind === 'prefix') return printPrefix(term.operator, print(term.item), term.node, t);
  if (term.kind === 'between') {
    const input = print(term.input);
    const bounds = [term.lower, term.upper].map((bound) => comparable(print(bound), input).sql);
    noteText([input], t);
    return { sql: `(${input.sql} ${term.negated ? 'NOT ' : ''}BETWEEN ${bounds.join(' AND ')})`, type: 'boolean' };
  }
  if (term.operator === 'AND' || term.operator === 'OR') {
    const operands = chain(term, term.operator).map((item) => asCondition(print(item), t));
    return { sql: `(${operands.join(` ${term.operator} `)})`, type: 'boolean' };
  }
  const [left, right] = [print(term.left), print(term.right)];
  const nullAware = NULL_AWARE[term.operator];
  if (COMPARISONS.has(term.operator) || nullAware !== undefined) return printComparison(nullAware ?? term.operator, left, right, t);
  if (term.operator === 'IS' || term.operator === 'IS NOT') return printIs(term, left, right, t);
  if (term.operator.endsWith('LIKE')) return printLike(term, left, right, t);
  if (term.operator === '||') return { sql: `(${left.sql} || ${right.sql})`, type: 'text' };
  // MySQL reads a string as the date that it is beside INTERVAL.
  const dated =
    t.dialect === 'mysql' && right.type === 'interval' && isTextLiteral(left) ? momentLiteral(left.sql.slice(1, -1)) : undefined;
  return printArithmetic(term, dated ?? asNumber(left, t), asNumber(right, t), t);
}

/** The operands of a run of one operator, so that long conditions stay flat. */
function chain(term: Term, operator: string): readonly Term[] {
  if (term.kind !== 'binary' || term.operator !== operator) return [term];
  return [...chain(term.left, operator), term.right];
}

function printPrefix(operator: string, item: Printed, node: TreeNode, t: Translation): Printed {
  if (operator === 'NOT') return { sql: `(NOT ${asCondition(item, t)})`, type: 'boolean' };
  const number = asNumber(item, t);
  if (!isNumeric(number.type) && number.type !== 'unknown') throw refused(`${operator} before a value that is no number`, node, t);
  return operator === '+' ? number : { sql: `(-${number.sql})`, type: number.type };
}

function printComparison(operator: string, left: Printed, right: Printed, t: Translation): Printed {
  const [a, b] = isNumeric(left.type) || isNumeric(right.type) ? [asNumber(left, t), asNumber(right, t)] : [left, right];
  noteText([left, right], t);
  return { sql: `(${comparable(a, b).sql} ${operator} ${comparable(b, a).sql})`, type: 'boolean' };
}

/** A string compared with a date is a date in all three dialects; DuckDB's gate wants it spelled so. */
export function comparable(value: Printed, other: Printed): Printed {
  if ((other.type !== 'date' && other.type !== 'timestamp') || !isTextLiteral(value)) return value;
  return momentLiteral(value.sql.slice(1, -1)) ?? value;
}

/** Says once that MySQL's default collation would find more texts equal. */
export function noteText(values: readonly Printed[], t: Translation): void {
  const isMoment = values.some((value) => value.type === 'date' || value.type === 'timestamp');
  if (t.dialect === 'mysql' && !isMoment && values.some((value) => value.type === 'text'))
    t.differences.add(DIFFERENCES.textIsCaseSensitive);
}

function printIs(term: Binary, left: Printed, right: Printed, t: Translation): Printed {
  if (!['NULL', 'TRUE', 'FALSE'].includes(right.sql)) throw refused(term.operator, term.node, t);
  const input = right.sql === 'NULL' ? left.sql : asCondition(left, t);
  return { sql: `(${input} ${term.operator} ${right.sql})`, type: 'boolean' };
}

/** A backslash escapes in patterns of MySQL and PostgreSQL, and is a character in Trino and DuckDB. */
function printLike(term: Binary, left: Printed, right: Printed, t: Translation): Printed {
  if (!isTextLiteral(right)) throw refused(`${term.operator} with a pattern that is no string`, term.node, t);
  if (t.dialect !== 'trino' && right.sql.includes('\\')) throw refused(`${term.operator} with a backslash`, term.node, t);
  noteText([right], t);
  return { sql: `(${left.sql} ${term.operator} ${right.sql})`, type: 'boolean' };
}

function printArithmetic(term: Binary, left: Printed, right: Printed, t: Translation): Printed {
  const { operator, node } = term;
  const types = [left.type, right.type];
  if (types.some((type) => type === 'text' || type === 'boolean')) throw refused(`${operator} with a value that is no number`, node, t);
  if (types.some((type) => ['date', 'timestamp', 'interval'].includes(type))) return printMoment(operator, left, right, node, t);
  const type: ValueType = types.includes('fraction') ? 'fraction' : types.includes('unknown') ? 'unknown' : 'integer';
  if (operator === '/') return printQuotient(left, right, node, t);
  if (operator === 'DIV') {
    if (type === 'integer') return { sql: `(${left.sql} // ${right.sql})`, type };
    return { sql: `CAST(trunc(${left.sql} / ${divisor(right)}) AS BIGINT)`, type: 'integer' };
  }
  if (operator !== '%') return { sql: `(${left.sql} ${operator} ${right.sql})`, type };
  noteZero(right, t);
  return { sql: `(${left.sql} % ${t.dialect === 'mysql' ? divisor(right) : right.sql})`, type };
}

/**
 * MySQL never divides whole numbers and gives NULL for a divisor of 0. PostgreSQL and Trino cut quotients of whole
 * numbers off: where the operands may or may not be whole, no translation is faithful.
 */
function printQuotient(left: Printed, right: Printed, node: TreeNode, t: Translation): Printed {
  if (t.dialect === 'mysql') {
    t.differences.add(DIFFERENCES.quotientsAreNotRounded);
    return { sql: `(${left.sql} / ${divisor(right)})`, type: 'fraction' };
  }
  const types = [left.type, right.type];
  noteZero(right, t);
  if (types.includes('fraction')) {
    t.differences.add(DIFFERENCES.quotientsAreNotRounded);
    return { sql: `(${left.sql} / ${right.sql})`, type: 'fraction' };
  }
  if (types.includes('unknown')) throw refused('/ between values that may be whole numbers (cast one to DOUBLE)', node, t);
  return { sql: `(${left.sql} // ${right.sql})`, type: 'integer' };
}

function divisor(value: Printed): string {
  return isNeverZero(value) ? value.sql : `nullif(${value.sql}, 0)`;
}

function noteZero(value: Printed, t: Translation): void {
  if (t.dialect !== 'mysql' && !isNeverZero(value)) t.differences.add(DIFFERENCES.divisionByZeroDoesNotFail);
}

/** Dates and intervals: a moment ± an interval everywhere, dates ± days and date − date in PostgreSQL only. */
function printMoment(operator: string, left: Printed, right: Printed, node: TreeNode, t: Translation): Printed {
  const sql = `(${left.sql} ${operator} ${right.sql})`;
  const [a, b] = [left.type, right.type];
  const isMoment = (type: ValueType): boolean => type === 'date' || type === 'timestamp' || type === 'unknown';
  if ((operator === '+' || operator === '-') && b === 'interval' && isMoment(a)) return { sql, type: movedType(a, t) };
  if (operator === '+' && a === 'interval' && isMoment(b)) return { sql, type: movedType(b, t) };
  if (t.dialect === 'postgresql' && a === 'date') {
    if (operator === '-' && b === 'date') return { sql, type: 'integer' };
    if ((operator === '-' || operator === '+') && b === 'integer') return { sql, type: 'date' };
  }
  throw refused(`${operator} between dates`, node, t);
}

/** The type of a moment after an interval was added. */
export function movedType(type: ValueType, t: Translation): ValueType {
  if (t.dialect !== 'postgresql' && type !== 'timestamp') t.differences.add(DIFFERENCES.dateBecomesTimestamp);
  return type === 'unknown' ? 'unknown' : 'timestamp';
}
