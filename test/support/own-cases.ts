import { expect, test } from 'vitest';
import { readCaseFile } from '../conformance/case-file.ts';
import { runCases } from '../conformance/run-cases.ts';

/** A file takes 15 to 60 seconds where nothing else runs. */
const PATIENCE_MS = 600_000;

/** The files of test/conformance/cases, by the test that runs them. */
export const OWN_CASES = {
  cities: ['settlement', 'settlement-replaced', 'enterprises', 'city', 'column-names'],
  people: ['pension', 'wages', 'ages', 'told', 'clinic', 'twins'],
  trade: ['invoices', 'meters', 'telecom', 'hotels', 'schools', 'ledger', 'derived'],
} as const;

/** Cases of other schemas, a test for each file of test/conformance/cases. Several test files share them, so that no process has the longest part to itself. */
export function ownCases(of: keyof typeof OWN_CASES): void {
  test.each(OWN_CASES[of])(
    '%s',
    async (name) => {
      const cases = await readCaseFile(new URL(`../conformance/cases/${name}.json`, import.meta.url).pathname);
      const failed: string[] = [];
      await runCases(cases, ({ id, expect: expected, got, ok, facts }) => {
        if (!ok) failed.push([id, expected, got, ...facts].join(' '));
      });
      expect(failed).toEqual([]);
    },
    PATIENCE_MS,
  );
}
