import { type Dropped, type Operand, operandsIn, print, readCondition, splitKeys, type Template } from './operand.ts';
import { closing, cut, split } from './scan.ts';

/** What a column of a gate counts or adds up, over the rows of a piece (an index; null is all rows). */
export type Monomial =
  | { readonly kind: 'rows'; readonly piece: number | null }
  | { readonly kind: 'unit'; readonly piece: number | null; readonly unit: string }
  | { readonly kind: 'present'; readonly piece: number | null; readonly sql: string }
  | { readonly kind: 'value'; readonly piece: number | null; readonly sql: string };

/** One relation of FROM: a base table, or a bracketed query. */
export interface Source {
  readonly alias: string;
  readonly table: string | null;
  /** Of a bracketed query: its branches. */
  readonly branches: readonly Branch[];
  readonly optional: boolean;
  readonly keys: readonly string[];
  /** Conditions anywhere inside it and in its ON. */
  readonly inside: readonly Operand[];
}

export interface Branch {
  readonly items: readonly { readonly expression: string; readonly name: string }[];
  readonly from: Template;
  readonly sources: readonly Source[];
  readonly where: Template;
  /** Conditions of FILTER, with the column that they decide. */
  readonly filters: readonly { readonly operand: Operand; readonly name: string }[];
}

export interface Output {
  readonly text: string;
  /** Its SQL, pieces as holes. */
  readonly sql: Template;
  /** Places in `monomials` of what it rests on. */
  readonly rests: readonly number[];
  /** Of a truth value: what it tells apart. */
  readonly beside: readonly number[];
}

/** A gate as its canonical text says it. */
export interface ShownQuery {
  readonly keys: readonly string[];
  readonly outputs: readonly Output[];
  readonly monomials: readonly Monomial[];
  readonly pieces: readonly Operand[];
  readonly from: Template;
  readonly sources: readonly Source[];
  /** Conditions on grouping keys alone: they say which cells there are, and are never dropped. */
  readonly labels: readonly Operand[];
  /** All other conditions. */
  readonly where: Operand | null;
}

function itemsOf(text: string): Branch['items'] {
  return split(text, ', ').map((item) => {
    const [, expression = '', name = ''] = /^(.*) AS "([^"]*)"$/s.exec(item) ?? [];
    return { expression, name };
  });
}

// — FROM ————————————————————————————————————————————————————————————————————————————————————————————————————

interface Read {
  readonly template: Template;
  readonly sources: readonly Source[];
}

function readFrom(text: string): Read {
  const template: (string | Operand)[] = [];
  const sources: Source[] = [];
  for (const [index, part] of split(text.replaceAll(' LEFT JOIN ', ' JOIN LEFT '), ' JOIN ').entries()) {
    const optional = part.startsWith('LEFT ');
    const [relation, on] = cut(optional ? part.slice(5) : part, ' ON ') ?? [optional ? part.slice(5) : part, ''];
    if (index > 0) template.push(optional ? ' LEFT JOIN ' : ' JOIN ');
    const { keys, rest } = on === '' ? { keys: [], rest: null } : splitKeys(on);
    const start = template.length;
    const source = readSource(relation, optional, keys, template);
    if (on !== '') template.push(` ON ${keys.join(' AND ')}`);
    if (rest !== null) template.push(keys.length > 0 ? ' AND ' : '', readCondition(rest));
    sources.push({ ...source, inside: operandsIn(template.slice(start)) });
  }
  return { template, sources };
}

function readSource(text: string, optional: boolean, keys: readonly string[], template: (string | Operand)[]): Source {
  if (!text.startsWith('(')) {
    const [, table = '', alias = table] = /^"(\w+)"(?: AS "(\w+)")?$/.exec(text) ?? [];
    template.push(text);
    return { alias, table, branches: [], optional, keys, inside: [] };
  }
  const end = closing(text, 0);
  const [, alias = ''] = /"(\w+)"$/.exec(text) ?? [];
  template.push('(');
  const branches = split(text.slice(1, end), ' UNION ALL ').map((branch, index) => {
    if (index > 0) template.push(' UNION ALL ');
    return readBranch(branch, template);
  });
  template.push(text.slice(end));
  return { alias, table: null, branches, optional, keys, inside: [] };
}

function readBranch(text: string, template: (string | Operand)[]): Branch {
  const [head, groupBy] = cut(text, ' GROUP BY ') ?? [text, null];
  const [select, condition] = cut(head, ' WHERE ') ?? [head, null];
  const [items, relation] = cut(select.replace(/^SELECT /, ''), ' FROM ') ?? [select, ''];
  const filters: { readonly operand: Operand; readonly name: string }[] = [];
  template.push('SELECT ');
  for (const [index, item] of split(items, ', ').entries()) {
    const own = withFilters(item);
    const [, name = ''] = / AS "([^"]*)"$/.exec(item) ?? [];
    template.push(index === 0 ? '' : ', ', ...own);
    filters.push(...operandsIn(own).map((operand) => ({ operand, name })));
  }
  template.push(' FROM ');
  const from = readFrom(relation);
  template.push(...from.template);
  const where: Template = condition === null ? [] : [' WHERE ', readCondition(condition)];
  template.push(...where, groupBy === null ? '' : ` GROUP BY ${groupBy}`);
  return { items: itemsOf(items), from: from.template, sources: from.sources, where, filters };
}

/** SQL whose FILTER conditions are operands. */
function withFilters(text: string): Template {
  const parts: (string | Operand)[] = [];
  let rest = text;
  for (let at = rest.indexOf(' FILTER (WHERE '); at >= 0; at = rest.indexOf(' FILTER (WHERE ')) {
    const end = closing(rest, at + 8);
    parts.push(rest.slice(0, at + 15), readCondition(rest.slice(at + 15, end)));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}

// — SELECT ——————————————————————————————————————————————————————————————————————————————————————————————————

class Monomials {
  readonly pieces: Operand[] = [];
  readonly found: Monomial[] = [];

  piece(text: string): number {
    const known = this.pieces.findIndex((item) => item.text === readCondition(text).text);
    return known >= 0 ? known : this.pieces.push(readCondition(text)) - 1;
  }

  add(monomial: Monomial): number {
    const name = JSON.stringify(monomial);
    const known = this.found.findIndex((item) => JSON.stringify(item) === name);
    return known >= 0 ? known : this.found.push(monomial) - 1;
  }
}

const CALL = /\b(count|sum|avg|bool_and|bool_or)\(/;

function readOutput(text: string, monomials: Monomials): Output {
  const sql: (string | Operand)[] = [];
  const rests: number[] = [];
  const beside: number[] = [];
  let rest = text;
  // A sum of parts is the sum of those that have a value (the merchant wrote one sum over a CASE).
  const isSum = (text.match(/\bsum\(/g) ?? []).length > 1;
  for (let match = CALL.exec(rest); match !== null; match = CALL.exec(rest)) {
    const open = match.index + match[0].length - 1;
    const end = closing(rest, open);
    const argument = rest.slice(open + 1, end);
    const after = rest.slice(end + 1);
    const filter = after.startsWith(' FILTER (WHERE ') ? after.slice(15, closing(after, 8)) : null;
    const piece = filter === null ? null : monomials.piece(filter);
    const name = match[1] ?? '';
    if (name.startsWith('bool')) {
      const own = monomials.piece(argument);
      beside.push(monomials.add({ kind: 'rows', piece: own }));
      rests.push(monomials.add({ kind: 'rows', piece }));
      sql.push(rest.slice(0, open + 1), monomials.pieces[own] ?? '', ')');
    } else {
      rests.push(...call(name, argument, piece, monomials));
      sql.push(rest.slice(0, match.index), isSum ? 'coalesce(' : '', rest.slice(match.index, end + 1));
    }
    const operand = piece === null ? undefined : monomials.pieces[piece];
    if (operand !== undefined) sql.push(' FILTER (WHERE ', operand, ')');
    if (isSum) sql.push(', 0)');
    rest = filter === null ? after : after.slice(closing(after, 8) + 1);
  }
  return { text, sql: [...sql, rest], rests: [...new Set(rests)], beside };
}

function call(name: string, argument: string, piece: number | null, monomials: Monomials): readonly number[] {
  if (argument === '*') return [monomials.add({ kind: 'rows', piece })];
  if (argument.startsWith('DISTINCT ')) return [monomials.add({ kind: 'unit', piece, unit: argument.slice(9) })];
  if (name === 'count') return [monomials.add({ kind: 'present', piece, sql: argument })];
  const factors = split(argument, ' * ');
  // Of a product every factor is a value of its own, over the rows where the product is not NULL.
  const others = (own: string): string =>
    factors
      .filter((item) => item !== own)
      .map((item) => `${item} IS NOT NULL`)
      .join(' AND ');
  const values =
    factors.length === 1
      ? [argument]
      : [argument, ...new Set(factors)].map((item) =>
          item === argument || others(item) === '' ? item : `CASE WHEN ${others(item)} THEN ${item} END`,
        );
  const found = values.map((sql) => monomials.add({ kind: 'value', piece, sql }));
  return name === 'avg' ? [...found, monomials.add({ kind: 'present', piece, sql: argument })] : found;
}

/** Reads the canonical text of one gate. Throws where it is not what `shownGate` prints. */
export function readShownQuery(text: string): ShownQuery {
  const lines = text.split('\n');
  const line = (word: string): string | undefined => lines.find((item) => item.startsWith(word))?.slice(word.length);
  const items = itemsOf(line('SELECT ') ?? '');
  const grouped = (line('GROUP BY ') ?? '') === '' ? [] : split(line('GROUP BY ') ?? '', ', ');
  const keys = grouped.map((item) => (/^\d+$/.test(item) ? (items[Number(item) - 1]?.expression ?? '') : item));
  const monomials = new Monomials();
  const texts = items.map((item) => item.expression).filter((item) => !keys.includes(item));
  const outputs = texts.map((item) => readOutput(item, monomials));
  const from = readFrom(line('FROM ') ?? '');
  const where = line('WHERE ');
  return {
    keys,
    outputs,
    monomials: monomials.found,
    pieces: monomials.pieces,
    from: from.template,
    sources: from.sources,
    ...splitWhere(where === undefined ? null : readCondition(where), keys),
  };
}

/** The conjuncts that only choose among labels, and the others. Source: gate.md §6 (never operands). */
function splitWhere(where: Operand | null, keys: readonly string[]): Pick<ShownQuery, 'labels' | 'where'> {
  if (where === null) return { labels: [], where };
  const isOfLabels = (operand: Operand): boolean => {
    const columns = operand.text.replaceAll(/'[^']*'/g, '').match(/"\w+"\."\w+"/g) ?? [];
    return !operand.text.includes('EXISTS (') && columns.length > 0 && columns.every((column) => keys.includes(column));
  };
  const conjuncts = where.kind === 'and' ? where.items : [where];
  const labels = conjuncts.filter(isOfLabels);
  const rest = conjuncts.filter((item) => !labels.includes(item));
  if (labels.length === 0) return { labels, where };
  const [only] = rest;
  if (only === undefined || rest.length === 1) return { labels, where: only ?? null };
  return { labels, where: { kind: 'and', text: `(${rest.map((item) => item.text).join(' AND ')})`, items: rest, sql: [] } };
}

/** The rows of a query: FROM, and WHERE without what was dropped. */
export function rowsSql(query: ShownQuery, dropped: Dropped, touching: Template = []): string {
  const where = [...query.labels, ...(query.where === null ? [] : [query.where])];
  const filter = where.map((item) => ` AND ${print([item], dropped)}`).join('');
  return `FROM ${print(query.from, dropped)}${print(touching, dropped)} WHERE TRUE${filter}`;
}

/** Operands inside FROM. */
export function deepOperands(query: ShownQuery): readonly Operand[] {
  return operandsIn(query.from);
}
