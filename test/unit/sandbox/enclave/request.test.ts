import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ENCODINGS } from '../../../../src/sandbox/enclave/messages.ts';
import { readRequest } from '../../../../src/sandbox/enclave/request.ts';

const line = (message: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(message));

const requestId = z.int().min(1);
const path = z.string().min(1).max(4096);
const spill = z.strictObject({ directory: path, maxMiB: z.int().min(1) });
/** The same rules as a schema: the oracle. */
const ORACLE = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    requestId,
    database: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('memory') }),
      z.strictObject({ kind: z.literal('sealed'), path }),
      z.strictObject({ kind: z.literal('create'), path }),
    ]),
    settings: z.strictObject({ memoryMiB: z.int().min(1), threads: z.int().min(1), spill: spill.nullable(), maxRows: z.int().min(0) }),
    allowedPaths: z.array(path),
    allowedDirectories: z.array(path),
  }),
  z.strictObject({
    type: z.literal('query'),
    requestId,
    sql: z.string(),
    parameters: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
    beside: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('transcode'), requestId, source: path, target: path, encoding: z.enum(ENCODINGS) }),
  z.strictObject({ type: z.literal('progress'), requestId }),
  z.strictObject({ type: z.literal('interrupt') }),
  z.strictObject({ type: z.literal('close'), requestId }),
]);

const settings = { memoryMiB: 64, threads: 1, spill: { directory: '/spill', maxMiB: 1 }, maxRows: 0 };
const REQUESTS: readonly object[] = [
  {
    type: 'open',
    requestId: 1,
    database: { kind: 'sealed', path: '/data/x' },
    settings,
    allowedPaths: ['/a'],
    allowedDirectories: [],
  },
  {
    type: 'open',
    requestId: 1,
    database: { kind: 'memory' },
    settings: { ...settings, spill: null },
    allowedPaths: [],
    allowedDirectories: ['/b'],
  },
  { type: 'query', requestId: 2, sql: 'SELECT 1', parameters: [1, 'a', null, true] },
  { type: 'query', requestId: 2, sql: '', parameters: [], beside: true },
  { type: 'transcode', requestId: 3, source: '/a', target: '/b', encoding: 'gb18030' },
  { type: 'progress', requestId: 4 },
  { type: 'interrupt' },
  { type: 'close', requestId: 5 },
];

test('what the parent sends is read as it was sent', () => {
  for (const request of REQUESTS) expect(readRequest(line(request))).toEqual(request);
});

test('any request with any one thing changed is judged as the schema judges it', () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(0, 1, -1, 1.5, 2 ** 53, '', '/', 'x'.repeat(4097), 'memory', 'sealed', 'utf-8', [[1]], [1], ['']),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...REQUESTS),
      fc.infiniteStream(fc.nat()),
      odd,
      fc.constantFrom('set', 'drop', 'add'),
      (request, picks, value, what) => {
        const changed = structuredClone(request) as Record<string, unknown>;
        let place = changed;
        for (;;) {
          const names = Object.keys(place);
          const name = names[picks.next().value % Math.max(1, names.length)] ?? 'extra';
          const below = place[name];
          if (typeof below === 'object' && below !== null && picks.next().value % 2 === 0) {
            place = below as Record<string, unknown>;
            continue;
          }
          if (what === 'drop' && !Array.isArray(place)) delete place[name];
          else if (what === 'add' && !Array.isArray(place)) place['extra'] = value;
          else place[name] = value;
          break;
        }
        expect(readRequest(line(changed)) !== null).toBe(ORACLE.safeParse(JSON.parse(JSON.stringify(changed))).success);
      },
    ),
    { numRuns: 3000 },
  );
});

test('arbitrary bytes and arbitrary JSON are no requests', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readRequest(bytes) === null));
  fc.assert(fc.property(fc.json(), (text) => readRequest(new TextEncoder().encode(text)) === null));
});
