import type { Expression, FrameBound, OrderItem, Subquery, Window } from '../../../src/sandbox/sql/ast.ts';
import { printLiteral, quoted } from './print-literal.ts';
import type { Printer } from './speller.ts';

/** A name, quoted where it must be and sometimes where it need not. */
export function printName(name: string, spell: Printer, always = false): string {
  const plain = /^[a-z_][a-z0-9_]*$/i.test(name) && name !== 'select' && !always;
  return plain ? spell.one(name, quoted(name, '"')) : quoted(name, '"');
}

export function printOrder(items: readonly OrderItem[], spell: Printer): string {
  const text = ({ expression, descending, nulls }: OrderItem) =>
    [
      operand(expression, spell),
      descending ? spell.word('desc') : spell.one('', spell.word('asc')),
      nulls === 'default' ? '' : spell.word(`nulls ${nulls}`),
    ].join(' ');
  return items.map(text).join(', ');
}

/** In brackets unless it is one word. */
function operand(item: Expression, spell: Printer): string {
  const text = printExpression(item, spell);
  return item.kind === 'column' ? spell.one(text, `(${text})`) : `(${text})`;
}

const list = (items: readonly Expression[], spell: Printer): string => items.map((item) => printExpression(item, spell)).join(', ');

/** One of the spellings of an expression, chosen by the speller. */
export function printExpression(item: Expression, spell: Printer): string {
  const of = (inner: Expression) => operand(inner, spell);
  const word = (text: string) => spell.word(text);
  switch (item.kind) {
    case 'column':
      return item.path.map((name) => printName(name, spell)).join('.');
    case 'literal':
    case 'interval':
      return printLiteral(item, spell);
    case 'compare':
      return `${of(item.left)} ${compareWord(item.operator, spell)} ${of(item.right)}`;
    case 'between':
      return `${of(item.input)} ${word('between')} ${of(item.lower)} ${word('and')} ${of(item.upper)}`;
    case 'in':
      return `${of(item.input)} ${word(item.negated ? 'not in' : 'in')} (${list(item.items, spell)})`;
    case 'isNull':
      return `${of(item.input)} ${item.negated ? spell.one(word('is not null'), word('notnull')) : spell.one(word('is null'), word('isnull'), word('is unknown'))}`;
    case 'and':
    case 'or':
      return item.items.map(of).join(` ${word(item.kind)} `);
    case 'not':
      return printNot(item.item, spell);
    case 'case':
      return printCase(item, spell);
    case 'cast':
      return printCast(item, spell);
    case 'call':
      return printCall(item, spell);
    case 'subquery':
      return printSubquery(item, spell);
    case 'window':
      return printWindow(item, spell);
    case 'star':
      throw new Error('No star inside an expression');
  }
}

function compareWord(operator: string, spell: Printer): string {
  if (operator === '=') return spell.one('=', '==');
  return operator === '<>' ? spell.one('<>', '!=') : spell.word(operator);
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function printNot(item: Expression, spell: Printer): string {
  const plain = `${spell.word('not')} (${printExpression(item, spell)})`;
  if (item.kind === 'between') {
    return spell.one(
      plain,
      `${operand(item.input, spell)} ${spell.word('not between')} ${operand(item.lower, spell)} ${spell.word('and')} ${operand(item.upper, spell)}`,
    );
  }
  if (item.kind !== 'subquery' || item.form !== 'any' || item.input === null) return plain;
  const query = `(${spell.query(item.query)})`;
  const input = operand(item.input, spell);
  if (item.operator === '=') return spell.one(plain, `${input} ${spell.word('not in')} ${query}`);
  return spell.one(plain, `${input} ${OPPOSITE[item.operator]} ${spell.word('all')} ${query}`);
}

function printCase(item: Extract<Expression, { readonly kind: 'case' }>, spell: Printer): string {
  const { branches, otherwise } = item;
  const [only, ...more] = branches;
  if (only !== undefined && more.length === 0 && otherwise !== null && spell.one(true, false)) {
    return `${spell.word('if')}(${list([only.when, only.then, otherwise], spell)})`;
  }
  const whens = branches.map(
    ({ when, then: result }) =>
      `${spell.word('when')} ${printExpression(when, spell)} ${spell.word('then')} ${printExpression(result, spell)}`,
  );
  const last = otherwise === null ? spell.one('', spell.word('else null')) : `${spell.word('else')} ${printExpression(otherwise, spell)}`;
  return `${spell.word('case')} ${whens.join(' ')} ${last} ${spell.word('end')}`;
}

const TYPE_NAMES: Readonly<Record<string, readonly string[]>> = {
  INTEGER: ['integer', 'int', 'int4'],
  BIGINT: ['bigint', 'int8'],
  DOUBLE: ['double', 'double precision', 'float8'],
  FLOAT: ['float', 'real', 'float4'],
  'DECIMAL(12,2)': ['decimal(12,2)', 'numeric(12, 2)'],
  VARCHAR: ['varchar', 'text', 'varchar(10)', 'string'],
  TIMESTAMP: ['timestamp', 'datetime'],
  BOOLEAN: ['boolean', 'bool'],
};

function printCast({ input, type }: Extract<Expression, { readonly kind: 'cast' }>, spell: Printer): string {
  const name = spell.word(spell.one(...(TYPE_NAMES[type] ?? [type])));
  const text = printExpression(input, spell);
  return spell.one(
    `${spell.word('cast')}(${text} ${spell.word('as')} ${name})`,
    `${spell.word('try_cast')}(${text} as ${name})`,
    `(${text})::${name}`,
  );
}

const LIKE: Readonly<Record<string, string>> = { '~~': 'like', '!~~': 'not like', '~~*': 'ilike', '!~~*': 'not ilike', '~~~': 'glob' };

function printCall(item: Extract<Expression, { readonly kind: 'call' }>, spell: Printer): string {
  const [first, second] = item.arguments;
  if (item.operator && first !== undefined) {
    if (second === undefined) return `${item.name} ${operand(first, spell)}`;
    const like = LIKE[item.name];
    const operator = like === undefined ? item.name : spell.one(item.name, spell.word(like));
    return `${operand(first, spell)} ${operator} ${operand(second, spell)}`;
  }
  const filter = item.filter === null ? '' : ` ${spell.word('filter')} (${spell.word('where')} ${printExpression(item.filter, spell)})`;
  if (item.name === 'count_star') return `${spell.word('count')}(${spell.one('*', '')})${filter}`;
  if (item.name === 'coalesce' && item.arguments.length === 2 && spell.one(true, false))
    return `${spell.word('ifnull')}(${list(item.arguments, spell)})`;
  const order = item.orderBy.length === 0 ? '' : ` ${spell.word('order by')} ${printOrder(item.orderBy, spell)}`;
  const distinct = item.distinct ? `${spell.word('distinct')} ` : '';
  const bare = !item.distinct && !['coalesce', 'grouping', 'nullif'].includes(item.name);
  return `${bare ? spell.one('', 'main.') : ''}${spell.word(item.name)}(${distinct}${list(item.arguments, spell)}${order})${filter}`;
}

function printSubquery(item: Subquery, spell: Printer): string {
  const query = `(${spell.query(item.query)})`;
  if (item.form === 'scalar') return query;
  if (item.form === 'exists' || item.input === null) return `${spell.word('exists')} ${query}`;
  const input = operand(item.input, spell);
  const any = `${input} ${compareWord(item.operator, spell)} ${spell.word(spell.one('any', 'some'))} ${query}`;
  return item.operator === '=' ? spell.one(any, `${input} ${spell.word('in')} ${query}`) : any;
}

function printWindow(item: Window, spell: Printer): string {
  const name = item.name === 'count_star' ? 'count' : item.name;
  const parameters = item.name === 'count_star' ? spell.one('*', '') : list(item.arguments, spell);
  const filter = item.filter === null ? '' : ` ${spell.word('filter')} (${spell.word('where')} ${printExpression(item.filter, spell)})`;
  const over: string[] = [];
  if (item.partitionBy.length > 0) over.push(`${spell.word('partition by')} ${list(item.partitionBy, spell)}`);
  if (item.orderBy.length > 0) over.push(`${spell.word('order by')} ${printOrder(item.orderBy, spell)}`);
  const { mode, start, end } = item.frame;
  const bound = (edge: FrameBound) => printBound(edge, spell);
  const isShort = end.kind === 'currentRow';
  const isDefault = mode === 'range' && isShort && start.kind === 'unboundedPreceding';
  const long = `${spell.word(`${mode} between`)} ${bound(start)} ${spell.word('and')} ${bound(end)}`;
  over.push(spell.one(long, isShort ? `${spell.word(mode)} ${bound(start)}` : long, isDefault ? '' : long));
  return `${spell.word(name)}(${parameters})${filter} ${spell.word('over')} (${over.join(' ')})`;
}

function printBound(bound: FrameBound, spell: Printer): string {
  if (bound.kind === 'preceding' || bound.kind === 'following')
    return `(${printExpression(bound.offset, spell)}) ${spell.word(bound.kind)}`;
  const words = { unboundedPreceding: 'unbounded preceding', currentRow: 'current row', unboundedFollowing: 'unbounded following' };
  return spell.word(words[bound.kind]);
}
