import { OnnxRefused, readFields, readVarint, type WireField } from './wire.ts';

type Kind = 'int' | 'float' | 'double' | 'string' | 'bytes' | MessageName;

interface FieldRule {
  readonly name: string;
  readonly kind: Kind;
  readonly repeated?: true;
  /** A field of the format that a model for scoring must not have. */
  readonly refuse?: 'external_data' | 'subgraph' | 'function' | 'sparse_tensor' | 'unknown_field';
}

type MessageName =
  | 'model'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'value'
  | 'type'
  | 'tensorType'
  | 'shape'
  | 'dimension'
  | 'opset'
  | 'entry'
  | 'sequence'
  | 'map';

const one = (name: string, kind: Kind): FieldRule => ({ name, kind });
const many = (name: string, kind: Kind): FieldRule => ({ name, kind, repeated: true });
const never = (name: string, refuse: NonNullable<FieldRule['refuse']>): FieldRule => ({ name, kind: 'bytes', refuse });

/**
 * Every field of the format that we know, by message and number. A number that is not here is refused.
 * Source: onnx.proto of ONNX 1.19 (IR version 12); models-and-audit.md §1.5 for what is refused.
 */
const MESSAGES: Readonly<Record<MessageName, Readonly<Record<number, FieldRule>>>> = {
  model: {
    1: one('irVersion', 'int'),
    2: one('producerName', 'string'),
    3: one('producerVersion', 'string'),
    4: one('domain', 'string'),
    5: one('modelVersion', 'int'),
    6: one('docString', 'string'),
    7: one('graph', 'graph'),
    8: many('opsets', 'opset'),
    14: many('metadata', 'entry'),
    20: never('training_info', 'subgraph'),
    25: never('functions', 'function'),
    26: never('configuration', 'unknown_field'),
  },
  graph: {
    1: many('nodes', 'node'),
    2: one('name', 'string'),
    5: many('initializers', 'tensor'),
    10: one('docString', 'string'),
    11: many('inputs', 'value'),
    12: many('outputs', 'value'),
    13: many('values', 'value'),
    14: never('quantization_annotation', 'unknown_field'),
    15: never('sparse_initializer', 'sparse_tensor'),
    16: many('metadata', 'entry'),
  },
  node: {
    1: many('inputs', 'string'),
    2: many('outputs', 'string'),
    3: one('name', 'string'),
    4: one('operator', 'string'),
    5: many('attributes', 'attribute'),
    6: one('docString', 'string'),
    7: one('domain', 'string'),
    8: never('overload', 'function'),
    9: many('metadata', 'entry'),
    10: never('device_configurations', 'unknown_field'),
  },
  attribute: {
    1: one('name', 'string'),
    2: one('f', 'float'),
    3: one('i', 'int'),
    4: one('s', 'bytes'),
    5: one('t', 'tensor'),
    6: never('g', 'subgraph'),
    7: many('floats', 'float'),
    8: many('ints', 'int'),
    9: many('strings', 'bytes'),
    10: never('tensors', 'unknown_field'),
    11: never('graphs', 'subgraph'),
    13: one('docString', 'string'),
    14: never('tp', 'unknown_field'),
    15: never('type_protos', 'unknown_field'),
    20: one('type', 'int'),
    21: never('ref_attr_name', 'function'),
    22: never('sparse_tensor', 'sparse_tensor'),
    23: never('sparse_tensors', 'sparse_tensor'),
  },
  tensor: {
    1: many('dims', 'int'),
    2: one('dataType', 'int'),
    3: never('segment', 'unknown_field'),
    4: many('floatData', 'float'),
    5: many('int32Data', 'int'),
    6: many('stringData', 'bytes'),
    7: many('int64Data', 'int'),
    8: one('name', 'string'),
    9: one('rawData', 'bytes'),
    10: many('doubleData', 'double'),
    11: never('uint64_data', 'unknown_field'),
    12: one('docString', 'string'),
    13: never('external_data', 'external_data'),
    14: never('data_location', 'external_data'),
    16: many('metadata', 'entry'),
  },
  value: { 1: one('name', 'string'), 2: one('type', 'type'), 3: one('docString', 'string'), 4: many('metadata', 'entry') },
  type: {
    1: one('tensor', 'tensorType'),
    4: one('sequence', 'sequence'),
    5: one('map', 'map'),
    6: one('denotation', 'string'),
    8: never('sparse_tensor_type', 'sparse_tensor'),
    9: never('optional_type', 'unknown_field'),
  },
  sequence: { 1: one('element', 'type') },
  map: { 1: one('key', 'int'), 2: one('value', 'type') },
  tensorType: { 1: one('elementType', 'int'), 2: one('shape', 'shape') },
  shape: { 1: many('dims', 'dimension') },
  dimension: { 1: one('size', 'int'), 2: one('parameter', 'string'), 3: one('denotation', 'string') },
  opset: { 1: one('domain', 'string'), 2: one('version', 'int') },
  entry: { 1: one('key', 'string'), 2: one('value', 'string') },
};

/** A message as it was read: its fields by name. Repeated fields are always there, as lists; others only if the bytes hold them. */
export interface Message {
  readonly int: (name: string) => number | undefined;
  readonly text: (name: string) => string;
  readonly has: (name: string) => boolean;
  readonly bytes: (name: string) => Uint8Array | undefined;
  readonly message: (name: string) => Message | undefined;
  readonly messages: (name: string) => readonly Message[];
  readonly numbers: (name: string) => readonly number[];
  readonly texts: (name: string) => readonly string[];
  readonly blobs: (name: string) => readonly Uint8Array[];
}

type Value = number | string | Uint8Array | Message;

/** Nodes, tensors, attributes and all the others together; a model for tables has some hundreds. */
const MOST_MESSAGES = 200_000;

/** Reads a model file against the closed table above. Throws OnnxRefused; recursion goes no deeper than the table does (types: four levels). */
export function decodeModel(bytes: Uint8Array): Message {
  return decode('model', bytes, { left: MOST_MESSAGES, depth: 0 }, 'model');
}

interface Allowance {
  left: number;
  depth: number;
}

function decode(name: MessageName, bytes: Uint8Array, allowance: Allowance, place: string): Message {
  allowance.left -= 1;
  if (allowance.left < 0 || allowance.depth > 12) throw new OnnxRefused('too_large', place);
  allowance.depth += 1;
  const rules = MESSAGES[name];
  const values = new Map<string, Value[]>();
  for (const field of readFields(bytes, place)) {
    const rule = rules[field.number];
    if (rule === undefined) throw new OnnxRefused('unknown_field', place);
    const at = `${place}.${rule.name}`;
    if (rule.refuse !== undefined) throw new OnnxRefused(rule.refuse, at);
    const known = values.get(rule.name) ?? [];
    if (known.length > 0 && rule.repeated !== true) throw new OnnxRefused('repeated_field', at);
    append(known, readValue(rule, field, allowance, at));
    values.set(rule.name, known);
  }
  allowance.depth -= 1;
  return messageOf(values);
}

/** Without spreading: a packed list may be longer than a call takes arguments. */
function append(list: Value[], more: readonly Value[]): void {
  for (const each of more) list.push(each);
}

function readValue(rule: FieldRule, field: WireField, allowance: Allowance, place: string): readonly Value[] {
  const packed = rule.repeated === true && field.type === 2;
  switch (rule.kind) {
    case 'int':
      if (packed) return unpackIntegers(field.bytes, place);
      if (field.type !== 0) throw new OnnxRefused('malformed', place);
      return [wholeNumber(field.integer, place)];
    case 'float':
    case 'double':
      return readFloats(rule.kind, field, packed, place);
    case 'string':
      if (field.type !== 2) throw new OnnxRefused('malformed', place);
      return [decodeText(field.bytes, place)];
    case 'bytes':
      if (field.type !== 2) throw new OnnxRefused('malformed', place);
      return [field.bytes];
    default:
      if (field.type !== 2) throw new OnnxRefused('malformed', place);
      return [decode(rule.kind, field.bytes, allowance, place)];
  }
}

function readFloats(kind: 'float' | 'double', field: WireField, packed: boolean, place: string): readonly number[] {
  const width = kind === 'float' ? 4 : 8;
  if (!packed && field.type !== (kind === 'float' ? 5 : 1)) throw new OnnxRefused('malformed', place);
  if (field.bytes.length % width !== 0) throw new OnnxRefused('malformed', place);
  const view = new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.length);
  const out: number[] = [];
  for (let at = 0; at < field.bytes.length; at += width)
    out.push(oneNaN(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true)));
  return out;
}

/** "No number" has 22 or 51 bits that say nothing to any operator: what stands in them is not kept. */
export function oneNaN(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value;
}

function unpackIntegers(bytes: Uint8Array, place: string): readonly number[] {
  const out: number[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const { value, end } = readVarint(bytes, offset, place);
    out.push(wholeNumber(value, place));
    offset = end;
  }
  return out;
}

/** Integers of the format are 64 bits wide; those that a number cannot hold exactly are refused. */
function wholeNumber(value: bigint, place: string): number {
  const signed = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(signed)) throw new OnnxRefused('malformed', place);
  return signed;
}

/** UTF-8, or the file is refused. */
export function decodeText(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new OnnxRefused('malformed', place);
  }
}

function messageOf(values: ReadonlyMap<string, readonly Value[]>): Message {
  const list = (name: string): readonly Value[] => values.get(name) ?? [];
  const first = (name: string): Value | undefined => values.get(name)?.[0];
  return {
    has: (name) => values.has(name),
    int: (name) => first(name) as number | undefined,
    text: (name) => (first(name) as string | undefined) ?? '',
    bytes: (name) => first(name) as Uint8Array | undefined,
    message: (name) => first(name) as Message | undefined,
    messages: (name) => list(name) as readonly Message[],
    numbers: (name) => list(name) as readonly number[],
    texts: (name) => list(name) as readonly string[],
    blobs: (name) => list(name) as readonly Uint8Array[],
  };
}
