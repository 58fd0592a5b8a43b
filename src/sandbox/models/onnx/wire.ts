/** Why bytes are no model that may be read. Never holds a byte of the file. Source: models-and-audit.md §1.5. */
export type OnnxFault =
  | 'truncated'
  | 'malformed'
  | 'unknown_field'
  | 'repeated_field'
  | 'too_large'
  | 'external_data'
  | 'subgraph'
  | 'function'
  | 'sparse_tensor'
  | 'operator'
  | 'operator_set'
  | 'attribute'
  | 'tensor_type'
  | 'tensor_size'
  | 'shape'
  | 'work'
  | 'name'
  | 'input'
  | 'output'
  | 'trailing';

/** Thrown inside the reader only; `readOnnx` turns it into a refusal. `place` is a path of field names and operators of our own tables. */
export class OnnxRefused extends Error {
  readonly fault: OnnxFault;
  readonly place: string;

  constructor(fault: OnnxFault, place: string) {
    super(`${fault} at ${place}`);
    this.fault = fault;
    this.place = place;
  }
}

/** One field as it stands in the bytes. Fixed-width and length-delimited values are views, nothing is copied. */
export interface WireField {
  readonly number: number;
  readonly type: 0 | 1 | 2 | 5;
  /** Of type 0 only. */
  readonly integer: bigint;
  /** Of types 1, 2 and 5: the payload. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Reads the varint at `offset`: its value modulo 2⁶⁴ and where it ends. Throws OnnxRefused for more than ten bytes, more than 64 bits, bytes that say nothing, or a missing end. */
export function readVarint(bytes: Uint8Array, offset: number, place: string): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[offset + index];
    if (byte === undefined) throw new OnnxRefused('truncated', place);
    // No writer pads a number, and none writes bits beyond the 64th: what would be lost could say anything.
    if (index > 0 && (byte === 0 || (index === 9 && byte > 1))) throw new OnnxRefused('malformed', place);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: offset + index + 1 };
  }
  throw new OnnxRefused('malformed', place);
}

/**
 * The fields of one protobuf message in the order of the bytes. Groups, field number 0, unknown wire types and lengths
 * past the end throw OnnxRefused. It knows no schema. Source: Protocol Buffers encoding specification.
 */
export function* readFields(bytes: Uint8Array, place: string): Generator<WireField> {
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readVarint(bytes, offset, place);
    if (tag.value > 0xffff_ffffn) throw new OnnxRefused('malformed', place);
    const number = Number(tag.value >> 3n);
    const type = Number(tag.value & 7n);
    offset = tag.end;
    if (number === 0) throw new OnnxRefused('malformed', place);
    if (type === 0) {
      const { value, end } = readVarint(bytes, offset, place);
      offset = end;
      yield { number, type, integer: value, bytes: NOTHING };
      continue;
    }
    if (type !== 1 && type !== 2 && type !== 5) throw new OnnxRefused('malformed', place);
    let length = type === 1 ? 8 : 4;
    if (type === 2) {
      const read = readVarint(bytes, offset, place);
      if (read.value > BigInt(bytes.length)) throw new OnnxRefused('truncated', place);
      length = Number(read.value);
      offset = read.end;
    }
    if (offset + length > bytes.length) throw new OnnxRefused('truncated', place);
    yield { number, type, integer: 0n, bytes: bytes.subarray(offset, offset + length) };
    offset += length;
  }
}
