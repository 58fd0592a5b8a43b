import type { Decided } from '../job.ts';

/**
 * Released in full, and as the count of these rows, or of an earlier query that says the same in the same words: of an earlier cohort that says it otherwise
 * nobody is told whether it is the same. Source: gate.md §6; docs/adr/0051.
 */
export function isFreeCohort({ verdict, table, gates }: Decided): boolean {
  const isOther = gates.some((gate) => {
    const [own] = gate.answered;
    return (gate.replaced ?? []).some(
      ({ by }) => by === undefined || by.labels.length > 0 || rowsOf(by.sql) === null || rowsOf(by.sql) !== rowsOf(own?.sql ?? ''),
    );
  });
  return verdict === 'releasable' && table.rows.length === 1 && table.rows[0]?.every((cell) => cell !== null) === true && !isOther;
}

const COUNT = /^SELECT count\(\*\) AS "(?:[^"]|"")*"\s+(FROM [\s\S]*)$/;

/** Which rows a query counts, whatever it calls their number; null where it does anything else. */
function rowsOf(sql: string): string | null {
  return COUNT.exec(sql)?.[1] ?? null;
}
