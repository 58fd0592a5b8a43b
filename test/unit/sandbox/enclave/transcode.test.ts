import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transcode } from '../../../../src/sandbox/enclave/transcode.ts';
import { makeFolder } from '../../../support/enclave/enclave-fixture.ts';

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

async function run(bytes: Uint8Array, encoding: 'utf-8' | 'gb18030'): Promise<{ readonly badLine: number | null; readonly text: string }> {
  const source = join(folder.root, 'in.csv');
  const target = join(folder.root, `out-${Math.random()}.csv`);
  writeFileSync(source, bytes);
  const badLine = await transcode(source, target, encoding);
  return { badLine, text: readFileSync(target, 'utf8') };
}

const GB_NINGBO = [0xc4, 0xfe, 0xb2, 0xa8]; // 宁波
const ascii = (text: string): Buffer => Buffer.from(text);

describe('transcode', () => {
  test('GB18030 becomes UTF-8, four-byte characters included', async () => {
    const fourBytes = [0x95, 0x32, 0x82, 0x36]; // 𠀀
    const found = await run(Buffer.from([...GB_NINGBO, 10, ...fourBytes, 10, ...ascii('x')]), 'gb18030');
    expect(found).toEqual({ badLine: null, text: '宁波\n𠀀\nx' });
  });

  test('a byte order mark at the start goes, elsewhere it stays', async () => {
    const found = await run(ascii('\uFEFFa\n\uFEFFb\n'), 'utf-8');
    expect(found).toEqual({ badLine: null, text: 'a\n\uFEFFb\n' });
  });

  test.each([
    ['the first line', [0xff, 10, 65], 1],
    ['a later line', [65, 10, 66, 10, 67, 0xc3, 10, 68], 3],
    ['a sequence cut off by the end of the file', [65, 10, 0xe5, 0xae], 2],
  ])('names %s', async (_, bytes, line) => {
    expect((await run(Buffer.from(bytes), 'utf-8')).badLine).toBe(line);
  });

  test('counts lines across blocks of a large file', async () => {
    const lines = 300_000;
    const bytes = Buffer.concat([ascii('宁波,1234\n'.repeat(lines)), Buffer.from([0xff, 10])]);
    expect((await run(bytes, 'utf-8')).badLine).toBe(lines + 1);
  });

  test('never writes over a file, and gives nothing of an empty one', async () => {
    const source = join(folder.root, 'a.csv');
    writeFileSync(source, '');
    await expect(transcode(source, source, 'utf-8')).rejects.toThrow();
    expect(await run(Buffer.alloc(0), 'utf-8')).toEqual({ badLine: null, text: '' });
  });

  test('a line without end is refused rather than held', async () => {
    const source = join(folder.root, 'long.csv');
    writeFileSync(source, Buffer.alloc(18 * 1024 * 1024, 65));
    await expect(transcode(source, join(folder.root, 'long-out.csv'), 'utf-8')).rejects.toThrow();
    expect(existsSync(source)).toBe(true);
  });
});
