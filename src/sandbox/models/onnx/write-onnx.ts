import type { Attribute, ConstantTensor, ElementType, OnnxNode } from './model.ts';

/** What a released artefact says, and nothing else: no producer, time, doc string or metadata (M33). */
export interface WrittenModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  readonly inputs: readonly { readonly name: string; readonly type: ElementType; readonly width: number }[];
  readonly outputs: readonly { readonly name: string; readonly type: ElementType; readonly width: number }[];
  readonly opsets: ReadonlyMap<'' | 'ml', number>;
}

const ELEMENT: Readonly<Record<ElementType, number>> = { float: 1, int32: 6, int64: 7, string: 8, bool: 9, double: 11 };
/** IR version 8 goes with the operator sets up to 18; every reader of today knows it. */
const IR_VERSION = 8;

function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest > 0x7fn) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.from([...out, Number(rest)]);
}

const whole = (number: number, value: number): Uint8Array => concat([varint(number << 3), varint(value)]);
const block = (number: number, bytes: Uint8Array): Uint8Array => concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
const words = (number: number, text: string): Uint8Array => block(number, new TextEncoder().encode(text));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

function floats(values: readonly number[] | Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setFloat32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

function raw(tensor: ConstantTensor): Uint8Array {
  if (tensor.type === 'float') return floats(tensor.numbers);
  const width = tensor.type === 'int32' ? 4 : tensor.type === 'bool' ? 1 : 8;
  const view = new DataView(new ArrayBuffer(tensor.numbers.length * width));
  for (const [index, value] of tensor.numbers.entries()) {
    if (tensor.type === 'double') view.setFloat64(index * 8, value, true);
    else if (tensor.type === 'int64') view.setBigInt64(index * 8, BigInt(value), true);
    else if (tensor.type === 'int32') view.setInt32(index * 4, value, true);
    else view.setUint8(index, value);
  }
  return new Uint8Array(view.buffer);
}

function tensorBytes(name: string, tensor: ConstantTensor): Uint8Array {
  const data = tensor.type === 'string' ? tensor.texts.map((text) => words(6, text)) : [block(9, raw(tensor))];
  const dims = tensor.dims.map((dim) => whole(1, dim));
  return concat([
    ...dims,
    whole(2, ELEMENT[tensor.type]),
    ...(tensor.type === 'string' ? data : []),
    words(8, name),
    ...(tensor.type === 'string' ? [] : data),
  ]);
}

/** Numbers that are whole are written as INT or INTS where the format wants them; the lists of the format say which. */
const WHOLE = /(ids|ints|int64s?|modes|tracks_true|n_targets|keepdims|axis|axes|to|transA|transB|zeros|targets|allowzero)$/;

function attributeBytes(name: string, value: Attribute): Uint8Array {
  const start = words(1, name);
  const kind = (code: number): Uint8Array => whole(20, code);
  if (value.number !== undefined) {
    if (WHOLE.test(name)) return concat([start, whole(3, value.number), kind(2)]);
    return concat([start, varint((2 << 3) | 5), floats([value.number]), kind(1)]);
  }
  if (value.text !== undefined) return concat([start, words(4, value.text), kind(3)]);
  if (value.tensor !== undefined) return concat([start, block(5, tensorBytes('', value.tensor)), kind(4)]);
  if (value.texts !== undefined) return concat([start, ...value.texts.map((text) => words(9, text)), kind(8)]);
  const numbers = value.numbers ?? [];
  if (WHOLE.test(name)) return concat([start, ...numbers.map((each) => whole(8, each)), kind(7)]);
  return concat([start, block(7, floats(numbers)), kind(6)]);
}

function nodeBytes(node: OnnxNode): Uint8Array {
  const attributes = [...node.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return concat([
    ...node.inputs.map((name) => words(1, name)),
    ...node.outputs.map((name) => words(2, name)),
    words(4, node.operator),
    ...attributes.map(([name, value]) => block(5, attributeBytes(name, value))),
    ...(node.domain === 'ml' ? [words(7, 'ai.onnx.ml')] : []),
  ]);
}

function valueBytes(value: { readonly name: string; readonly type: ElementType; readonly width: number }): Uint8Array {
  const dims = concat([block(1, words(2, 'N')), block(1, whole(1, value.width))]);
  return concat([words(1, value.name), block(2, block(1, concat([whole(1, ELEMENT[value.type]), block(2, dims)])))]);
}

/**
 * A model as the bytes of an ONNX file, the same bytes for the same model: fields in the order of their numbers, attributes
 * by name, no text beside names and categories. Reading it again gives the model. Source: models-and-audit.md M33; onnx.proto.
 */
export function writeOnnx(model: WrittenModel): Uint8Array {
  const graph = concat([
    ...model.nodes.map((node) => block(1, nodeBytes(node))),
    words(2, 'model'),
    ...[...model.constants].map(([name, tensor]) => block(5, tensorBytes(name, tensor))),
    ...model.inputs.map((input) => block(11, valueBytes(input))),
    ...model.outputs.map((output) => block(12, valueBytes(output))),
  ]);
  const opsets = [...model.opsets].map(([domain, version]) =>
    block(8, concat([words(1, domain === 'ml' ? 'ai.onnx.ml' : ''), whole(2, version)])),
  );
  return concat([whole(1, IR_VERSION), block(7, graph), ...opsets]);
}
