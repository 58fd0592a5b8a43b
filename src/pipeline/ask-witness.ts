import type { CompiledQuery } from '../sandbox/sql/compile/compile.ts';
import { loadWitness, type Witness } from '../sandbox/sql/dialect/witness.ts';

/** Comments are blanks to the engine; the witness's grammar reads some of them otherwise. */
const QUOTED_OR_COMMENT = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;

let loaded: Promise<Witness> | undefined;

/** Loads the witness's grammar, once in a process. Source: ADR 0012 ("20 to 70 ms each"). */
export function loadedWitness(): Promise<Witness> {
  loaded ??= loadWitness();
  return loaded;
}

/**
 * Whether a reader that shares no code with the others contradicts us: it sees a table or a column in the merchant's
 * text that we did not. What it cannot read, or does not see, says nothing.
 * Source: gate.md §3.4.
 */
export async function witnessContradicts(sql: string, query: CompiledQuery): Promise<boolean> {
  const witness = await loadedWitness();
  const seen = witness(sql.replace(QUOTED_OR_COMMENT, (part) => (part.startsWith('--') || part.startsWith('/*') ? ' ' : part)));
  if (seen === undefined) return false;
  const tables = new Set(query.tables.map((name) => name.toLowerCase()));
  const columns = new Set([...query.columnsRead, ...query.columnsNamed].map((name) => name.slice(name.lastIndexOf('.') + 1).toLowerCase()));
  const given = new Set(query.given.map((name) => name.toLowerCase()));
  return seen.tables.some((name) => !tables.has(name)) || seen.columns.some((name) => !columns.has(name) && !given.has(name));
}
