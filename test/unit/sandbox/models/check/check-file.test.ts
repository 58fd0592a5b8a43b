import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkModelFile, significantBits } from '../../../../../src/sandbox/models/check/check-file.ts';
import { type WrittenModel, writeOnnx } from '../../../../../src/sandbox/models/onnx/write-onnx.ts';

function linear(coefficients: readonly number[], names: readonly [string, string] = ['x', 'y']): WrittenModel {
  return {
    nodes: [
      {
        domain: 'ml',
        operator: 'LinearRegressor',
        inputs: [names[0]],
        outputs: [names[1]],
        attributes: new Map([['coefficients', { numbers: coefficients }]]),
      },
    ],
    constants: new Map(),
    inputs: [{ name: names[0], type: 'float', width: coefficients.length }],
    outputs: [{ name: names[1], type: 'float', width: 1 }],
    opsets: new Map([['', 17] as const, ['ml', 3] as const]),
  };
}

function verdicts(bytes: Uint8Array): Readonly<Record<string, string>> {
  const checked = checkModelFile(bytes);
  if (!checked.ok) throw new Error(checked.error.fault);
  return Object.fromEntries(checked.value.findings.map(({ rule, verdict }) => [rule, verdict]));
}

describe('what a model file says by itself', () => {
  test('our own file with short weights passes, but its scores give an input back', () =>
    expect(verdicts(writeOnnx(linear([0.5, -3])))).toEqual({ M27: 'pass', M32: 'fail', M33: 'pass', M34: 'pass' }));

  test('a sum of many inputs gives none of them back', () =>
    expect(verdicts(writeOnnx(linear(Array.from({ length: 40 }, () => 0.5)))).M32).toBe('pass'));

  test('weights with rows in their low digits fail', () => expect(verdicts(writeOnnx(linear([0.123456, -3]))).M27).toBe('fail'));

  test('names that carry something fail', () => expect(verdicts(writeOnnx(linear([1], ['Zhang San 3101', 'y']))).M34).toBe('fail'));

  test('bytes of its own behind the same model fail', () => {
    const bytes = writeOnnx(linear([0.5]));
    // producer_name, which no score depends on
    expect(verdicts(Uint8Array.from([...bytes, 0x12, 2, 0x68, 0x69])).M33).toBe('fail');
    // ir_version 8 as 8 with a byte too many: no file that is read at all
    expect(checkModelFile(Uint8Array.from([0x08, 0x88, 0x00, ...bytes.slice(2)]))).toMatchObject({
      ok: false,
      error: { fault: 'malformed' },
    });
  });

  test.each([
    [0, 0],
    [1, 1],
    [0.5, 1],
    [3, 2],
    [4095, 12],
    [4097, 13],
    [-0.1, 52],
    [Number.NaN, 64],
  ])('%f has %i significant bits', (value, bits) => expect(significantBits(value)).toBe(bits));
});

const FILES = resolve(import.meta.dirname, '../../../../../../shared/conformance/models/hostile-onnx');

test.skipIf(!existsSync(FILES))('the identity can be scored, yet gives every row back; a wide matrix does not', () => {
  expect(verdicts(readFileSync(resolve(FILES, 'identity.onnx'))).M32).toBe('fail');
  expect(verdicts(readFileSync(resolve(FILES, 'ok.onnx'))).M32).toBe('pass');
});
