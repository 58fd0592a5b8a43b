/** Families of types that convert into one another without change, and that bounds, domains and keys are checked by. */
export type TypeFamily = 'boolean' | 'integer' | 'float' | 'decimal' | 'text' | 'date' | 'timestamp';

export interface ColumnType {
  /** As DuckDB writes it: `DECIMAL(12,2)`. */
  readonly name: string;
  readonly family: TypeFamily;
  /** Of DECIMAL only. */
  readonly precision?: number;
  readonly scale?: number;
}

const SIMPLE: Readonly<Record<string, TypeFamily>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  FLOAT: 'float',
  DOUBLE: 'float',
  VARCHAR: 'text',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};

const INTEGER_BITS: Readonly<Record<string, readonly [boolean, number]>> = {
  TINYINT: [true, 8],
  SMALLINT: [true, 16],
  INTEGER: [true, 32],
  BIGINT: [true, 64],
  UTINYINT: [false, 8],
  USMALLINT: [false, 16],
  UINTEGER: [false, 32],
  UBIGINT: [false, 64],
};

/** The type that `text` names, or undefined if a declaration may not use it. Case is folded; aliases are not taken. */
export function readColumnType(text: string): ColumnType | undefined {
  const name = text.trim().toUpperCase();
  const family = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (family !== undefined) return { name, family };
  const match = /^DECIMAL\(\s*([1-9]\d?)\s*,\s*(0|[1-9]\d?)\s*\)$/.exec(name);
  if (match === null) return undefined;
  const precision = Number(match[1]);
  const scale = Number(match[2]);
  if (precision > 38 || scale > precision) return undefined;
  return { name: `DECIMAL(${precision},${scale})`, family: 'decimal', precision, scale };
}

export function isNumeric(type: ColumnType): boolean {
  return type.family === 'integer' || type.family === 'float' || type.family === 'decimal';
}

/** Whether a key of one type may refer to a key of the other: the same type, or both whole numbers. */
export function keysMatch(left: ColumnType, right: ColumnType): boolean {
  return left.name === right.name || (left.family === 'integer' && right.family === 'integer');
}

/** Whether `value`, as JSON gives it, is a value of the type: whole numbers in range, ISO dates that exist, text. */
export function isValueOf(type: ColumnType, value: unknown): value is string | number {
  switch (type.family) {
    case 'boolean':
      return false;
    case 'text':
      return typeof value === 'string' && value.length <= 1000;
    case 'date':
      return typeof value === 'string' && isIsoDate(value);
    case 'timestamp':
      return typeof value === 'string' && isIsoTimestamp(value);
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) && inRange(type.name, value);
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) && decimalFits(type, value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
  }
}

function inRange(name: string, value: number): boolean {
  const [signed, bits] = INTEGER_BITS[name] ?? [true, 64];
  const low = signed ? -(2 ** (bits - 1)) : 0;
  return value >= low && value < 2 ** (signed ? bits - 1 : bits);
}

function decimalFits(type: ColumnType, value: number): boolean {
  const text = String(Math.abs(value));
  if (!/^\d+(\.\d+)?$/.test(text)) return false;
  const [whole = '', fraction = ''] = text.split('.');
  return fraction.length <= (type.scale ?? 0) && whole.replace(/^0+/, '').length <= (type.precision ?? 0) - (type.scale ?? 0);
}

function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isIsoTimestamp(text: string): boolean {
  if (isIsoDate(text)) return true;
  const match = /^(\d{4}-\d{2}-\d{2})[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/.exec(text);
  return match !== null && isIsoDate(match[1] ?? '');
}
