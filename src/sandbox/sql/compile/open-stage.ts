import { quoteName } from '../../../catalog/identifier.ts';
import type { Position, Query } from '../ast.ts';
import type { ProgramStage, PublicTable } from '../model/program.ts';
import { checkOpen } from '../open/check-open.ts';
import { printOpenQuery } from '../open/print.ts';
import { type Compilation, grantedTable } from './context.ts';
import { Refused } from './refusal.ts';
import type { OpenRelation } from './rows.ts';

/** Adds a query over released and public rows as a stage of its own, and gives its name. Throws Refused. Source: gate.md §3.3, §4. */
export function addOpenStage(relation: OpenRelation, compilation: Compilation, at: Position): string {
  const name = compilation.nextName('s', at);
  compilation.stages.push(openStage(name, relation.query, compilation));
  return name;
}

/**
 * A query over released and public rows. It reaches nothing else: a name is either a gate before it or a public table,
 * of which it sees the granted columns. Throws Refused.
 */
export function openStage(name: string, query: Query, compilation: Compilation): ProgramStage {
  const [problem] = checkOpen(query);
  if (problem !== undefined) throw new Refused(problem);
  const tables: Record<string, PublicTable> = {};
  // Printed once here, so that whatever cannot be printed is refused before data is touched.
  printOpenQuery(query, (table) => {
    if (isGate(table)) return quoteName(table);
    const found = grantedTable(compilation.dataset, compilation.grant, table);
    if (found === undefined || found.visibility !== 'public') return undefined;
    const columns = found.columns.map((column) => ({ name: column.name, type: column.type }));
    const shown = { sql: `(SELECT ${columns.map((column) => quoteName(column.name)).join(', ')} FROM ${quoteName(found.name)})`, columns };
    tables[table] = shown;
    return shown;
  });
  return { kind: 'open', name, query, tables };
}

/** Whether a name of FROM stands for what a gate releases. */
export function isGate(name: string): boolean {
  return /^__g\d+$/.test(name);
}
