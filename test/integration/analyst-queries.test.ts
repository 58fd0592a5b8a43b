import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/catalog/dataset.ts';
import { lineageFaults } from '../../src/egress/lineage-rules.ts';
import { type Admitted, admit, type JobContext, translate } from '../../src/pipeline.ts';
import { describe as describeProblem } from '../../src/problems/problem.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { admissionContext } from '../support/admission-context.ts';
import { analystDeclaration } from '../support/analyst-city.ts';
import { type LoadingBench, loadingBench } from '../support/loading.ts';
import { sharedEnclave } from '../support/shared-enclave.ts';
import QUERIES from './analyst-queries.json' with { type: 'json' };

interface Query {
  readonly sql: string;
  readonly dialect?: string;
  /** `admitted`, or the code of the refusal. */
  readonly fate: string;
  /** What the refusal names. */
  readonly at?: string;
  /** The rule of the design that refuses it, or `open:` and what is missing. */
  readonly why?: string;
}

let bench: LoadingBench;
let enclave: Enclave;
let context: JobContext;

beforeAll(async () => {
  bench = await loadingBench();
  enclave = sharedEnclave(bench.enclave);
  context = admissionContext(analystDeclaration());
});

afterAll(() => bench.close());

/** Every column of the result has a lineage without anything unknown, and the check of results lets it pass. */
function expectTold({ lineage = [], columns }: Admitted, dataset: Dataset): void {
  const names = lineage.map((item) => item.column);
  expect(names.length).toBeGreaterThan(0);
  expect(lineageFaults(lineage, names, columns, dataset)).toEqual([]);
  const told = new Set(lineage.flatMap((item) => item.sources.map((source) => source.column)));
  expect(columns.filter((column) => !told.has(column))).toEqual([]);
}

describe('what analysts of public data would write', () => {
  test.each(QUERIES as readonly Query[])('$fate $dialect: $sql', async ({ sql, dialect, fate, at, why }) => {
    const translated = dialect === undefined ? null : await translate(sql, dialect, context.dataset);
    const admitted = translated?.ok === false ? translated : await admit(translated?.value.sql ?? sql, context, { enclave });
    const [first] = admitted.ok ? [] : admitted.error;
    expect(first?.code ?? 'admitted').toBe(fate);
    if (admitted.ok) expectTold(admitted.value, context.dataset);
    if (first === undefined) return;
    const facts: Readonly<Record<string, unknown>> = { ...first.facts };
    expect(String(facts.construct ?? facts.use ?? facts.name ?? '')).toBe(at);
    expect(why).toMatch(/§|ADR|formats|another system|^open/);
    const { en, zh } = describeProblem(first).detail;
    // No name of ours, and a next step, in both languages.
    for (const text of [en, zh]) expect(text).not.toMatch(/\b__\w|\b[fkwc]\d\b|undefined/);
    expect(zh).toMatch(/请|见/);
    expect(en.split(/[.:] /).length).toBeGreaterThan(1);
  });

  test('are many, of all dialects, and mostly admitted', () => {
    const queries: readonly Query[] = QUERIES;
    const admitted = queries.filter((item) => item.fate === 'admitted' && item.dialect === undefined);
    expect(queries.length).toBeGreaterThan(200);
    for (const dialect of ['mysql', 'postgresql', 'trino'])
      expect(queries.filter((item) => item.dialect === dialect).length).toBeGreaterThan(20);
    expect(admitted.length).toBeGreaterThan(140);
  });
});
