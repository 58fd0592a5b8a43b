import type { ValueType } from './dialect.ts';
import { momentLiteral } from './moments.ts';
import { isTreeNode, nameOf, numberOf, type Printed, type Translation, textOf } from './tree.ts';
import { asCondition, isTextLiteral } from './value-types.ts';

/** Prints a call from its unprinted arguments; undefined where they do not fit. Throws DialectRefused from within them. Source: ADR 0012. */
export type Translate = (args: readonly unknown[], t: Translation) => Printed | undefined;

/** The same function under DuckDB's name, with `least` to `most` arguments. `same`: the type of the first argument. */
export function renamed(name: string, type: ValueType | 'same', least: number, most = least): Translate {
  return (args, t) => {
    if (args.length < least || args.length > most) return undefined;
    const printed = args.map((item) => t.print(item));
    return {
      sql: `${name}(${printed.map((item) => item.sql).join(', ')})`,
      type: type === 'same' ? (printed[0]?.type ?? 'unknown') : type,
    };
  };
}

/** A whole number written out; undefined otherwise. */
export function wholeOf(value: unknown, t: Translation): number | undefined {
  if (isTreeNode(value) && value.type === 'unary_expr' && value.operator === '-') {
    const positive = wholeOf(value.expr, t);
    return positive === undefined ? undefined : -positive;
  }
  if (!isTreeNode(value) || value.type !== 'number') return undefined;
  const text = numberOf(value.value, t);
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A string written out; undefined otherwise. */
export function wordOf(value: unknown, t: Translation): string | undefined {
  return isTreeNode(value) && value.type === 'single_quote_string' ? textOf(value.value, t) : undefined;
}

/** A bare word where MySQL takes a unit (TIMESTAMPDIFF(YEAR, …)), in upper case; undefined otherwise. */
export function unitWordOf(value: unknown, t: Translation): string | undefined {
  if (!isTreeNode(value) || value.type !== 'column_ref' || value.table) return undefined;
  return nameOf(value.column, t).toUpperCase();
}

/** An argument that is a date or timestamp; strings of that shape become literals. */
export function momentOf(value: unknown, t: Translation): Printed {
  const printed = t.print(value);
  return (isTextLiteral(printed) ? momentLiteral(printed.sql.slice(1, -1)) : undefined) ?? printed;
}

/** A function of one date or timestamp. */
export function ofMoment(spell: (moment: string) => string, type: ValueType): Translate {
  return (args, t) => (args.length === 1 ? { sql: spell(momentOf(args[0], t).sql), type } : undefined);
}

/** NULL as soon as one argument is: GREATEST and LEAST of MySQL and Trino, which DuckDB computes over the rest. */
export function nullIfAnyIsNull(name: string): Translate {
  return (args, t) => {
    if (args.length < 2) return undefined;
    const printed = args.map((item) => t.print(item));
    const call = `${name}(${printed.map((item) => item.sql).join(', ')})`;
    const isNull = printed.map((item) => `${item.sql} IS NULL`).join(' OR ');
    const types = new Set(printed.map((item) => item.type));
    const [first] = types;
    return { sql: `CASE WHEN ${isNull} THEN NULL ELSE ${call} END`, type: first !== undefined && types.size === 1 ? first : 'unknown' };
  };
}

/** CONCAT of MySQL and Trino is NULL when one argument is; that is `||`. */
export const concatOperator: Translate = (args, t) => {
  const printed = args.map((item) => t.print(item).sql);
  return printed.length < 2 ? undefined : { sql: `(${printed.join(' || ')})`, type: 'text' };
};

/** IF(condition, a [, b]). */
export const printIf: Translate = (args, t) => {
  const [condition, yes, no] = args;
  if (args.length < 2 || args.length > 3) return undefined;
  const then = t.print(yes);
  const otherwise = no === undefined ? undefined : t.print(no);
  const type = otherwise === undefined || otherwise.type === then.type ? then.type : 'unknown';
  const tail = otherwise === undefined ? '' : ` ELSE ${otherwise.sql}`;
  return { sql: `CASE WHEN ${asCondition(t.print(condition), t)} THEN ${then.sql}${tail} END`, type };
};
