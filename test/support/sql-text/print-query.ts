import type { Expression, FromItem, Query, Select, SelectItem } from '../../../src/sandbox/sql/ast.ts';
import { printExpression, printName, printOrder } from './print-expression.ts';
import type { Printer, Speller } from './speller.ts';

/** One of the texts that mean this query, chosen by the speller. */
export function printQuery(query: Query, speller: Speller): string {
  const spell: Printer = { ...speller, query: (inner) => printQuery(inner, speller) };
  const parts: string[] = [];
  const word = (text: string) => parts.push(spell.word(text));
  if (query.commonTables.length > 0) {
    word('with');
    const tables = query.commonTables.map(
      ({ name, columns, query: inner }) =>
        `${printName(name, spell)}${columnList(columns, spell)} ${spell.one(spell.word('as'), spell.word('as materialized'))} (${printQuery(inner, spell)})`,
    );
    parts.push(tables.join(', '));
  }
  parts.push(printBody(query, spell));
  if ('all' in query.orderBy) {
    word('order by all');
    if (query.orderBy.all === 'descending') word('desc');
  } else if (query.orderBy.length > 0) {
    word('order by');
    parts.push(printOrder(query.orderBy, spell));
  }
  if (query.limit !== null) parts.push(`${spell.word('limit')} ${query.limit}`);
  if (query.offset !== null) parts.push(`${spell.word('offset')} ${query.offset}`);
  return parts.join(spell.space());
}

function printBody({ body }: Query, spell: Printer): string {
  if (body.kind === 'select') return printSelect(body, spell);
  const operation = spell.word(`${body.kind}${body.all ? ' all' : ''}`);
  return `(${printQuery(body.left, spell)}) ${operation} (${printQuery(body.right, spell)})`;
}

function printSelect(select: Select, spell: Printer): string {
  const isBareStar = select.items.some(({ expression }) => expression.kind === 'star' && expression.table === '');
  const parts = [spell.word(select.distinct ? 'select distinct' : spell.one('select', 'select all'))];
  parts.push(select.items.map((item) => printItem(item, spell)).join(', '));
  if (select.from !== null) parts.push(spell.word('from'), printFrom(select.from, spell, !isBareStar));
  const clause = (name: string, item: Expression | null) => {
    if (item !== null) parts.push(spell.word(name), printExpression(item, spell));
  };
  clause('where', select.where);
  if (select.grouping !== null) parts.push(spell.word('group by'), printGrouping(select, spell));
  clause('having', select.having);
  clause('qualify', select.qualify);
  return parts.join(spell.space());
}

function printItem({ expression, alias }: SelectItem, spell: Printer): string {
  if (expression.kind === 'star') return printStar(expression, spell);
  const text = printExpression(expression, spell);
  return alias === '' ? text : `${text} ${spell.word('as')} ${printName(alias, spell)}`;
}

function printStar(star: Extract<Expression, { readonly kind: 'star' }>, spell: Printer): string {
  const parts = [star.table === '' ? '*' : `${printName(star.table, spell)}.*`];
  if (star.exclude.length > 0) parts.push(`${spell.word('exclude')} (${star.exclude.map((name) => printName(name, spell)).join(', ')})`);
  const replace = star.replace.map(
    ({ name, expression }) => `${printExpression(expression, spell)} ${spell.word('as')} ${printName(name, spell)}`,
  );
  if (replace.length > 0) parts.push(`${spell.word('replace')} (${replace.join(', ')})`);
  return parts.join(' ');
}

function columnList(columns: readonly string[], spell: Printer): string {
  return columns.length === 0 ? '' : `(${columns.map((name) => printName(name, spell)).join(', ')})`;
}

function printFrom(from: FromItem, spell: Printer, mayTurn: boolean): string {
  if (from.kind === 'join') return printJoin(from, spell, mayTurn);
  const alias =
    from.alias === ''
      ? ''
      : ` ${spell.one('', `${spell.word('as')} `)}${printName(from.alias, spell, true)}${columnList(from.columns, spell)}`;
  if (from.kind === 'table') return `${spell.one('', 'main.')}${printName(from.table, spell, true)}${alias}`;
  if (from.kind === 'subquery') return `(${printQuery(from.query, spell)})${alias}`;
  const rows = from.rows.map((row) => `(${row.map((item) => printExpression(item, spell)).join(', ')})`).join(', ');
  return `(${spell.word('values')} ${rows})${alias}`;
}

function printJoin(from: Extract<FromItem, { readonly kind: 'join' }>, spell: Printer, mayTurn: boolean, isNested = false): string {
  const side = (item: FromItem) => (item.kind === 'join' ? `(${printJoin(item, spell, mayTurn, true)})` : printFrom(item, spell, mayTurn));
  const left = side(from.left);
  const right = side(from.right);
  if (from.join === 'cross') {
    const cross = `${left} ${spell.word('cross join')} ${right}`;
    return isNested ? cross : spell.one(`${left}, ${right}`, cross);
  }
  const condition =
    from.on === null
      ? `${spell.word('using')} (${from.using.map((name) => printName(name, spell)).join(', ')})`
      : `${spell.word('on')} ${printExpression(from.on, spell)}`;
  if (from.join === 'left' && mayTurn && spell.one(true, false)) return `${right} ${spell.word('right join')} ${left} ${condition}`;
  const words = {
    inner: spell.one('join', 'inner join'),
    left: spell.one('left join', 'left outer join'),
    semi: 'semi join',
    anti: 'anti join',
  };
  return `${left} ${spell.word(words[from.join])} ${right} ${condition}`;
}

function printGrouping({ grouping }: Select, spell: Printer): string {
  if (grouping === 'all' || grouping === null) return spell.word('all');
  const texts = grouping.expressions.map((item) => printExpression(item, spell));
  const setText = (set: readonly number[]) => `(${set.map((index) => texts[index]).join(', ')})`;
  const [first = [], ...more] = grouping.sets;
  const isRollup = first.length === 0 && more.length > 0 && more.every((set, index) => set.length === index + 1);
  if (isRollup) return `${spell.word('rollup')} (${texts.join(', ')})`;
  if (more.length > 0) return `${spell.word('grouping sets')} (${grouping.sets.map(setText).join(', ')})`;
  return texts.length === 0 ? '()' : texts.join(', ');
}
