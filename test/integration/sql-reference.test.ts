import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CITY_DECLARATION } from '../../datasets/city-health/generate.ts';
import { ROLE_PERMISSIONS } from '../../src/catalog/permissions.ts';
import { admit, type JobContext, translate } from '../../src/pipeline.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { GATED_AGGREGATES } from '../../src/sandbox/sql/compile/functions.ts';
import { OPEN_FUNCTIONS } from '../../src/sandbox/sql/open/functions.ts';
import { admissionContext } from '../support/admission-context.ts';
import { type LoadingBench, loadingBench } from '../support/loading.ts';
import { sharedEnclave } from '../support/shared-enclave.ts';

const PAGE = readFileSync(new URL('../../docs/reference/sql.md', import.meta.url), 'utf8');

/** Examples of the page: the text, the dialect it is written in, and the code it is refused with, if it is. */
const EXAMPLES = [...PAGE.matchAll(/```sql(?: refused=(\S+))?(?: dialect=(\S+))?\n([\s\S]*?)```/g)].map(
  ([, refused = null, dialect = null, sql = '']) => ({ sql: sql.trim(), dialect, refused }),
);

let bench: LoadingBench;
let enclave: Enclave;
let context: JobContext;

beforeAll(async () => {
  bench = await loadingBench();
  enclave = sharedEnclave(bench.enclave);
  context = admissionContext(JSON.parse(readFileSync(CITY_DECLARATION, 'utf8')));
});

afterAll(() => bench.close());

describe('docs/reference/sql.md', () => {
  test('has examples of every kind', () => {
    expect(EXAMPLES.filter((item) => item.refused === null).length).toBeGreaterThan(15);
    expect(EXAMPLES.filter((item) => item.refused !== null).length).toBeGreaterThan(8);
    expect(EXAMPLES.filter((item) => item.dialect !== null).length).toBeGreaterThan(1);
  });

  test.each(EXAMPLES)('$refused: $sql', async ({ sql, dialect, refused }) => {
    const translated = dialect === null ? null : await translate(sql, dialect, context.dataset);
    if (translated?.ok === false) throw new Error(`Not translated: ${JSON.stringify(translated.error)}`);
    const admitted = await admit(translated?.value.sql ?? sql, context, { enclave });
    const problems = admitted.ok ? [] : admitted.error;
    expect(problems.map((item) => item.code).filter((code) => code !== 'sql.nearest')).toEqual(refused === null ? [] : [refused]);
    for (const item of problems)
      if (item.code === 'sql.nearest') expect((await admit(String(item.facts.sql), context, { enclave })).ok).toBe(true);
  });

  test('names every function that may be called above the gates, and no other', () => {
    const list = PAGE.slice(PAGE.indexOf('## Functions above the gates'));
    const named = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const expected = OPEN_FUNCTIONS.map((item) =>
      item.kind === 'operator' ? item.signature : item.name === 'count_star' ? 'count(*)' : item.name,
    );
    expect([...new Set(named)].sort()).toEqual([...new Set(expected)].sort());
  });

  test('names every aggregate that a gate answers', () => {
    const families = /^(stddev|var|covar|regr|mean$|countif$|count_star$|percentile_disc$|quantile$)/;
    const missing = [...GATED_AGGREGATES].filter((name) => !families.test(name) && !PAGE.includes(`\`${name}`));
    expect(missing).toEqual([]);
  });

  test('has the roles that the permissions have', () => {
    for (const role of Object.keys(ROLE_PERMISSIONS)) expect(PAGE).toContain(`| \`${role}\``);
  });

  test('says what a rounded literal becomes', async () => {
    const admitted = await admit('SELECT count(*) AS n FROM residents WHERE income > 77000', context, { enclave });
    const rounded = /runs as `(.+)`/.exec(PAGE)?.[1] ?? 'nothing';
    expect(admitted.ok ? admitted.value.canonicalSql : '').toContain(rounded);
  });
});
