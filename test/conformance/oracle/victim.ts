import { quoteName, quoteText } from '../real-data.ts';
import { equal } from './equal.ts';
import type { OracleInput } from './oracle-input.ts';
import type { Released } from './released.ts';
import type { Violation } from './safety.ts';

/** What must never come out of a table: labels and figures that rest on the victim alone. */
export interface VictimsOwn {
  readonly table: string;
  readonly labels: ReadonlySet<string>;
  readonly figures: readonly number[];
}

/** Least figure that counts: small numbers meet by chance. */
const LEAST = 1000;

/** Looks the victim's own values up in the raw tables by the unit column that the file names; null where it names none. */
export async function findVictim(input: OracleInput): Promise<readonly VictimsOwn[] | null> {
  const found: VictimsOwn[] = [];
  for (const [table, entry] of Object.entries(input.catalog)) {
    const labels = new Set<string>();
    const figures: number[] = [];
    for (const path of Object.values(entry.units ?? {})) {
      const column = path.at(-1) ?? '';
      const value = input.victim[column];
      if (path.length !== 1 || value === undefined) continue;
      for (const item of await input.data.columns(table)) {
        if (item.name === column) continue;
        const name = quoteName(item.name);
        const own = `${quoteName(column)} = ${quoteText(String(value))}`;
        const shared = `SELECT count(DISTINCT ${quoteName(column)}) FROM ${quoteName(table)} o WHERE o.${name} = t.${name}`;
        const mine = `SELECT DISTINCT ${name} FROM ${quoteName(table)} t WHERE ${own} AND (${shared}) < ${input.policy.k}`;
        if (/^VARCHAR/.test(item.type)) for (const [label] of await input.data.rows(mine)) labels.add(String(label));
        if (!/INT|^DECIMAL|^DOUBLE|^FLOAT/.test(item.type) || entry.columns?.[item.name] !== 'measure') continue;
        const values = (await input.data.rows(mine)).slice(0, 3).map(([figure]) => Number(figure));
        const [total] = await input.data.rows(`SELECT sum(${name}) FROM ${quoteName(table)} WHERE ${own}`);
        figures.push(...[...values, Number(total?.[0] ?? 0)].filter((figure) => figure >= LEAST));
      }
      found.push({ table, labels, figures: [...new Set(figures)] });
    }
  }
  return found.length > 0 ? found : null;
}

/**
 * Labels and figures of the victim alone, of the tables that were asked: released, or the difference of two released
 * figures or of two sums of a column. Labels of groups are no figures: that they rest on k units is judged by the cell.
 */
export function victimSeen(statements: readonly Released[], victim: readonly VictimsOwn[]): readonly Violation[] {
  const asked = victim.filter(({ table }) => statements.some((statement) => statement.canonicalSql.includes(table)));
  const tables = statements.flatMap((statement) => [
    { rows: statement.rows, isLabel: labelColumns(statement) },
    ...statement.gates.map((gate) => ({ rows: gate.table.rows, isLabel: (index: number) => index < gate.keys })),
  ]);
  const found: Violation[] = tables.some(({ rows }) => rows.flat().some((value) => asked.some(({ labels }) => labels.has(String(value)))))
    ? [{ rule: 'victim', text: 'a label that only the victim has' }]
    : [];
  const columns = tables.flatMap(({ rows, isLabel }) =>
    (rows[0] ?? []).flatMap((_, index) => (isLabel(index) ? [] : [rows.map((row) => row[index])])),
  );
  const sums = columns.map((column) => column.reduce<number>((sum, value) => sum + (Number(value ?? 0) || 0), 0));
  const isNumber = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
  const numbers = [...new Set([...columns.flat().filter(isNumber).map(Number), ...sums])];
  const isHers = (value: number): boolean => asked.some(({ figures }) => figures.some((own) => equal(own, Math.abs(value))));
  if (numbers.some(isHers)) found.push({ rule: 'victim', text: 'a figure of the victim alone' });
  const differences = numbers.length > 2000 ? [] : numbers.flatMap((a, index) => numbers.slice(index + 1).map((b) => a - b));
  if (differences.some(isHers)) found.push({ rule: 'victim', text: 'two released figures differ by a figure of the victim' });
  return found;
}

/** Columns of the merchant's table that hold labels of the statement's gates and nothing else. */
function labelColumns({ rows, gates }: Released): (index: number) => boolean {
  const labels = new Set(gates.flatMap((gate) => gate.table.rows.flatMap((row) => row.slice(0, gate.keys).map(String))));
  return (index) => gates.length > 0 && rows.every((row) => row[index] === null || labels.has(String(row[index])));
}
