import { quoteName, quoteText } from '../real-data.ts';
import { equal } from './equal.ts';
import type { OracleInput } from './oracle-input.ts';
import type { Released } from './released.ts';
import type { Violation } from './safety.ts';

/** What must never come out: labels and figures that rest on the victim alone. */
export interface Victim {
  readonly labels: ReadonlySet<string>;
  readonly figures: readonly number[];
}

/** Least figure that counts: small numbers meet by chance. */
const LEAST = 1000;

/** Looks the victim's own values up in the raw tables by the unit column that the file names; null where it names none. */
export async function findVictim(input: OracleInput): Promise<Victim | null> {
  const labels = new Set<string>();
  const figures: number[] = [];
  let isKnown = false;
  for (const [table, entry] of Object.entries(input.catalog)) {
    for (const path of Object.values(entry.units ?? {})) {
      const column = path.at(-1) ?? '';
      const value = input.victim[column];
      if (path.length !== 1 || value === undefined) continue;
      isKnown = true;
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
    }
  }
  return isKnown ? { labels, figures: [...new Set(figures)] } : null;
}

/** Labels and figures of the victim alone: released, or the difference of two released figures or of two sums of a column. */
export function victimSeen(statements: readonly Released[], victim: Victim): readonly Violation[] {
  const tables = statements.flatMap((statement) => [statement.rows, ...statement.gates.map((gate) => gate.table.rows)]);
  const cells = tables.flat(2);
  const found: Violation[] = cells.some((value) => typeof value === 'string' && victim.labels.has(value))
    ? [{ rule: 'victim', text: 'a label that only the victim has' }]
    : [];
  const sums = tables.flatMap((rows) =>
    (rows[0] ?? []).map((_, index) => rows.reduce((sum, row) => sum + (Number(row[index] ?? 0) || 0), 0)),
  );
  const isNumber = (value: unknown): boolean => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
  const numbers = [...new Set([...cells.filter(isNumber).map(Number), ...sums])];
  const isHers = (value: number): boolean => victim.figures.some((own) => equal(own, Math.abs(value)));
  if (numbers.some(isHers)) found.push({ rule: 'victim', text: 'a figure of the victim alone' });
  const differences = numbers.length > 2000 ? [] : numbers.flatMap((a, index) => numbers.slice(index + 1).map((b) => a - b));
  if (differences.some(isHers)) found.push({ rule: 'victim', text: 'two released figures differ by a figure of the victim' });
  return found;
}
