import { expect, test } from 'vitest';

import { checkOutput, combine } from '../../../src/egress/evidence-rules.ts';
import { integer } from '../../../src/kernel/decimal.ts';
import { completeEvidence } from '../../../src/pipeline/gather-evidence.ts';
import type { QueryRows } from '../../../src/sandbox/enclave/port.ts';
import type { GateProgram } from '../../../src/sandbox/sql/model/program.ts';
import { TEST_POLICY } from '../../support/gate-bench.ts';

const PROGRAM = {
  from: ['t AS t0'],
  shownFrom: ['t'],
  where: null,
  pieces: [],
  keys: [],
  terms: [{ kind: 'rows', piece: null }],
  outputs: [
    {
      name: '__a0',
      shown: ['count(*)'],
      functional: { kind: 'count', parts: [{ term: 0, factor: '1' }] },
      type: 'BIGINT',
      families: [],
      combined: false,
    },
  ],
  units: [
    { type: 'person', number: 't0.u', bucket: 't0.b', size: 100, oneRow: true, touching: null },
    { type: 'enterprise', number: 't0.v', bucket: 't0.c', size: 100, oneRow: false, touching: null },
  ],
  rowsId: 't',
  bundle: 0,
} as unknown as GateProgram;

const NO_ROWS: QueryRows = { columns: [{ name: 'x', type: 'VARCHAR' }], rows: [] };

/** A worker that is silent about a cell must not make it pass for want of a rule that fails. */
test('a cell for which no evidence came fails for every unit instance', async () => {
  const figures = [{ key: [], name: '[]', answers: [{ count: integer(1000), sum: null }] }];
  const pass = { figures, evidence: new Map(), types: [] };
  const variant = { reduction: { neutral: new Set<number>(), never: new Set<number>() }, dropped: [], selection: null };
  const [cell] = await completeEvidence(
    PROGRAM,
    variant as never,
    () => variant as never,
    pass as never,
    TEST_POLICY,
    () => Promise.resolve(NO_ROWS),
  );
  expect(cell?.evidence.map((item) => item.unitType)).toEqual(['person', 'enterprise']);
  const asked = { term: 0, kind: 'rows', sensitive: false, unitsAreCounted: false } as const;
  for (const evidence of cell?.evidence ?? []) expect(combine(checkOutput(evidence, asked, TEST_POLICY))).toBe('fail');
});
