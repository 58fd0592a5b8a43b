import { createHash } from 'node:crypto';

/** Asks the worker; rows of numbers, counts and sums cast to DOUBLE. Throws where the worker fails. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** A table of the worker's memory, made of a SELECT, under the one kind of name that it keeps. Source: ADR 0020. */
export async function keepTable(ask: Ask, select: string): Promise<string> {
  const name = `__m${createHash('sha256').update(select).digest('hex').slice(0, 16)}`;
  await ask(`CREATE TEMP TABLE IF NOT EXISTS "${name}" AS ${select}`);
  return name;
}

/** Lets go of it. */
export async function forgetTable(ask: Ask, name: string): Promise<void> {
  await ask(`DROP TABLE IF EXISTS temp.main."${name}"`);
}

/** A sum as a number of the worker's answer. */
export const double = (sql: string): string => `CAST(${sql} AS DOUBLE)`;

/** Numbers of the first row. */
export async function numbersOf(ask: Ask, sql: string): Promise<readonly number[]> {
  const [row = []] = await ask(sql);
  return row.map((value) => Number(value ?? 0));
}
