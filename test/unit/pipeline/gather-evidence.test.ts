import { expect, test } from 'vitest';
import { combine } from '../../../src/egress/evidence-rules.ts';
import { integer } from '../../../src/kernel/decimal.ts';
import { judge } from '../../../src/pipeline/gather-evidence.ts';
import type { QueryRows } from '../../../src/sandbox/enclave/port.ts';
import type { EvidenceProgram } from '../../../src/sandbox/sql/program.ts';
import { TEST_POLICY } from '../../support/gate-bench.ts';

const PROGRAM = {
  from: 't AS t0',
  keys: [],
  monomials: [{ kind: 'rows' }],
  outputs: [{ kind: 'aggregate', name: 'n', functional: 'count', monomial: 0 }],
  units: [
    { type: 'person', number: 't0.u', bucket: 't0.b', size: 100, oneRow: true },
    { type: 'enterprise', number: 't0.v', bucket: 't0.c', size: 100, oneRow: false },
  ],
} as unknown as EvidenceProgram;

const NO_ROWS: QueryRows = { columns: Array.from({ length: 4 }, () => ({ name: 'x', type: 'BIGINT' })), rows: [] };

/** A worker that is silent about a cell must not make it pass for want of a rule that fails. */
test('a cell for which no evidence came fails for every unit instance', async () => {
  const figures = [{ key: [], answers: [{ count: integer(1000), sum: null }] }];
  const pass = { figures, evidence: new Map(), types: [] };
  const variant = { condition: null, dropped: [], selection: null };
  const [cell] = await judge(PROGRAM, variant, pass, TEST_POLICY, () => Promise.resolve(NO_ROWS));
  const rules = cell?.outputs[0]?.rules ?? [];
  expect(new Set(rules.map((rule) => rule.unitType))).toEqual(new Set(['person', 'enterprise']));
  expect(combine(rules)).toBe('fail');
});
