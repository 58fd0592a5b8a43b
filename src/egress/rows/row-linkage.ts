import type { EgressFinding } from '../finding.ts';

type Columns = ReadonlyMap<string, readonly (string | null)[]>;

/** Share of rows that find their like in an earlier release from which somebody has to answer for it. */
const LEAST_LINKED = 0.05;

/**
 * L over a table of rows: rows that are alone with what they carry, here and in an earlier release, and so are known to be the same ones. What they say together is then one record. Columns are those that are passed on, by name.
 * Source: requirements.md §10.2 (L); issue "Egress" (joins of the result's keys with earlier releases).
 */
export function rowLinkageFindings(current: Columns, earlier: readonly Columns[]): readonly EgressFinding[] {
  const worst = Math.max(0, ...earlier.map((table) => linkedShare(current, table)));
  if (worst < LEAST_LINKED) return [];
  return [
    {
      rule: 'linkage.rows',
      severity: 'soft',
      check: 'L',
      version: '1',
      threshold: String(LEAST_LINKED),
      measuredBand: worst >= 0.5 ? 'half of the rows or more' : 'fewer than half of the rows',
      text: 'Rows can be told to be those of an earlier release by what they carry.',
      fix: 'Round or group the numbers that rows carry, or say in a waiver why the records may be joined.',
    },
  ];
}

function linkedShare(current: Columns, earlier: Columns): number {
  const names = [...current.keys()].filter((name) => earlier.has(name));
  if (names.length === 0) return 0;
  const [own, theirs] = [lonely(current, names), lonely(earlier, names)];
  const rows = current.get(names[0] ?? '')?.length ?? 0;
  return rows === 0 ? 0 : [...own].filter((key) => theirs.has(key)).length / rows;
}

/** What rows carry that only one row does. */
function lonely(table: Columns, names: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const rows = table.get(names[0] ?? '')?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    const key = JSON.stringify(names.map((name) => table.get(name)?.[row] ?? null));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count === 1 ? [key] : [])));
}
