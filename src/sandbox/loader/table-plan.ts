import type { Column, Dataset, Table } from '../../catalog/dataset.ts';
import { isSealedColumn } from '../../catalog/dataset.ts';
import type { DeclaredFile } from '../../catalog/declared-file.ts';

/** One table on its way in: what is declared, where its file lies, and under which number it is staged. */
export interface TablePlan {
  readonly table: Table;
  readonly number: number;
  readonly input: DeclaredFile;
  /** Absolute path of the file; never in a message. */
  readonly path: string;
  readonly bytes: number;
  /** Columns that are staged: the sealed ones and those that keys, paths and filters need. */
  readonly staged: readonly Column[];
}

/** Names inside the staging database, which the session attaches as `staging`. */
export const stagedTable = (number: number): string => `staging.t${number}`;
export const rejectsTable = (number: number): string => `rejects_${number}`;
export const ruleColumn = (index: number): string => `__e${index}`;

/** Columns of `table` that must be staged. A direct identifier that nothing needs is checked and not even staged. */
export function stagedColumns(dataset: Dataset, table: Table): readonly Column[] {
  const needed = new Set<string>(table.primaryKey);
  for (const other of dataset.tables) {
    for (const key of other.foreignKeys) {
      if (other.name === table.name) for (const name of key.columns) needed.add(name);
      if (key.table === table.name) for (const name of key.references) needed.add(name);
    }
    for (const path of Object.values(other.units)) {
      let here = other.name;
      for (const hop of path.hops) {
        if (here === table.name) needed.add(hop.from);
        if (hop.table === table.name) needed.add(hop.to);
        here = hop.table;
      }
      if (here === table.name) needed.add(path.column);
    }
  }
  return table.columns.filter((column) => isSealedColumn(column) || needed.has(column.name) || table.standingFilters.length > 0);
}
