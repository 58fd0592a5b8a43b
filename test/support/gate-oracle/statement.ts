import type { Decided } from '../../../src/pipeline.ts';
import type { RawTables } from './raw-tables.ts';
import { type OracleGate, SecondGate } from './second-gate.ts';

const PART = /^(?:WITH )?(__\w+) AS \(\n([\s\S]*?)\n\)(?:,\n|\n)/gm;

/** The canonical text of every gate of a statement; what rests on earlier results is filled in from what these released. */
export async function oracleGates(decided: Decided, raw: RawTables, k: number): Promise<readonly OracleGate[]> {
  const { canonicalSql } = decided.admitted;
  if (!canonicalSql.startsWith('WITH ')) return [await new SecondGate(canonicalSql, raw, k).answer()];
  const found: OracleGate[] = [];
  const values = new Map<string, string>();
  const released = decided.gates.map((gate) => `"${gate.name}"${namesOf(gate.table.columns)} AS (${relation(gate.table)})`);
  for (const [, name = '', body = ''] of canonicalSql.matchAll(PART)) {
    const text = body.replace(/\(?(__s\d+)\)?/g, (whole, part: string) => values.get(part) ?? whole);
    if (name.startsWith('__g')) found.push(await new SecondGate(text, raw, k).answer());
    else {
      const rows = await raw.query(`WITH ${released.slice(0, found.length).join(', ')} ${text}`);
      values.set(name, `(${rows.length === 0 ? 'NULL' : rows.map((row) => literal(row[0] ?? null)).join(', ')})`);
    }
  }
  return found;
}

function namesOf(columns: readonly { readonly name: string }[]): string {
  return `(${columns.map((column) => `"${column.name}"`).join(', ')})`;
}

function relation(table: Decided['table']): string {
  const typed = (value: string | number | boolean | null, type: string): string =>
    `CAST(${literal(value === null ? null : String(value))} AS ${type})`;
  const types = table.columns.map((column) => column.type);
  if (table.rows.length === 0) return `SELECT ${types.map((type) => `CAST(NULL AS ${type})`).join(', ')} WHERE FALSE`;
  return `VALUES ${table.rows.map((row) => `(${row.map((value, index) => typed(value, types[index] ?? 'VARCHAR')).join(', ')})`).join(', ')}`;
}

function literal(value: string | null): string {
  if (value === null) return 'NULL';
  return /^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}
