import { describe, expect, test } from 'vitest';
import { readCaseFile } from '../../conformance/case-file.ts';
import { runCases } from '../../conformance/run-cases.ts';

const FILES = [
  'schools',
  'invoices',
  'meters',
  'ledger',
  'pension',
  'telecom',
  'hotels',
  'wages',
  'ages',
  'told',
  'clinic',
  'settlement',
  'settlement-replaced',
  'enterprises',
  'twins',
];
/** A file takes 15 to 60 seconds where nothing else runs. */
const PATIENCE_MS = 600_000;

describe('cases of other schemas', () => {
  test.each(FILES)(
    '%s',
    async (name) => {
      const cases = await readCaseFile(new URL(`../../conformance/cases/${name}.json`, import.meta.url).pathname);
      const failed: string[] = [];
      await runCases(cases, ({ id, expect: expected, got, ok, facts }) => {
        if (!ok) failed.push([id, expected, got, ...facts].join(' '));
      });
      expect(failed).toEqual([]);
    },
    PATIENCE_MS,
  );
});
