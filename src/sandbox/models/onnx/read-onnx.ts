import { decodeModel, decodeText, type Message, oneNaN } from './messages.ts';
import type { Attribute, ConstantTensor, ElementType, OnnxInput, OnnxModel, OnnxNode } from './model.ts';
import { OnnxRefused } from './wire.ts';

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_NODES = 2_000;
const MOST_NAME = 200;
/** Numbers in all constants and attributes together. */
const MOST_NUMBERS = 4_000_000;
const MOST_WIDTH = 4_096;

const ELEMENTS: Readonly<Record<number, ElementType>> = { 1: 'float', 6: 'int32', 7: 'int64', 8: 'string', 9: 'bool', 11: 'double' };
const WIDTHS: Readonly<Record<ElementType, number>> = { float: 4, double: 8, int32: 4, int64: 8, bool: 1, string: 0 };
const ATTRIBUTE_KINDS: Readonly<Record<number, string>> = { 1: 'f', 2: 'i', 3: 's', 4: 't', 6: 'floats', 7: 'ints', 8: 'strings' };

/** Lists that are computed with; others (levels, what stands for a missing value) may hold what is no number. */
const WEIGHTS: ReadonlySet<string> = new Set(
  'coefficients intercepts nodes_values target_weights class_weights base_values offset scale'.split(' '),
);

/**
 * An ONNX file as plain data. Nothing is computed, allocated by a size that the file states, or opened: external tensors,
 * subgraphs, functions, sparse tensors, unknown fields and domains are refused before any shape is looked at.
 * Throws OnnxRefused. Source: models-and-audit.md §1.5 (ruling), M33.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  if (bytes.length > MOST_BYTES) throw new OnnxRefused('too_large', 'model');
  const model = decodeModel(bytes);
  const graph = model.message('graph');
  if (graph === undefined) throw new OnnxRefused('malformed', 'model.graph');
  const extras = new Set<string>();
  for (const name of ['producerName', 'producerVersion', 'domain', 'modelVersion', 'docString', 'metadata'])
    note(extras, model, 'model', name);
  for (const name of ['docString', 'metadata']) note(extras, graph, 'graph', name);
  const numbers = { left: MOST_NUMBERS };
  const nodes = graph.messages('nodes');
  if (nodes.length > MOST_NODES) throw new OnnxRefused('too_large', 'graph.nodes');
  const constants = new Map<string, ConstantTensor>();
  for (const tensor of graph.messages('initializers')) {
    const name = nameOf(tensor.text('name'), 'graph.initializers');
    if (constants.has(name)) throw new OnnxRefused('name', 'graph.initializers');
    constants.set(name, readTensor(tensor, numbers, 'graph.initializers'));
    for (const extra of ['docString', 'metadata']) note(extras, tensor, 'tensor', extra);
  }
  const read = nodes.map((node) => readNode(node, numbers, extras));
  const inputs = graph
    .messages('inputs')
    .filter((input) => !constants.has(input.text('name')))
    .map(readInput);
  const outputs = graph.messages('outputs').map((output) => nameOf(output.text('name'), 'graph.outputs'));
  checkNames(read, constants, inputs, outputs);
  return { nodes: read, constants, inputs, outputs, opsets: readOpsets(model), extras: [...extras].sort(), bytes: bytes.length };
}

function note(extras: Set<string>, message: Message, place: string, name: string): void {
  if (message.has(name)) extras.add(`${place}.${name}`);
}

function nameOf(text: string, place: string): string {
  if (text === '' || text.length > MOST_NAME) throw new OnnxRefused('name', place);
  return text;
}

function readOpsets(model: Message): ReadonlyMap<'' | 'ml', number> {
  const opsets = new Map<'' | 'ml', number>();
  for (const opset of model.messages('opsets')) {
    const domain = domainOf(opset.text('domain'), 'model.opsets');
    const version = opset.int('version') ?? 0;
    if (opsets.has(domain)) throw new OnnxRefused('operator_set', 'model.opsets');
    if (domain === '' ? version < 7 || version > 24 : version < 1 || version > 5) throw new OnnxRefused('operator_set', 'model.opsets');
    opsets.set(domain, version);
  }
  return opsets;
}

function domainOf(domain: string, place: string): '' | 'ml' {
  if (domain === '' || domain === 'ai.onnx') return '';
  if (domain === 'ai.onnx.ml') return 'ml';
  throw new OnnxRefused('operator_set', place);
}

function readNode(node: Message, numbers: { left: number }, extras: Set<string>): OnnxNode {
  const operator = node.text('operator');
  // The operator's own text stands in no message: it is the author's until the allow-list has seen it.
  if (!/^[A-Za-z]{1,40}$/.test(operator)) throw new OnnxRefused('operator', 'node');
  for (const name of ['docString', 'metadata']) note(extras, node, 'node', name);
  const attributes = new Map<string, Attribute>();
  for (const attribute of node.messages('attributes')) {
    const name = attribute.text('name');
    if (!/^[A-Za-z_0-9]{1,60}$/.test(name) || attributes.has(name)) throw new OnnxRefused('attribute', 'node.attributes');
    attributes.set(name, readAttribute(attribute, numbers));
    note(extras, attribute, 'attribute', 'docString');
  }
  for (const name of node.texts('inputs')) if (name.length > MOST_NAME) throw new OnnxRefused('name', 'node.inputs');
  const outputs = node.texts('outputs').map((name) => (name.length > MOST_NAME ? nameOf(name, 'node.outputs') : name));
  return { domain: domainOf(node.text('domain'), 'node'), operator, inputs: node.texts('inputs'), outputs, attributes };
}

function readAttribute(attribute: Message, numbers: { left: number }): Attribute {
  const kind = ATTRIBUTE_KINDS[attribute.int('type') ?? 0];
  const held = ['f', 'i', 's', 't', 'floats', 'ints', 'strings'].filter((name) => attribute.has(name));
  if (kind === undefined || held.some((name) => name !== kind)) throw new OnnxRefused('attribute', 'node.attributes');
  const place = 'node.attributes';
  switch (kind) {
    case 'f':
    case 'i':
      return { number: attribute.int(kind) ?? 0 };
    case 's':
      return { text: decodeText(attribute.bytes('s') ?? new Uint8Array(0), place) };
    case 't': {
      const tensor = attribute.message('t');
      if (tensor === undefined) throw new OnnxRefused('attribute', place);
      return { tensor: readTensor(tensor, numbers, place) };
    }
    case 'strings': {
      const texts = attribute.blobs('strings');
      spend(numbers, texts.length, place);
      return { texts: texts.map((bytes) => decodeText(bytes, place)) };
    }
    default: {
      const list = attribute.numbers(kind);
      // What is no number compares with nothing and spoils every sum.
      if (WEIGHTS.has(attribute.text('name')) && !list.every(Number.isFinite)) throw new OnnxRefused('attribute', place);
      spend(numbers, list.length, place);
      return { numbers: list };
    }
  }
}

function spend(numbers: { left: number }, count: number, place: string): void {
  numbers.left -= count;
  if (numbers.left < 0) throw new OnnxRefused('tensor_size', place);
}

function readTensor(tensor: Message, numbers: { left: number }, place: string): ConstantTensor {
  const type = ELEMENTS[tensor.int('dataType') ?? 0];
  if (type === undefined) throw new OnnxRefused('tensor_type', place);
  const dims = tensor.numbers('dims');
  if (dims.length > 2 || dims.some((dim) => dim < 0 || dim > MOST_NUMBERS)) throw new OnnxRefused('shape', place);
  const size = dims.reduce((product, dim) => product * dim, 1);
  spend(numbers, size, place);
  const values = type === 'string' ? new Float64Array(0) : readNumbers(tensor, type, place);
  const texts = type === 'string' ? tensor.blobs('stringData').map((bytes) => decodeText(bytes, place)) : [];
  // The stated size must be what the bytes hold: nothing is ever made from the statement alone.
  if ((type === 'string' ? texts.length : values.length) !== size) throw new OnnxRefused('tensor_size', place);
  return { dims, type, numbers: values, texts };
}

function readNumbers(tensor: Message, type: Exclude<ElementType, 'string'>, place: string): Float64Array {
  const raw = tensor.bytes('rawData');
  const lists = { float: 'floatData', double: 'doubleData', int64: 'int64Data', int32: 'int32Data', bool: 'int32Data' } as const;
  const typed = ['floatData', 'doubleData', 'int64Data', 'int32Data', 'stringData'].filter((name) => tensor.has(name));
  if (typed.some((name) => raw !== undefined || name !== lists[type])) throw new OnnxRefused('malformed', place);
  if (raw === undefined) return Float64Array.from(tensor.numbers(lists[type]));
  const width = WIDTHS[type];
  if (raw.length % width !== 0) throw new OnnxRefused('tensor_size', place);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Float64Array.from({ length: raw.length / width }, (_, index) => readElement(view, index * width, type, place));
}

function readElement(view: DataView, at: number, type: Exclude<ElementType, 'string'>, place: string): number {
  if (type === 'float') return oneNaN(view.getFloat32(at, true));
  if (type === 'double') return oneNaN(view.getFloat64(at, true));
  if (type === 'int32') return view.getInt32(at, true);
  if (type === 'bool') return view.getUint8(at) === 0 ? 0 : 1;
  const value = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(value)) throw new OnnxRefused('malformed', place);
  return value;
}

function readInput(input: Message): OnnxInput {
  const place = 'graph.inputs';
  const tensor = input.message('type')?.message('tensor');
  const type = ELEMENTS[tensor?.int('elementType') ?? 0];
  const dims = tensor?.message('shape')?.messages('dims');
  if (type === undefined || dims === undefined || dims.length < 1 || dims.length > 2) throw new OnnxRefused('input', place);
  // The first dimension is the rows; models that were exported for one row at a time are read for many.
  const width = dims.length === 1 ? 1 : (dims[1]?.int('size') ?? 0);
  if (width < 1 || width > MOST_WIDTH) throw new OnnxRefused('input', place);
  return { name: nameOf(input.text('name'), place), type, width };
}

/** Every value is made once and before it is used, as the format demands. */
function checkNames(
  nodes: readonly OnnxNode[],
  constants: ReadonlyMap<string, ConstantTensor>,
  inputs: readonly OnnxInput[],
  outputs: readonly string[],
): void {
  const known = new Set<string>(constants.keys());
  const define = (name: string): void => {
    if (name === '' || known.has(name)) throw new OnnxRefused('name', 'graph');
    known.add(name);
  };
  for (const input of inputs) define(input.name);
  for (const node of nodes) {
    if (node.inputs.some((name) => name !== '' && !known.has(name))) throw new OnnxRefused('name', 'graph');
    for (const output of node.outputs) if (output !== '') define(output);
  }
  if (inputs.length === 0) throw new OnnxRefused('input', 'graph.inputs');
  if (outputs.length === 0 || outputs.some((name) => !known.has(name))) throw new OnnxRefused('output', 'graph.outputs');
}
