import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, type FromWorker } from '../../../../src/sandbox/enclave/messages.ts';
import { decodeFrame, fromWorker } from '../../../../src/sandbox/enclave/protocol.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (message: unknown): unknown => decodeFrame(fromWorker, bytes(JSON.stringify(message)));

const cell = fc.letrec<{ cell: unknown }>((tie) => ({
  cell: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('cell'), { maxLength: 3 }),
  ),
})).cell;

describe('messages of a worker', () => {
  test('rows come back as they were sent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.array(cell, { maxLength: 5 }), (requestId, row) => {
        const columns = row.map((_, index) => ({ name: `c${index}`, type: 'VARCHAR' }));
        const message = { type: 'rows', requestId, columns, rows: [row, row] } as unknown as FromWorker;
        expect(decodeFrame(fromWorker, bytes(encodeFrame(message)))).toEqual(message);
      }),
    );
  });

  test('arbitrary bytes and arbitrary JSON are either a message or null, and never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (line) => decodeFrame(fromWorker, line) === null));
    fc.assert(fc.property(fc.json(), (text) => decodeFrame(fromWorker, bytes(text)) === null));
  });

  test('a message with any other field, or without one of its own, is refused', () => {
    const good = { type: 'transcoded', requestId: 3, badLine: null };
    expect(decode(good)).toEqual(good);
    fc.assert(
      fc.property(
        fc.string().filter((name) => !(name in good) && name !== '__proto__'),
        fc.jsonValue(),
        (name, value) => {
          expect(decode({ ...good, [name]: value })).toBeNull();
        },
      ),
    );
    for (const name of Object.keys(good))
      expect(decode(Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)))).toBeNull();
  });

  test('a worker can name only the failures that are its own to see', () => {
    expect(decode({ type: 'failed', requestId: 1, failure: 'conversion' })).not.toBeNull();
    for (const failure of ['digest_mismatch', 'timeout', 'worker_lost', 'isolation_unavailable', 'Conversion Error: 张三', '']) {
      expect(decode({ type: 'failed', requestId: 1, failure })).toBeNull();
    }
  });

  test('objects, ragged rows, deep nesting and ids that are no ids are refused', () => {
    const rows = (requestId: unknown, row: unknown): unknown =>
      decode({ type: 'rows', requestId, columns: [{ name: 'a', type: 'x' }], rows: [row] });
    expect(rows(1, ['x'])).not.toBeNull();
    expect(rows(1, [{ a: 1 }])).toBeNull();
    expect(rows(1, ['x', 'y'])).toBeNull();
    expect(rows(1, [JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)])).toBeNull();
    for (const id of [0, -1, 1.5, '1', null, 2 ** 60]) expect(rows(id, ['x'])).toBeNull();
  });
});
