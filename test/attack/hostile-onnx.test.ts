import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedOperators, prepareModel } from '../../src/sandbox/models/onnx/prepare-model.ts';
import { writeOnnx } from '../../src/sandbox/models/onnx/write-onnx.ts';

const FILES = resolve(import.meta.dirname, '../../../shared/conformance/models/hostile-onnx');

/** Length-delimited field of fewer than 128 bytes: enough to build what no exporter writes. */
const field = (number: number, ...parts: readonly (readonly number[])[]): number[] => {
  const body = parts.flat();
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return [(number << 3) | 2, ...length, ...body];
};
const text = (number: number, value: string): number[] => field(number, [...new TextEncoder().encode(value)]);
const int = (number: number, value: number): number[] =>
  number < 16 ? [number << 3, value] : [((number << 3) & 0x7f) | 0x80, number >> 4, value];
const value = (name: string, type = 1): number[] => [
  ...text(1, name),
  ...field(2, field(1, int(1, type), field(2, field(1, text(2, 'N')), field(1, int(1, 2))))),
];
const opset = field(8, text(1, ''), int(2, 17));
const relu = field(1, text(1, 'x'), text(2, 'y'), text(4, 'Relu'));
const ends = [...field(11, value('x')), ...field(12, value('y'))];
const file = (...graph: readonly (readonly number[])[]): Uint8Array => Uint8Array.from([...int(1, 8), ...field(7, ...graph), ...opset]);

const refused = (bytes: Uint8Array): unknown => {
  const prepared = prepareModel(bytes);
  return prepared.ok ? 'accepted' : prepared.error.fault;
};

describe('files that are no models for scoring', () => {
  test('the honest one beside them is read', () => expect(refused(file(relu, ends))).toBe('accepted'));

  test.each<[string, string, Uint8Array]>([
    [
      'a body of a loop',
      'subgraph',
      file(field(1, text(1, 'x'), text(2, 'y'), text(4, 'Relu'), field(5, text(1, 'body'), field(6, []), int(20, 5))), ends),
    ],
    ['several bodies', 'subgraph', file(field(1, text(4, 'If'), field(5, text(1, 'b'), field(11, []))), ends)],
    ['a function of its own', 'function', Uint8Array.from([...file(relu, ends), ...[0xca, 0x01, 0]])],
    ['training information', 'subgraph', Uint8Array.from([...file(relu, ends), ...[0xa2, 0x01, 0]])],
    [
      'an external tensor',
      'external_data',
      file(relu, field(5, int(1, 1), int(2, 1), text(8, 'w'), field(13, text(1, 'location'), text(2, 'w.bin'))), ends),
    ],
    ['a data location without data', 'external_data', file(relu, field(5, int(2, 1), text(8, 'w'), int(14, 1)), ends)],
    ['a sparse tensor', 'sparse_tensor', file(relu, field(15, []), ends)],
    ['another domain', 'operator_set', file(field(1, text(1, 'x'), text(2, 'y'), text(4, 'Relu'), text(7, 'com.example')), ends)],
    ['an operator that makes its size up', 'operator', file(field(1, text(1, 'x'), text(2, 'y'), text(4, 'ConstantOfShape')), ends)],
    ['an operator with a name of its own', 'operator', file(field(1, text(1, 'x'), text(2, 'y'), text(4, '../Relu')), ends)],
    [
      'an attribute nobody knows',
      'attribute',
      file(field(1, text(1, 'x'), text(2, 'y'), text(4, 'Relu'), field(5, text(1, 'k'), int(3, 1), int(20, 2))), ends),
    ],
    [
      'a tensor larger than its bytes',
      'tensor_size',
      file(relu, field(5, int(1, 100), int(1, 100), int(2, 1), text(8, 'w'), field(9, [0, 0, 0, 0])), ends),
    ],
    [
      'three dimensions',
      'shape',
      file(relu, field(5, int(1, 1), int(1, 1), int(1, 1), int(2, 1), text(8, 'w'), field(9, [0, 0, 0, 0])), ends),
    ],
    ['a value that is used before it is made', 'name', file(field(1, text(1, 'z'), text(2, 'y'), text(4, 'Relu')), ends)],
    ['a value that is made twice', 'name', file(relu, relu, ends)],
    ['a circle', 'name', file(field(1, text(1, 'y'), text(2, 'y'), text(4, 'Relu')), ends)],
    ['a constant for an answer', 'output', file(field(5, int(1, 1), int(2, 1), text(8, 'y'), field(9, [0, 0, 0, 0])), ends)],
    ['an unknown field', 'unknown_field', Uint8Array.from([...file(relu, ends), ...[0xf8, 0x07, 1]])],
    ['a graph that comes twice', 'repeated_field', Uint8Array.from([...file(relu, ends), ...field(7, relu, ends)])],
    ['a group', 'malformed', Uint8Array.from([0x0b, 0x0c])],
    ['a number without an end', 'truncated', Uint8Array.from([0x08, 0xff, 0xff])],
    ['a number with a byte that says nothing', 'malformed', Uint8Array.from([0x08, 0x88, 0x00])],
    ['a number with bits beyond the 64th', 'malformed', Uint8Array.from([0x08, ...Array.from({ length: 9 }, () => 0xff), 0x7f])],
    ['a number too long', 'malformed', Uint8Array.from([0x08, ...Array.from({ length: 11 }, () => 0xff)])],
    ['a length past the end', 'truncated', Uint8Array.from([0x3a, 0x7f, 0x00])],
    ['no graph', 'malformed', Uint8Array.from([...int(1, 8), ...opset])],
    ['nothing', 'malformed', new Uint8Array(0)],
    ['names that are not UTF-8', 'malformed', file(field(1, field(1, [0xff]), text(2, 'y'), text(4, 'Relu')), ends)],
  ])('%s: %s', (_, fault, bytes) => expect(refused(bytes)).toBe(fault));

  test('a work that no enclave should do is refused before any row', () => {
    const constant = { dims: [256, 256], type: 'float', numbers: new Float64Array(65_536), texts: [] } as const;
    const nodes = Array.from({ length: 40 }, (_, index) => ({
      domain: '' as const,
      operator: 'MatMul',
      inputs: [index === 0 ? 'x' : `h${index}`, 'w'],
      outputs: [index === 39 ? 'y' : `h${index + 1}`],
      attributes: new Map(),
    }));
    const bytes = writeOnnx({
      nodes,
      constants: new Map([['w', constant]]),
      inputs: [{ name: 'x', type: 'float', width: 256 }],
      outputs: [{ name: 'y', type: 'float', width: 256 }],
      opsets: new Map([['', 17]]),
    });
    expect(refused(bytes)).toBe('work');
  });

  test('whatever the bytes, the answer is a refusal or a model, in little time', () => {
    const honest = file(relu, ends);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (edits) => {
        const bytes = Uint8Array.from(honest);
        for (const [at, byte] of edits) bytes[at] = byte;
        expect(typeof prepareModel(bytes).ok).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void expect(typeof prepareModel(bytes).ok).toBe('boolean')));
  });

  test('nothing on the list mixes rows, makes sizes up, draws lots, loops or calls', () => {
    const never =
      /Loop|If|Scan|Random|Bernoulli|Multinomial|ConstantOfShape|Expand|Tile|Range|Transpose|Sequence|Optional|Size|Shape$|CumSum|TopK|Unique|NonZero|Call/;
    const names = [...allowedOperators(''), ...allowedOperators('ml')];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => never.test(name) && name !== 'Reshape')).toEqual([]);
  });
});

describe.skipIf(!existsSync(FILES))('the files of the conformance folder (skipped where ../shared/conformance is not there)', () => {
  test.each([
    ['bomb.onnx', 'operator'],
    ['ext_abs.onnx', 'external_data'],
    ['ext_rel.onnx', 'external_data'],
  ])('%s is refused: %s', (name, fault) => expect(refused(readFileSync(join(FILES, name)))).toBe(fault));

  test('ok.onnx is computed as 32-bit floats', () => {
    const prepared = prepareModel(readFileSync(join(FILES, 'ok.onnx')));
    expect(prepared.ok && prepared.value.outputs.map((output) => output.slot.width)).toEqual([50]);
  });
});
