import type { ForeignDialect } from './dialect.ts';
import { isTreeNode, items, only, refused, type Translation } from './tree.ts';
import { isTextLiteral } from './value-types.ts';

/** Where NULLs stand without being told: [ascending, descending]. DuckDB puts them last in both. */
const NULLS: Readonly<Record<ForeignDialect, readonly [string, string]>> = {
  mysql: ['NULLS FIRST', 'NULLS LAST'],
  postgresql: ['NULLS LAST', 'NULLS FIRST'],
  trino: ['NULLS LAST', 'NULLS LAST'],
};

/** ORDER BY with the place of NULLs spelled out; empty without any. Throws DialectRefused. Source: ADR 0012. */
export function printOrder(value: unknown, t: Translation): string {
  const printed = items(value).map((item) => {
    const node = only(item, ['expr', 'type', 'nulls'], 'ORDER BY', t);
    const descending = node.type === 'DESC';
    const nulls = typeof node.nulls === 'string' && node.nulls !== '' ? node.nulls.toUpperCase() : NULLS[t.dialect][descending ? 1 : 0];
    if (!['NULLS FIRST', 'NULLS LAST'].includes(nulls)) throw refused('ORDER BY', node, t);
    return `${printKey(node.expr, t)}${descending ? ' DESC' : ''} ${nulls}`;
  });
  return printed.length === 0 ? '' : `ORDER BY ${printed.join(', ')}`;
}

/** A key of ORDER BY or GROUP BY. A string there is a constant to the engine, and mostly meant as a name. */
export function printKey(value: unknown, t: Translation): string {
  if (!isTreeNode(value)) throw refused('a key', value, t);
  const key = t.print(value);
  if (isTextLiteral(key)) throw refused('a string in GROUP BY or ORDER BY', value, t);
  return key.sql;
}
