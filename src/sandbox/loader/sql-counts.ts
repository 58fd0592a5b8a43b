import type { CountSource, Grouping } from '../../synthetic/fit/count-source.ts';
import type { EnclaveSession } from '../enclave/port.ts';
import { rowsOf } from './file-tables.ts';

/** A relation in a session whose columns `m0`, `m1`, … are cell numbers, and `w` the weight of the row where it has one. */
export interface CellRelation {
  /** Name of a table, or a SELECT in parentheses. */
  readonly name: string;
  readonly cells: readonly number[];
  /** Weight of a whole unit; 1: rows are counted, and there is no column `w`. */
  readonly one: number;
  /** A session that takes nothing but SELECT: nothing is kept between counts. */
  readonly sealed?: boolean;
}

/**
 * Counts by SQL inside the worker: what comes out are the exact counts that `fitModel` asks for, and no row.
 * Source: synthetic-and-masking.md §4.1, §4.2.
 */
export function sqlCounts(session: EnclaveSession, relation: CellRelation): CountSource {
  return {
    one: relation.one,
    async counts(attributes) {
      let key = '0::BIGINT';
      let size = 1;
      for (const index of attributes) {
        const cells = relation.cells[index] ?? 1;
        key = `(${key} * ${cells} + m${index})`;
        size *= cells;
      }
      const sum = relation.one === 1 ? 'count(*)' : 'sum(w)';
      const rows = await rowsOf(session, `SELECT list(k), list(n) FROM (SELECT ${key} AS k, ${sum} AS n FROM ${relation.name} GROUP BY 1)`);
      const counts = new Float64Array(size);
      const [keys, values] = rows[0] ?? [];
      if (Array.isArray(keys) && Array.isArray(values)) {
        for (const [at, value] of keys.entries()) counts[Number(value)] = Number(values[at]);
      }
      return counts;
    },
    async regrouped(groupings) {
      const name = `${relation.name}_g`;
      const columns = relation.cells.map((_, index) => `${groupSql(`m${index}`, groupings[index])} AS m${index}`);
      if (relation.one !== 1) columns.push('w');
      const regrouped = `SELECT ${columns.join(', ')} FROM ${relation.name}`;
      const cells = groupings.map((grouping) => grouping.groups);
      if (relation.sealed === true) return sqlCounts(session, { ...relation, name: `(${regrouped})`, cells });
      await rowsOf(session, `CREATE OR REPLACE TABLE ${name} AS ${regrouped}`);
      return sqlCounts(session, { ...relation, name, cells });
    },
  };
}

function groupSql(column: string, grouping: Grouping | undefined): string {
  return grouping === undefined ? column : `[${Array.from(grouping.groupOf).join(', ')}][${column} + 1]`;
}
