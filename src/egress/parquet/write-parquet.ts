import { harmlessTable } from '../formula.ts';
import type { ReleaseCell, ReleaseTable } from '../release-content.ts';
import { plainValues, presenceLevels, type StoredType, storedType } from './column-values.ts';
import { type ThriftValue, thriftStructure } from './thrift.ts';

const MAGIC = Buffer.from('PAR1', 'ascii');
/** Rows of one group. */
const GROUP = 100_000;
const PHYSICAL: Readonly<Record<StoredType['physical'], number>> = { boolean: 0, int64: 2, double: 5, bytes: 6 };
const [UTF8, DECIMAL] = [0, 5];
const [PLAIN, RLE] = [0, 3];
const OPTIONAL = 1;
const UNCOMPRESSED = 0;
const DATA_PAGE = 0;

interface StoredColumn {
  readonly name: string;
  readonly type: StoredType;
  readonly cells: readonly ReleaseCell[];
}

const i = (value: number): ThriftValue => ({ i: value });
const long = (value: number): ThriftValue => ({ long: value });
const text = (value: string): ThriftValue => ({ text: value });

/**
 * A table as a Parquet file: flat, every column optional, plain, uncompressed, no statistics, no keys and values, and one constant as its maker: nothing
 * in it but names and cells. Texts that a spreadsheet would run are made harmless as in CSV. The same table always gives the same bytes.
 * Source: Apache Parquet, file format 2.10 (`parquet.thrift`); requirements.md §10.2 (S).
 */
export function writeParquet(released: ReleaseTable): Uint8Array {
  const table = harmlessTable(released);
  const columns = table.columns.map(({ name, type }, at): StoredColumn => {
    const cells = table.rows.map((row) => row[at] ?? null);
    return { name, type: storedType(type, cells), cells };
  });
  const parts: Buffer[] = [MAGIC];
  let offset = MAGIC.length;
  const groups: ThriftValue[] = [];
  for (let from = 0; from < table.rows.length; from += GROUP) {
    const rows = Math.min(GROUP, table.rows.length - from);
    let size = 0;
    const chunks = columns.map((column): ThriftValue => {
      const page = pageOf(column, from, from + rows);
      const chunk = chunkOf(column, rows, offset, page.length);
      parts.push(page);
      offset += page.length;
      size += page.length;
      return chunk;
    });
    groups.push({ fields: { 1: { list: chunks }, 2: long(size), 3: long(rows) } });
  }
  const footer = Buffer.from(
    thriftStructure({
      1: i(1),
      2: { list: [{ fields: { 4: text('schema'), 5: i(columns.length) } }, ...columns.map(elementOf)] },
      3: long(table.rows.length),
      4: { list: groups.length === 0 ? [] : groups },
      6: text('sluice'),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, MAGIC]);
}

function elementOf({ name, type }: StoredColumn): ThriftValue {
  const { physical, scale } = type;
  const meaning: Readonly<Record<number, ThriftValue>> =
    physical === 'bytes' ? { 6: i(UTF8) } : scale === undefined ? {} : { 6: i(DECIMAL), 7: i(scale), 8: i(18) };
  return { fields: { 1: i(PHYSICAL[physical]), 3: i(OPTIONAL), 4: text(name), ...meaning } };
}

function pageOf({ type, cells }: StoredColumn, from: number, to: number): Buffer {
  const part = cells.slice(from, to);
  const body = Buffer.concat([presenceLevels(part), plainValues(type, part)]);
  const data: ThriftValue = { fields: { 1: i(part.length), 2: i(PLAIN), 3: i(RLE), 4: i(RLE) } };
  const header = thriftStructure({ 1: i(DATA_PAGE), 2: i(body.length), 3: i(body.length), 5: data });
  return Buffer.concat([Buffer.from(header), body]);
}

function chunkOf({ name, type }: StoredColumn, rows: number, offset: number, size: number): ThriftValue {
  const about: ThriftValue = {
    fields: {
      1: i(PHYSICAL[type.physical]),
      2: { list: [i(PLAIN), i(RLE)] },
      3: { list: [text(name)] },
      4: i(UNCOMPRESSED),
      5: long(rows),
      6: long(size),
      7: long(size),
      9: long(offset),
    },
  };
  return { fields: { 2: long(offset), 3: about } };
}
