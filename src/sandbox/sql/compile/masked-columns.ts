import type { Column, Dataset } from '../../../catalog/dataset.ts';
import type { Expression, FromItem, OrderItem, Position, Query, Select } from '../ast.ts';
import { childrenOf } from '../open/grouping.ts';
import { refuse } from './refusal.ts';

/** Units of a date that each rule lets be seen. */
const SHOWN_UNITS: Readonly<Record<string, readonly string[]>> = {
  decade: ['decade', 'century'],
  year: ['year', 'decade', 'century'],
  quarter: ['quarter', 'year', 'decade', 'century'],
  month: ['month', 'quarter', 'year', 'decade', 'century'],
};

/** Leading digits of a region code that each rule lets be seen. Source: GB/T 2260-2007. */
const SHOWN_DIGITS: Readonly<Record<string, number>> = { province: 2, prefecture: 4, county: 6 };

/**
 * Refuses a query in which a column that is declared masked stands anywhere but in a condition on its true value, or in a date function as coarse as its rule, or (codes of regions) cut to the digits of its rule. It is told by name alone, whatever
 * the name stands for, so that no alias, function, CASE, inner query, aggregate, window, set operation or join carries it further: from the first query on it is not there. A condition may compare it with
 * literals only, since a comparison with another column carries it out as that column. Counts and sums under such conditions pass through the gate as ever.
 * Source: issue "Masking" (lineage; ShardingSphere#30367, Submarine#313, Kyuubi#5041); synthetic-and-masking.md §6.1; GZ-21c.
 */
export function refuseMaskedColumns(query: Query, dataset: Dataset): void {
  const masked = new Map<string, Column>();
  const tables = new Map<string, readonly string[]>();
  for (const table of dataset.tables) {
    const columns = table.columns.filter((column) => column.masking !== undefined);
    for (const column of columns) masked.set(column.name.toLowerCase(), stricter(column, masked.get(column.name.toLowerCase())));
    if (columns.length > 0)
      tables.set(
        table.name.toLowerCase(),
        columns.map(({ name }) => name.toLowerCase()),
      );
  }
  if (masked.size > 0) new Watch(masked, tables).query(query);
}

/** Two columns of one name: nothing of either. */
function stricter(column: Column, other: Column | undefined): Column {
  return other === undefined || other.masking === column.masking ? column : { ...column, masking: 'withheld' };
}

class Watch {
  readonly #masked: ReadonlyMap<string, Column>;
  readonly #tables: ReadonlyMap<string, readonly string[]>;

  constructor(masked: ReadonlyMap<string, Column>, tables: ReadonlyMap<string, readonly string[]>) {
    this.#masked = masked;
    this.#tables = tables;
  }

  query(query: Query): void {
    for (const common of query.commonTables) this.query(common.query);
    if (query.body.kind === 'select') this.#select(query.body);
    else {
      this.query(query.body.left);
      this.query(query.body.right);
    }
    if (Array.isArray(query.orderBy)) this.#ordered(query.orderBy as readonly OrderItem[]);
  }

  #select(select: Select): void {
    const { from } = select;
    if (from !== null) this.#from(from);
    for (const { expression } of select.items) {
      if (expression.kind === 'star') this.#star(expression, from);
      else this.#shown(expression);
    }
    if (select.where !== null) this.#condition(select.where);
    if (select.grouping !== null && select.grouping !== 'all') for (const key of select.grouping.expressions) this.#shown(key);
    if (select.having !== null) this.#shown(select.having);
    if (select.qualify !== null) this.#shown(select.qualify);
  }

  #from(from: FromItem): void {
    if (from.kind === 'subquery') this.query(from.query);
    if (from.kind === 'values') for (const row of from.rows) for (const cell of row) this.#shown(cell);
    if (from.kind === 'table' && from.columns.length > 0) this.#whole(from.table, [], from.at);
    if (from.kind !== 'join') return;
    this.#from(from.left);
    this.#from(from.right);
    if (from.on !== null) this.#shown(from.on);
    for (const name of from.using) this.#named(name, from.at);
    if (from.natural === true) for (const table of baseTables(from)) this.#whole(table, [], from.at);
  }

  #star(star: Extract<Expression, { kind: 'star' }>, from: FromItem | null): void {
    const excluded = star.exclude.map((name) => name.toLowerCase());
    for (const table of baseTables(from)) this.#whole(table, excluded, star.at);
    for (const { expression } of star.replace) this.#shown(expression);
  }

  /** Every column of a table at once: only where all masked ones are left out. */
  #whole(table: string, excluded: readonly string[], at: Position): void {
    for (const name of this.#tables.get(table.toLowerCase()) ?? []) if (!excluded.includes(name)) this.#named(name, at);
  }

  #named(name: string, at: Position): void {
    const column = this.#masked.get(name.toLowerCase());
    if (column !== undefined) refuse('masking.column_masked', { name: column.name, masking: column.masking ?? 'withheld', ...at });
  }

  #ordered(items: readonly OrderItem[]): void {
    for (const { expression } of items) this.#shown(expression);
  }

  /** Anything whose value goes on: masked columns stand in a date function of their rule, or not at all. */
  #shown(expression: Expression): void {
    if (expression.kind === 'column') for (const name of expression.path) this.#named(name, expression.at);
    if (expression.kind === 'star')
      for (const name of this.#masked.keys())
        if (!expression.exclude.some((item) => item.toLowerCase() === name)) this.#named(name, expression.at);
    if (this.#isCoarse(expression)) return;
    if (expression.kind === 'subquery') this.query(expression.query);
    const filter = expression.kind === 'call' || expression.kind === 'window' ? expression.filter : null;
    if (filter !== null) this.#condition(filter);
    for (const part of childrenOf(expression)) if (part !== filter) this.#shown(part);
  }

  #isCoarse(expression: Expression): boolean {
    if (expression.kind !== 'call') return false;
    if (this.#isCut(expression)) return true;
    const [first, second] = expression.arguments;
    const isUnit = expression.name === 'date_trunc' || expression.name === 'date_part';
    const input = isUnit ? second : first;
    const unit = isUnit ? (first?.kind === 'literal' ? first.text.toLowerCase() : '') : expression.name;
    if (input?.kind !== 'column' || expression.arguments.length !== (isUnit ? 2 : 1)) return false;
    const rules = input.path.flatMap((name) => this.#masked.get(name.toLowerCase())?.masking ?? []);
    return rules.length > 0 && rules.every((rule) => SHOWN_UNITS[rule]?.includes(unit) === true);
  }

  /** `left(code, 2)`, `substr(code, 1, 2)`: no more digits of a region than its rule lets be seen. */
  #isCut({ name, arguments: parts }: Extract<Expression, { kind: 'call' }>): boolean {
    const [input, second, third] = parts;
    const isLeft = name === 'left' && parts.length === 2;
    const isFront = ['substr', 'substring'].includes(name) && parts.length === 3 && second?.kind === 'literal' && second.text === '1';
    const digits = isLeft ? second : isFront ? third : undefined;
    if (input?.kind !== 'column' || digits?.kind !== 'literal' || !/^[1-9]$/.test(digits.text)) return false;
    const rules = input.path.flatMap((part) => this.#masked.get(part.toLowerCase())?.masking ?? []);
    return rules.length > 0 && rules.every((rule) => Number(digits.text) <= (SHOWN_DIGITS[rule] ?? 0));
  }

  /** A condition: each smallest one that has a masked column has that column and literals, nothing else. */
  #condition(condition: Expression): void {
    if (condition.kind === 'and' || condition.kind === 'or') for (const item of condition.items) this.#condition(item);
    else if (condition.kind === 'not') this.#condition(condition.item);
    else if (condition.kind === 'subquery') this.#shown(condition);
    else {
      const columns = columnsIn(condition);
      const paths = new Set(columns.map((path) => path.join('.').toLowerCase()));
      if (columns === UNKNOWN || paths.size > 1) this.#shown(condition);
    }
  }
}

/** Parts that hold columns beyond those that can be listed: a query, a star, a window. */
const UNKNOWN: readonly (readonly string[])[] = [];

function columnsIn(expression: Expression): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const visit = (part: Expression): boolean => {
    if (part.kind === 'subquery' || part.kind === 'star' || part.kind === 'window') return false;
    if (part.kind === 'call' && (part.filter !== null || part.orderBy.length > 0)) return false;
    if (part.kind === 'column') found.push(part.path);
    return childrenOf(part).every(visit);
  };
  return visit(expression) ? found : UNKNOWN;
}

function baseTables(from: FromItem | null): readonly string[] {
  if (from === null) return [];
  if (from.kind === 'join') return [...baseTables(from.left), ...baseTables(from.right)];
  return from.kind === 'table' ? [from.table] : [];
}
