import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CITY_DECLARATION } from '../../datasets/city-health/generate.ts';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import { DEFAULT_POLICY } from '../../src/catalog/disclosure-policy.ts';
import { admit, type JobContext } from '../../src/pipeline.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { type LoadingBench, loadingBench } from '../support/loading.ts';
import { sharedEnclave } from '../support/shared-enclave.ts';

const PAGE = readFileSync(new URL('../../docs/reference/sql.md', import.meta.url), 'utf8');

/** Examples of the page: the text, and the code it is refused with, if it is. */
const EXAMPLES = [...PAGE.matchAll(/```sql(?: refused=(\S+))?\n([\s\S]*?)```/g)].map(([, refused = null, sql = '']) => ({
  sql: sql.trim(),
  refused,
}));

let bench: LoadingBench;
let enclave: Enclave;
let context: JobContext;

beforeAll(async () => {
  bench = await loadingBench();
  enclave = sharedEnclave(bench.enclave);
  const read = readDeclaration(JSON.parse(readFileSync(CITY_DECLARATION, 'utf8')));
  if (!read.ok) throw new Error('The declaration of the demonstration is refused');
  const { dataset } = read.value;
  const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  const version = {
    dataset: dataset.name,
    version: 'v1',
    digest: '',
    bytes: 0,
    state: 'queryable',
    loadedAt: '',
    origin: 'real',
    profile: { tables: [], units: [] },
  } as const;
  const grant = { id: 'grant', merchant: 'merchant-a', dataset: dataset.name, scenario: 'test', tables, endsOn: '2099-12-31' };
  context = { dataset, version, sealedPath: '', grant, policy: DEFAULT_POLICY };
});

afterAll(() => bench.close());

describe('docs/reference/sql.md', () => {
  test('has examples of both kinds', () => {
    expect(EXAMPLES.filter((item) => item.refused === null).length).toBeGreaterThan(3);
    expect(EXAMPLES.filter((item) => item.refused !== null).length).toBeGreaterThan(3);
  });

  test.each(EXAMPLES)('$refused: $sql', async ({ sql, refused }) => {
    const admitted = await admit(sql, context, { enclave });
    expect(admitted.ok ? [] : admitted.error.map((item) => item.code)).toEqual(refused === null ? [] : [refused]);
  });

  test('says what a rounded literal becomes', async () => {
    const admitted = await admit('SELECT count(*) AS n FROM residents WHERE income > 77000', context, { enclave });
    const rounded = /runs as `(.+)`/.exec(PAGE)?.[1] ?? 'nothing';
    expect(admitted.ok ? admitted.value.canonicalSql : '').toContain(rounded);
  });
});
