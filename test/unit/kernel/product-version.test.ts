import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PRODUCT_VERSION } from '../../../src/kernel/product-version.ts';

test('the version that stands in the log and the API is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  expect(PRODUCT_VERSION).toBe(version);
});
