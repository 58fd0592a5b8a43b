import { expect, test } from 'vitest';
import { engineFailure } from '../../../../src/sandbox/enclave/engine-failure.ts';
import { WORKER_FAILURES } from '../../../../src/sandbox/enclave/messages.ts';

test.each([
  ['Parser Error: syntax error at or near "x"', 'syntax'],
  ['Binder Error: Referenced column "x" not found', 'binder'],
  ['Catalog Error: Table with name x does not exist!', 'binder'],
  ["Conversion Error: Could not convert string '张三' to INT32", 'conversion'],
  ['Invalid Input Error: CSV Error on Line: 3', 'conversion'],
  ['Out of Range Error: Overflow', 'conversion'],
  ['Constraint Error: NOT NULL constraint failed', 'constraint'],
  ['Out of Memory Error: failed to allocate', 'out_of_memory'],
  ['Out of Memory Error: … set by max_temp_directory_size', 'out_of_disk'],
  ['INTERRUPT Error: Interrupted!', 'cancelled'],
  ['IO Error: No files found', 'file'],
  ['Permission Error: Cannot access file', 'file'],
  ['Something new Error: x', 'other'],
])('%s is %s', (message, failure) => {
  expect(engineFailure(new Error(message))).toBe(failure);
});

test('words that a query makes the engine say do not change the kind', () => {
  expect(engineFailure(new Error('Invalid Input Error: Binder Error: planted'))).toBe('other');
});

test('anything thrown has a kind of the closed list', () => {
  for (const thrown of [null, undefined, 'Binder Error', {}, new Error('')]) expect(WORKER_FAILURES).toContain(engineFailure(thrown));
});
