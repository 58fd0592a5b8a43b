/** A field of a structure in the compact form: `i` and `long` whole numbers of 32 and 64 bits, `text`, `list` of values of one sort, `fields` a structure inside. */
export type ThriftValue =
  | { readonly i: number }
  | { readonly long: number }
  | { readonly text: string }
  | { readonly list: readonly ThriftValue[] }
  | { readonly fields: Readonly<Record<number, ThriftValue>> };

const INTEGER = 5;
const LONG = 6;
const BINARY = 8;
const LIST = 9;
const STRUCTURE = 12;

function typeOf(value: ThriftValue): number {
  if ('i' in value) return INTEGER;
  if ('long' in value) return LONG;
  if ('text' in value) return BINARY;
  return 'list' in value ? LIST : STRUCTURE;
}

function varint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/**
 * A structure in the compact protocol of Thrift, fields by their numbers in order. Whole numbers from 0 to 2^52 only; that is all
 * that a file of ours needs. Source: Apache Thrift, "Compact protocol".
 */
export function thriftStructure(fields: Readonly<Record<number, ThriftValue>>): readonly number[] {
  const bytes: number[] = [];
  let before = 0;
  for (const [number, value] of Object.entries(fields)
    .map(([key, item]) => [Number(key), item] as const)
    .toSorted(([one], [other]) => one - other)) {
    bytes.push((number - before) * 16 + typeOf(value), ...encoded(value));
    before = number;
  }
  return [...bytes, 0];
}

function encoded(value: ThriftValue): readonly number[] {
  if ('i' in value) return varint(value.i * 2);
  if ('long' in value) return varint(value.long * 2);
  if ('text' in value) {
    const bytes = Buffer.from(value.text, 'utf8');
    return [...varint(bytes.length), ...bytes];
  }
  if ('fields' in value) return thriftStructure(value.fields);
  const [first] = value.list;
  const type = first === undefined ? STRUCTURE : typeOf(first);
  const { length } = value.list;
  return [...(length < 15 ? [length * 16 + type] : [0xf0 + type, ...varint(length)]), ...value.list.flatMap((item) => encoded(item))];
}
