import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { OWN_CASES } from '../../support/own-cases.ts';

test('every file of cases is run by some test', async () => {
  const files = await readdir(new URL('../../conformance/cases/', import.meta.url));
  const run = Object.values(OWN_CASES).flat();
  expect(run.map((name) => `${name}.json`).toSorted()).toEqual(files.toSorted());
});
