import { describe, expect, test } from 'vitest';
import { checkModelFile } from '../../src/sandbox/models/check/check-file.ts';
import type { Attribute, ConstantTensor, OnnxNode } from '../../src/sandbox/models/onnx/model.ts';
import { prepareModel } from '../../src/sandbox/models/onnx/prepare-model.ts';
import { writeOnnx } from '../../src/sandbox/models/onnx/write-onnx.ts';
import { readTrainingSpec } from '../../src/sandbox/models/spec/training-spec.ts';
import { readWasm } from '../../src/sandbox/models/wasm/read-wasm.ts';
import { linearOnnx } from '../support/onnx-files.ts';

const DATA = '330102199001011234';
const numbers = (...values: number[]): Attribute => ({ numbers: values });
const texts = (...values: string[]): Attribute => ({ texts: values });
const node = (
  domain: '' | 'ml',
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
  outputs: readonly string[] = ['y'],
): OnnxNode => ({ domain, operator, inputs, outputs, attributes: new Map(Object.entries(attributes)) });
const tensor = (type: ConstantTensor['type'], dims: readonly number[], values: readonly number[], words: readonly string[] = []) =>
  ({ type, dims, numbers: Float64Array.from(values), texts: words }) satisfies ConstantTensor;
const onnx = (nodes: readonly OnnxNode[], constants: Readonly<Record<string, ConstantTensor>> = {}, input = 'x', width = 1): Uint8Array =>
  writeOnnx({
    nodes,
    constants: new Map(Object.entries(constants)),
    inputs: [{ name: input, type: 'float', width }],
    outputs: [{ name: 'y', type: 'float', width: 1 }],
    opsets: new Map([
      ['', 17],
      ['ml', 3],
    ]),
  });

const LEAF = 'LEAF';
const LEQ = 'BRANCH_LEQ';
/** A tree of two leaves, with whatever a test changes of it. */
const tree = (change: Readonly<Record<string, Attribute>> = {}): Uint8Array =>
  onnx([
    node('ml', 'TreeEnsembleRegressor', ['x'], {
      nodes_treeids: numbers(0, 0, 0),
      nodes_nodeids: numbers(0, 1, 2),
      nodes_featureids: numbers(0, 0, 0),
      nodes_values: numbers(0.5, 0, 0),
      nodes_modes: texts(LEQ, LEAF, LEAF),
      nodes_truenodeids: numbers(1, 0, 0),
      nodes_falsenodeids: numbers(2, 0, 0),
      target_treeids: numbers(0, 0),
      target_nodeids: numbers(1, 2),
      target_ids: numbers(0, 0),
      target_weights: numbers(1, 2),
      n_targets: { number: 1 },
      ...change,
    }),
  ]);
const identity = node('', 'Identity', ['x'], {});

const faultOf = (bytes: Uint8Array): string => {
  const prepared = prepareModel(bytes);
  return prepared.ok ? 'read' : prepared.error.fault;
};
const verdictOf = (bytes: Uint8Array, rule: string): string => {
  const checked = checkModelFile(bytes);
  return checked.ok ? (checked.value.findings.find((item) => item.rule === rule)?.verdict ?? 'not asked') : 'refused';
};

describe('trees that are none, and shapes by arithmetic', () => {
  test('the honest one beside them is read', () => {
    expect(faultOf(tree())).toBe('read');
    expect([verdictOf(tree(), 'M27'), verdictOf(tree(), 'M34')]).toEqual(['pass', 'pass']);
  });

  test.each<[string, Uint8Array]>([
    ['a node that is its own child', tree({ nodes_truenodeids: numbers(0, 0, 0) })],
    ['a child of two parents', tree({ nodes_falsenodeids: numbers(1, 0, 0) })],
    [
      'two branches in a ring beside a leaf',
      tree({ nodes_modes: texts(LEQ, LEQ, LEAF), nodes_truenodeids: numbers(1, 0, 0), nodes_falsenodeids: numbers(2, 2, 0) }),
    ],
    ['a child in another tree', tree({ nodes_treeids: numbers(0, 0, 1) })],
    ['a child that is nowhere', tree({ nodes_falsenodeids: numbers(9, 0, 0) })],
    ['two nodes of one number', tree({ nodes_nodeids: numbers(0, 1, 1) })],
    ['lists of different lengths', tree({ nodes_values: numbers(0.5) })],
    ['a feature before the first', tree({ nodes_featureids: numbers(-1, 0, 0) })],
    ['a feature beyond the last', tree({ nodes_featureids: numbers(1, 0, 0) })],
    ['a threshold that is no number', tree({ nodes_values: numbers(Number.NaN, 0, 0) })],
    ['a threshold without an end', tree({ nodes_values: numbers(Number.NEGATIVE_INFINITY, 0, 0) })],
    ['a weight that is no number', tree({ target_weights: numbers(1, Number.NaN) })],
    ['a weight of a node that is nowhere', tree({ target_nodeids: numbers(1, 7) })],
    ['a target beyond the last', tree({ target_ids: numbers(0, 1) })],
    ['targets by the million', tree({ n_targets: { number: 1_000_000 } })],
    ['a comparison of its own', tree({ nodes_modes: texts('BRANCH_IF', LEAF, LEAF) })],
    ['an attribute that no tree has', tree({ diary: texts(DATA) })],
    ['a sum of its own', tree({ aggregate_function: { text: DATA } })],
  ])('%s is refused', (_, bytes) => expect(faultOf(bytes)).not.toBe('read'));

  test.each<[string, Uint8Array]>([
    ['a shape of four thousand million', onnx([node('', 'Reshape', ['x', 's'], {})], { s: tensor('int64', [2], [65_536, 65_536]) })],
    ['a shape below nothing', onnx([node('', 'Reshape', ['x', 's'], {})], { s: tensor('int64', [2], [-7, -7]) })],
    [
      'a slice beyond the end and back',
      onnx([node('', 'Gather', ['x', 'i'], { axis: { number: 1 } })], { i: tensor('int64', [1], [2 ** 40]) }),
    ],
    ['a product of matrices that do not meet', onnx([node('', 'MatMul', ['x', 'w'], {})], { w: tensor('float', [3, 1], [1, 2, 3]) })],
    ['an axis that is none', onnx([node('', 'Concat', ['x', 'x'], { axis: { number: 9 } })])],
    ['rows that are mixed', onnx([node('', 'ReduceSum', ['x', 'a'], {})], { a: tensor('int64', [1], [0]) })],
    ['rows put one after another', onnx([node('', 'Concat', ['x', 'x'], { axis: { number: 0 } })])],
    ['a path for a name of a value', onnx([node('', 'Identity', ['../../etc/passwd'], {})])],
    ['an input that is called like nothing', onnx([identity], {}, '')],
    ['a name of a thousand letters', onnx([node('', 'Identity', ['n'.repeat(1_000)], {})], {}, 'n'.repeat(1_000))],
    ['an input that is also a node', onnx([node('', 'Identity', ['x'], {}, ['x']), identity])],
    ['two values of one name', onnx([identity, identity])],
  ])('%s is refused', (_, bytes) => expect(faultOf(bytes)).not.toBe('read'));
});

describe('files that carry data beside a model', () => {
  /** Eighteen digits as a whole number have more bits than a weight may. */
  const digits = Number(DATA.slice(0, 15));
  test.each<[string, Uint8Array, 'M27' | 'M33' | 'M34']>([
    ['a constant that nobody reads', onnx([identity], { w: tensor('float', [1], [0.123456789]) }), 'M27'],
    ['whole numbers that nobody reads', onnx([identity], { w: tensor('int64', [1], [digits]) }), 'M27'],
    ['32-bit numbers that nobody reads', onnx([identity], { w: tensor('int32', [1], [33_010_219]) }), 'M27'],
    [
      'keys of an encoder',
      onnx([node('ml', 'LabelEncoder', ['x'], { keys_floats: numbers(0.987654321), values_floats: numbers(1) })]),
      'M27',
    ],
    [
      'numbers of nodes that are numbers to call',
      tree({ nodes_nodeids: numbers(digits, 1, 2), nodes_truenodeids: numbers(1, 0, 0) }),
      'M27',
    ],
    [
      'numbers of trees that are numbers to call',
      tree({ nodes_treeids: numbers(digits, digits, digits), target_treeids: numbers(digits, digits) }),
      'M27',
    ],
    ['a text that nobody reads', onnx([identity], { w: tensor('string', [1], [], [DATA]) }), 'M34'],
    ['levels of an encoder', onnx([node('ml', 'OneHotEncoder', ['x'], { cats_int64s: numbers(digits) })]), 'M27'],
    ['a name of an input in letters that look alike', onnx([node('', 'Identity', ['іncome'], {})], {}, 'іncome'), 'M34'],
    ['a name with a mark that turns the reading', onnx([node('', 'Identity', ['a\u202Eb'], {})], {}, 'a\u202Eb'), 'M34'],
    ['a name with a mark of no width', onnx([node('', 'Identity', ['a\u200Bb'], {})], {}, 'a\u200Bb'), 'M34'],
    ['a path for a name', onnx([node('', 'Identity', ['../x'], {})], {}, '../x'), 'M34'],
    [
      'a value between nodes that is called like data',
      onnx([node('', 'Identity', ['x'], {}, [`h ${DATA}`]), node('', 'Identity', [`h ${DATA}`], {})]),
      'M34',
    ],
  ])('%s does not pass the check of a file', (_, bytes, rule) => expect(verdictOf(bytes, rule)).toMatch(/^(fail|review|refused)$/));

  test('what encoders call missing is no weight, unless its other bits say something', () => {
    const imputer = node('ml', 'Imputer', ['x'], { imputed_value_floats: numbers(0.5), replaced_value_float: { number: Number.NaN } });
    const bytes = onnx([imputer]);
    expect([verdictOf(bytes, 'M27'), verdictOf(bytes, 'M33')]).toEqual(['pass', 'pass']);
    const at = Buffer.from(bytes).indexOf(Buffer.from([0, 0, 0xc0, 0x7f]));
    expect(at).toBeGreaterThan(0);
    const other = Uint8Array.from(bytes);
    other.set([0x21, 0x43], at);
    expect(verdictOf(other, 'M33')).toBe('fail');
  });

  test.each<[string, number[]]>([
    ['behind the file, as a producer', [0x12, DATA.length, ...Buffer.from(DATA)]],
    ['behind the file, as a document', [0x32, DATA.length, ...Buffer.from(DATA)]],
    ['behind the file, as a version', [0x28, 0xff, 0xff, 0x7f]],
    ['behind the file, as metadata', [0x72, DATA.length + 2, 0x0a, DATA.length, ...Buffer.from(DATA)]],
  ])('%s: not canonical', (_, more) => expect(verdictOf(Uint8Array.from([...linearOnnx(['a'], [1]), ...more]), 'M33')).toBe('fail'));
});

describe('specifications', () => {
  const feature = { name: 'a', type: 'numeric', bounds: [0, 1], bins: 8 };
  const base = {
    kind: 'train',
    dataset: 'd',
    algorithm: 'gbdt_classifier',
    cohort: { sql: 'SELECT 1', unit: 'person' },
    features: [feature],
    label: { expr: 'y', type: 'binary', domain: [0, 1] },
  };
  test.each<[string, object]>([
    ['an expression as long as a table', { features: [{ ...feature, expr: `CASE ${'WHEN id = 1 THEN 1 '.repeat(40)}END` }] }],
    ['two features of one name', { features: [feature, feature] }],
    ['a feature with the name of the label', { label: { ...base.label, name: 'a' } }],
    ['bounds that are one number', { features: [{ ...feature, bounds: [0.5, 0.5] }] }],
    ['bounds so near that twelve bits make them one', { features: [{ ...feature, bounds: [1_000_000, 1_000_001] }] }],
    ['levels that are one when written', { features: [{ name: 'a', type: 'categorical', domain: [1, '1'] }] }],
    ['a level that is a number to call', { features: [{ name: 'a', type: 'categorical', domain: [Number(DATA.slice(0, 12)), 1] }] }],
    ['half a bin', { features: [{ ...feature, bins: 8.5 }] }],
    ['a note in a feature', { features: [{ ...feature, note: DATA }] }],
    ['a note in the cohort', { cohort: { ...base.cohort, note: DATA } }],
    ['a split by rows', { split: { holdout: 0.3, seed: 1, by: 'row' } }],
    ['a seed below nothing', { split: { holdout: 0.3, seed: -1 } }],
    ['a hold-out that leaves one out', { split: { holdout: 0.3000001, seed: 1 } }],
    ['figures of its own', { release: { artefact: 'json', precision_bits: 12, metrics: ['rows'] } }],
    ['a name that another object has', { features: [{ ...feature, name: '__proto__' }] }],
    ['three labels for two', { label: { ...base.label, domain: [0, 1, 2] } }],
  ])('%s is refused, and nothing of it is said again', (_, change) => {
    const read = readTrainingSpec({ ...base, ...change });
    expect(read.ok).toBe(false);
    if (!read.ok) expect(JSON.stringify(read.error)).not.toMatch(/3301|WHEN|__proto__|rows/);
  });
});

describe('modules', () => {
  const name = (value: string): number[] => [value.length, ...Buffer.from(value)];
  const section = (id: number, ...body: number[]): number[] => [id, body.length, ...body];
  const types = section(1, 1, 0x60, 1, 0x7c, 1, 0x7c);
  const functions = section(3, 1, 0);
  const exported = section(7, 1, ...name('score'), 0, 0);
  const body = (...code: number[]): number[] => section(10, 1, code.length + 2, 0, ...code, 0x0b);
  const of = (...sections: readonly number[][]): Uint8Array => Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
  const plain = [types, functions, exported, body(0x20, 0)];

  test('data in a section of names does not reach what runs', () => {
    const read = readWasm(of(section(0, ...name('diary'), ...Buffer.from(DATA)), ...plain));
    expect(read.ok && !Buffer.from(read.value.metered).includes(DATA)).toBe(true);
  });

  test.each<[string, Uint8Array]>([
    ['code that ends before it says so', of(types, functions, exported, section(10, 1, 0x7f, 0, 0x20, 0, 0x0b))],
    ['a number of five bytes and more', of(types, functions, exported, body(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a, 0x20, 0))],
    ['a section of no kind', of(...plain, section(42, 1))],
    ['exceptions', of(...plain, section(13, 1, 0, 0))],
    ['a global from outside', of(types, section(2, 1, ...name('env'), ...name('g'), 3, 0x7c, 0), functions, exported, body(0x20, 0))],
    ['a table from outside', of(types, section(2, 1, ...name('env'), ...name('t'), 1, 0x70, 0, 1), functions, exported, body(0x20, 0))],
    [
      'two memories from outside',
      of(
        types,
        section(2, 2, ...name('env'), ...name('memory'), 2, 1, 1, 1, ...name('env'), ...name('memory'), 2, 1, 1, 1),
        functions,
        exported,
        body(0x20, 0),
      ),
    ],
    ['a table for everybody', of(types, functions, section(4, 1, 0x70, 0, 0xff, 0xff, 0x7f), exported, body(0x20, 0))],
    ['a score that is a memory', of(types, functions, section(5, 1, 1, 1, 1), section(7, 1, ...name('score'), 2, 0), body(0x20, 0))],
    ['a score that is no function of its own', of(types, functions, section(7, 1, ...name('score'), 0, 9), body(0x20, 0))],
    ['a score of 32 bits', of(section(1, 1, 0x60, 1, 0x7c, 1, 0x7d), functions, exported, body(0x20, 0))],
    ['ends without beginnings', of(types, functions, exported, body(0x20, 0, 0x0b, 0x0b, 0x0b))],
  ])('%s is refused', (_, bytes) => expect(readWasm(bytes).ok).toBe(false));
});
