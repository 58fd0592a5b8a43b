import { expect, test } from 'vitest';
import { readCaseFile } from '../conformance/case-file.ts';
import { runCases } from '../conformance/run-cases.ts';

/** A file takes 15 to 60 seconds where nothing else runs. */
const PATIENCE_MS = 600_000;

/** Cases of other schemas, a test for each file of test/conformance/cases. Several test files share them, so that no process has the longest part to itself. */
export function ownCases(files: readonly string[]): void {
  test.each(files)(
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
