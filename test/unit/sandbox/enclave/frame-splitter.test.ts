import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameSplitter } from '../../../../src/sandbox/enclave/frame-splitter.ts';

const line = fc.uint8Array({ maxLength: 30 }).map((bytes) => bytes.filter((byte) => byte !== 10));

test('lines come out whole however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), fc.array(fc.nat(40), { maxLength: 30 }), (lines, cuts) => {
      const stream = Buffer.concat(lines.map((bytes) => Buffer.concat([bytes, Buffer.from('\n')])));
      const splitter = new FrameSplitter(30);
      const found: string[] = [];
      let start = 0;
      for (const cut of [...cuts, stream.length]) {
        const answer = splitter.push(stream.subarray(start, start + cut));
        if (answer === 'oversized') throw new Error('No line is above the limit');
        found.push(...answer.map((bytes) => Buffer.from(bytes).toString('hex')));
        start += cut;
      }
      expect(found).toEqual(lines.map((bytes) => Buffer.from(bytes).toString('hex')));
    }),
  );
});

test('one byte too many is refused, with or without its newline, and for good', () => {
  expect(new FrameSplitter(4).push(Buffer.from('1234\n'))).toHaveLength(1);
  expect(new FrameSplitter(4).push(Buffer.from('12345\n'))).toBe('oversized');
  const splitter = new FrameSplitter(4);
  expect(splitter.push(Buffer.from('123'))).toEqual([]);
  expect(splitter.push(Buffer.from('45'))).toBe('oversized');
  expect(splitter.push(Buffer.from('\n1\n'))).toBe('oversized');
});
