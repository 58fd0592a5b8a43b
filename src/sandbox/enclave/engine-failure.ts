import type { WorkerFailure } from './messages.ts';

/** First words of DuckDB's messages (the exception type), longest list first in reading order. */
const BY_PREFIX: readonly (readonly [prefix: string, failure: WorkerFailure])[] = [
  ['Parser Error', 'syntax'],
  ['Syntax Error', 'syntax'],
  ['Binder Error', 'binder'],
  ['Catalog Error', 'binder'],
  ['Parameter Not Resolved Error', 'binder'],
  ['Parameter Not Allowed Error', 'binder'],
  ['Conversion Error', 'conversion'],
  ['Out of Range Error', 'conversion'],
  ['Mismatch Type Error', 'conversion'],
  ['Decimal Error', 'conversion'],
  ['Divide by Zero Error', 'conversion'],
  ['Invalid Input Error: CSV Error', 'conversion'],
  ['Invalid Input Error: Error in file', 'conversion'],
  ['Constraint Error', 'constraint'],
  ['Out of Memory Error', 'out_of_memory'],
  ['INTERRUPT Error', 'cancelled'],
  ['IO Error', 'file'],
  ['Permission Error', 'file'],
];

/**
 * Kind of an engine error, from its type alone. The message is read here and goes no further: it quotes row values.
 * The prefix is written by the engine, so that `error('Binder Error …')` in a query cannot pass for another kind.
 */
export function engineFailure(error: unknown): WorkerFailure {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Out of Memory Error') && message.includes('max_temp_directory_size')) return 'out_of_disk';
  for (const [prefix, failure] of BY_PREFIX) if (message.startsWith(prefix)) return failure;
  return 'other';
}
