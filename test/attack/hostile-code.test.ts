import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findFence } from '../../src/sandbox/enclave/find-fence.ts';
import type { IsolationLevel } from '../../src/sandbox/enclave/port.ts';
import { scoreInProcess } from '../../src/sandbox/enclave/score-process.ts';
import { readWasm } from '../../src/sandbox/models/wasm/read-wasm.ts';

const F64 = 0x7c;
const END = 0x0b;
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
const many = (count: number, ...bytes: number[]): number[] =>
  Array.from({ length: count * bytes.length }, (_, at) => bytes[at % bytes.length] ?? 0);
const section = (id: number, body: readonly number[]): readonly number[] => [id, ...leb(body.length), ...body];
const TYPE = [0x60, 1, F64, 1, F64];
const EXPORT = section(7, [1, 5, ...Buffer.from('score'), 0, 0]);
const codeOf = (code: readonly number[]): readonly number[] => [...leb(code.length + 2), 0, ...code, END];
const moduleOf = (...sections: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(...sections));
/** A module that scores with `code`, and beside it as many functions as wanted of `other`. */
const scoring = (code: readonly number[], others = 0, other: readonly number[] = []): Uint8Array =>
  moduleOf(
    section(1, [1, ...TYPE]),
    section(3, [...leb(1 + others), ...many(1 + others, 0)]),
    EXPORT,
    section(10, [...leb(1 + others), ...codeOf(code), ...many(others, ...codeOf([...other, 0x20, 0]))]),
  );

const ROWS = [[2], [3]];

/** Code that is small to send and large to read, and numbers that are none. Source: issue "Models" (hostile files are refused, and others you have not seen). */
describe('code of a merchant that is made to exhaust whoever reads it', () => {
  let fenced: { readonly isolation: IsolationLevel };
  beforeAll(async () => {
    const tempRoot = await mkdtemp(join(tmpdir(), 'sluice-code-'));
    const fence = await findFence({ isolation: 'auto', allowProcessFallback: true, tempRoot });
    fenced = { isolation: fence?.isolation ?? 'process' };
    await rm(tempRoot, { recursive: true, force: true });
  }, 60_000);

  /** Refused, or what it gave for two rows. */
  async function outcome(bytes: Uint8Array): Promise<unknown> {
    const from = process.cpuUsage();
    const read = readWasm(bytes);
    const { user, system } = process.cpuUsage(from);
    // Seconds of this process, not of the clock.
    expect((user + system) / 1e6).toBeLessThan(5);
    if (!read.ok) return read.error.fault;
    return scoreInProcess({ module: read.value.metered, memory: null, rows: ROWS }, fenced);
  }

  test.each<[string, Uint8Array]>([
    ['a table of jumps with a million ends', scoring([0x02, 0x40, 0x41, 0, 0x0e, ...leb(1_000_000), ...many(1_000_001, 0), END, 0x20, 0])],
    ['two hundred thousand types', moduleOf(section(1, [...leb(200_000), ...many(200_000, ...TYPE)]))],
    ['a million functions', moduleOf(section(1, [1, ...TYPE]), section(3, [...leb(1_000_000), ...many(1_000_000, 0)]))],
    ['six hundred thousand loops', scoring([...many(600_000, 0x03, 0x40, END), 0x20, 0])],
    ['three hundred functions of two thousand loops', scoring([0x20, 0], 300, many(2_000, 0x03, 0x40, END))],
  ])(
    '%s is refused before anything is compiled',
    async (_, bytes) => {
      expect(await outcome(bytes)).toBe('too_large');
    },
    60_000,
  );

  test.each<[string, Uint8Array]>([
    ['a hundred thousand blocks within each other', scoring([...many(100_000, 0x02, 0x40), ...many(100_000, END), 0x20, 0])],
    [
      'half a million groups of no locals',
      moduleOf(
        section(1, [1, ...TYPE]),
        section(3, [1, 0]),
        EXPORT,
        section(10, [1, ...leb(1_000_006), ...leb(500_000), ...many(500_000, 0, F64), 0x20, 0, END]),
      ),
    ],
  ])(
    '%s: what it gives is what it says',
    async (_, bytes) => {
      expect(await outcome(bytes)).toEqual([2, 3]);
    },
    60_000,
  );

  test.each([
    ['a quiet one with a number in its bits', [0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xf8, 0x7f]],
    ['a signalling one', [0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xf0, 0xff]],
    ['one without an end', [0, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
  ])(
    'no number, %s: no bit of it is told',
    async (_, bits) => {
      const scores = (await outcome(scoring([0x44, ...bits]))) as number[];
      expect(scores).toEqual([Number.NaN, Number.NaN]);
      expect(Buffer.from(Float64Array.from(scores).buffer).toString('hex')).not.toContain('2143');
    },
    60_000,
  );
});
