import type { FromItem, JoinItem, Position, Query, Select } from '../ast.ts';

/** SELECT * of one table of FROM. Own design: ADR 0013. */
export function starSelect(from: Exclude<FromItem, JoinItem>): Select {
  const { at } = from;
  return {
    kind: 'select',
    distinct: false,
    items: [{ expression: { kind: 'star', table: '', exclude: [], replace: [], at }, alias: '' }],
    from,
    where: null,
    grouping: null,
    having: null,
    qualify: null,
    at,
  };
}

/** The query with its columns called as WITH or an alias calls them: what stands beside it reads them by those names. Own design: ADR 0013. */
export function withNames(query: Query, renames: readonly (readonly string[])[], at: Position): Query {
  return renames
    .filter((names) => names.length > 0)
    .reduce(
      (inside, columns): Query => ({
        commonTables: [],
        body: starSelect({ kind: 'subquery', query: inside, alias: '__named', columns, at }),
        orderBy: [],
        limit: null,
        offset: null,
      }),
      query,
    );
}
