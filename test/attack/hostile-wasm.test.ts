import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { findFence } from '../../src/sandbox/enclave/find-fence.ts';
import type { IsolationLevel } from '../../src/sandbox/enclave/port.ts';
import { scoreInProcess } from '../../src/sandbox/enclave/score-process.ts';
import { readWasm } from '../../src/sandbox/models/wasm/read-wasm.ts';

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const F64 = 0x7c;
const text = (value: string): number[] => [value.length, ...Buffer.from(value)];
const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
const TYPES = section(1, 1, 0x60, 2, F64, F64, 1, F64);
const FUNCTIONS = section(3, 1, 0);
const EXPORT = section(7, 1, ...text('score'), 0, 0);
const body = (...code: number[]): number[] => section(10, 1, code.length + 2, 0, ...code, 0x0b);
const SUM = [0x20, 0, 0x20, 1, 0xa0];

const moduleOf = (...sections: readonly (readonly number[])[]): Uint8Array => Uint8Array.from([...HEAD, ...sections.flat()]);
const PLAIN = moduleOf(TYPES, FUNCTIONS, EXPORT, body(...SUM));

const faultOf = (bytes: Uint8Array): string => {
  const read = readWasm(bytes);
  return read.ok ? 'read' : read.error.fault;
};

describe('code of a merchant', () => {
  /** The best fence of this machine: that of the workers of the enclave. */
  let FENCED: { readonly isolation: IsolationLevel };
  beforeAll(async () => {
    const tempRoot = await mkdtemp(join(tmpdir(), 'sluice-wasm-'));
    const fence = await findFence({ isolation: 'auto', allowProcessFallback: true, tempRoot });
    FENCED = { isolation: fence?.isolation ?? 'process' };
    await rm(tempRoot, { recursive: true, force: true });
  }, 60_000);

  test('a function of two numbers is read, and computed in a process of its own', async () => {
    const read = readWasm(PLAIN);
    expect(read).toMatchObject({ ok: true, value: { values: 2, memory: null } });
    expect(
      await scoreInProcess(
        {
          module: PLAIN,
          memory: null,
          rows: [
            [1, 2],
            [0.5, -4],
          ],
        },
        FENCED,
      ),
    ).toEqual([3, -3.5]);
  }, 60_000);

  test.each([
    [
      'a function from outside',
      moduleOf(TYPES, section(2, 1, ...text('env'), ...text('f'), 0, 0), FUNCTIONS, EXPORT, body(...SUM)),
      'import',
    ],
    ['a memory of another name', moduleOf(TYPES, section(2, 1, ...text('wasi'), ...text('memory'), 2, 1, 1, 1), FUNCTIONS), 'import'],
    ['a memory from outside without an end', moduleOf(TYPES, section(2, 1, ...text('env'), ...text('memory'), 2, 0, 1)), 'memory'],
    ['a memory of its own without an end', moduleOf(TYPES, FUNCTIONS, section(5, 1, 0, 1), EXPORT, body(...SUM)), 'memory'],
    ['a shared memory', moduleOf(TYPES, FUNCTIONS, section(5, 1, 3, 1, 2), EXPORT, body(...SUM)), 'memory'],
    ['more memory than there is for it', moduleOf(TYPES, FUNCTIONS, section(5, 1, 1, 1, 0x81, 0x02), EXPORT, body(...SUM)), 'memory'],
    ['two memories', moduleOf(TYPES, FUNCTIONS, section(5, 2, 1, 1, 1, 1, 1, 1), EXPORT, body(...SUM)), 'memory'],
    ['a start function', moduleOf(TYPES, FUNCTIONS, EXPORT, section(8, 0), body(...SUM)), 'start'],
    ['vectors', moduleOf(TYPES, FUNCTIONS, EXPORT, body(0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a, ...SUM)), 'instruction'],
    ['threads', moduleOf(TYPES, FUNCTIONS, EXPORT, body(0xfe, 0x03, 0x00, ...SUM)), 'instruction'],
    [
      'a million locals',
      moduleOf(TYPES, FUNCTIONS, EXPORT, section(10, 1, 8, 1, 0xc0, 0x84, 0x3d, F64, ...SUM.slice(0, 2), 0x0b)),
      'too_large',
    ],
    [
      'a table of jumps with four thousand million ends',
      moduleOf(TYPES, FUNCTIONS, EXPORT, body(0x0e, 0xff, 0xff, 0xff, 0xff, 0x0f, 0)),
      'malformed',
    ],
    ['no score', moduleOf(TYPES, FUNCTIONS, section(7, 1, ...text('main'), 0, 0), body(...SUM)), 'export'],
    ['a score of another form', moduleOf(section(1, 1, 0x60, 1, 0x7f, 1, F64), FUNCTIONS, EXPORT, body(...SUM)), 'signature'],
    ['a score that takes nothing', moduleOf(section(1, 1, 0x60, 0, 1, F64), FUNCTIONS, EXPORT, body(...SUM)), 'signature'],
    ['a count of four thousand millions', moduleOf([3, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]), 'malformed'],
    ['a section longer than the file', moduleOf([1, 0xff, 0x7f]), 'malformed'],
    ['a component in the place of a module', Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), 'malformed'],
    ['too much of it', new Uint8Array(3 * 1024 * 1024), 'too_large'],
    ['nothing', new Uint8Array(0), 'malformed'],
  ])('%s is refused before anything is compiled', (_, bytes, fault) => expect(faultOf(bytes)).toBe(fault));

  test('any bytes are read or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(PLAIN.length - 1), (noise, at) => {
        const broken = Uint8Array.from([...PLAIN.subarray(0, at), ...noise]);
        expect(typeof faultOf(broken)).toBe('string');
      }),
    );
  });

  const metered = (module: Uint8Array): Uint8Array => {
    const read = readWasm(module);
    if (!read.ok) throw new Error(read.error.fault);
    return read.value.metered;
  };
  const run = (module: Uint8Array) => scoreInProcess({ module: metered(module), memory: null, rows: [[1, 2]] }, FENCED);
  const ENDLESS = moduleOf(TYPES, FUNCTIONS, EXPORT, body(0x03, 0x40, 0x0c, 0, 0x0b, ...SUM));
  const MEMORY = section(5, 1, 1, 1, 0x80, 0x02);

  test('a loop without an end is killed at its limit', async () => {
    const before = performance.now();
    expect(await scoreInProcess({ module: ENDLESS, memory: null, rows: [[1, 2]] }, { ...FENCED, limitMs: 3_000 })).toBeNull();
    expect(performance.now() - before).toBeLessThan(30_000);
  }, 60_000);

  // i64 counter in a local: while (i < turns) i += 1; then a + b.
  const turns = (...count: number[]): Uint8Array => {
    const loop = [0x03, 0x40, 0x20, 2, 0x42, 1, 0x7c, 0x22, 2, 0x42, ...count, 0x53, 0x0d, 0, 0x0b, ...SUM, 0x0b];
    return moduleOf(TYPES, FUNCTIONS, EXPORT, section(10, 1, loop.length + 3, 1, 1, 0x7e, ...loop));
  };

  test.each([
    ['a loop without an end', ENDLESS],
    ['a call of itself without an end', moduleOf(TYPES, FUNCTIONS, EXPORT, body(0x20, 0, 0x20, 1, 0x10, 0))],
    [
      'a call of itself with forty-nine thousand locals',
      moduleOf(TYPES, FUNCTIONS, EXPORT, section(10, 1, 12, 1, 0xe8, 0xfe, 0x02, F64, 0x20, 0, 0x20, 1, 0x10, 0, 0x0b)),
    ],
    [
      'a table of jumps that all lead back',
      moduleOf(TYPES, FUNCTIONS, EXPORT, body(0x03, 0x40, 0x02, 0x40, 0x41, 0, 0x0e, 3, 1, 1, 1, 1, 0x0b, 0x0b, ...SUM)),
    ],
    [
      'memory filled again and again',
      moduleOf(
        TYPES,
        FUNCTIONS,
        MEMORY,
        EXPORT,
        body(0x03, 0x40, 0x41, 0, 0x41, 0, 0x41, 0xff, 0xff, 0x03, 0xfc, 0x0b, 0, 0x0c, 0, 0x0b, ...SUM),
      ),
    ],
    [
      'memory that grows by nothing again and again',
      moduleOf(TYPES, FUNCTIONS, MEMORY, EXPORT, body(0x03, 0x40, 0x41, 0, 0x40, 0, 0x1a, 0x0c, 0, 0x0b, ...SUM)),
    ],
    ['a loop of two million turns', turns(0x80, 0x89, 0xfa, 0x00)],
  ])(
    '%s ends at the counter, not at the clock',
    async (_, module) => {
      expect([await run(module), await run(module)]).toEqual(['work', 'work']);
    },
    60_000,
  );

  test('a loop of a hundred thousand turns is within what a row may take, and gives what it gives', async () => {
    expect(await run(turns(0xa0, 0x8d, 0x06))).toEqual([3]);
  }, 60_000);

  test.each([
    ['reads', [0x23, 0, 0x1a, ...SUM]],
    ['sets', [0x42, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x24, 0, ...SUM]],
  ])('code that %s the counter, which is no global of its own, is refused', (_, code) =>
    expect(faultOf(moduleOf(TYPES, FUNCTIONS, EXPORT, body(...code)))).toBe('malformed'),
  );

  test('code that gives an export the name of the counter is refused', () => {
    const taken = section(7, 2, ...text('score'), 0, 0, ...text('sluice.fuel'), 0, 0);
    expect(faultOf(moduleOf(TYPES, FUNCTIONS, taken, body(...SUM)))).toBe('export');
  });

  test('what it keeps of one row is gone at the next', async () => {
    // A global that is added to every score, and raised by it.
    const global = section(6, 1, F64, 1, 0x44, ...new Array<number>(8).fill(0), 0x0b);
    const code = [0x23, 0, 0x20, 0, 0xa0, 0x24, 0, 0x23, 0];
    const counting = moduleOf(TYPES, FUNCTIONS, global, EXPORT, body(...code));
    expect(faultOf(counting)).toBe('read');
    const rows = [
      [1, 0],
      [1, 0],
      [1, 0],
    ];
    expect(await scoreInProcess({ module: counting, memory: null, rows }, FENCED)).toEqual([1, 1, 1]);
  }, 60_000);

  test('data beyond its memory, growth beyond its end and calls without an end give no score', async () => {
    const memory = section(5, 1, 1, 1, 1);
    // A byte at the first address of the third page.
    const data = section(11, 1, 0, 0x41, 0x80, 0x80, 0x08, 0x0b, 1, 7);
    const outside = moduleOf(TYPES, FUNCTIONS, memory, EXPORT, body(...SUM), data);
    // memory.grow of a thousand pages, as a number.
    const grown = moduleOf(TYPES, FUNCTIONS, memory, EXPORT, body(0x41, 0xe8, 0x07, 0x40, 0, 0xb7));
    const calls = moduleOf(TYPES, FUNCTIONS, EXPORT, body(0x20, 0, 0x20, 1, 0x10, 0));
    const answers = [[Number.NaN], [-1], [Number.NaN]];
    for (const [at, module] of [outside, grown, calls].entries()) {
      expect(faultOf(module)).toBe('read');
      expect(await scoreInProcess({ module, memory: null, rows: [[1, 2]] }, FENCED)).toEqual(answers[at]);
    }
  }, 60_000);

  test('the host makes the memory, and a row that traps has no score', async () => {
    const load = [0x41, 0xff, 0xff, 0xff, 0xff, 0x07, 0x2b, 3, 0];
    const trapping = moduleOf(TYPES, section(2, 1, ...text('env'), ...text('memory'), 2, 1, 1, 2), FUNCTIONS, EXPORT, body(...load));
    const read = readWasm(trapping);
    expect(read).toMatchObject({ ok: true, value: { memory: { initial: 1, maximum: 2 } } });
    expect(await scoreInProcess({ module: trapping, memory: { initial: 1, maximum: 2 }, rows: [[1, 2]] }, FENCED)).toEqual([Number.NaN]);
  }, 60_000);
});
