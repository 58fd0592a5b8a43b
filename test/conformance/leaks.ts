import type { Attempt } from './attempt.ts';
import type { ConformanceCase } from './case-file.ts';
import { quoteName, type RealData } from './real-data.ts';

const ENGINE =
  /Conversion Error|Binder Error|Invalid Input|Out of Range|Overflow|Could not convert|Parser Error|Catalog Error|INTERNAL|duckdb|INT(8|16|32|64|128)/i;

/** Bytes of data, words of the engine and counts in the messages of an attempt, whatever its outcome. */
export async function leaksIn(attempt: Attempt, item: ConformanceCase, data: RealData): Promise<readonly string[]> {
  const { messages, sql } = attempt;
  if (messages === '') return [];
  const found: string[] = [];
  if (ENGINE.test(messages)) found.push("a message has the engine's words");
  for (const [table, entry] of Object.entries(item.data.catalog)) {
    if (entry.visibility === 'public' || !new RegExp(`(?<![\\p{L}\\d_])${table}(?![\\p{L}\\d_])`, 'iu').test(sql)) continue;
    for (const column of await data.columns(table)) {
      const rows = await data.rows(
        `SELECT DISTINCT CAST(${quoteName(column.name)} AS VARCHAR) FROM ${quoteName(table)} WHERE ${quoteName(column.name)} IS NOT NULL LIMIT 5000`,
      );
      const canaries = rows.map(([value]) => String(value)).filter((value) => value.length >= 4 || /^\p{Script=Han}{3,}$/u.test(value));
      if (canaries.some((value) => holds(messages, value))) found.push(`a message has a value of ${table}.${column.name}`);
    }
    const [count] = await data.rows(`SELECT count(*) FROM ${quoteName(table)}`);
    if (Number(count?.[0]) > 9 && holds(messages, String(count?.[0]))) found.push('a message has a count');
  }
  return found;
}

function holds(messages: string, value: string): boolean {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w.])`).test(messages);
}
