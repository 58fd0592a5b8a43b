/**
 * What is known of a value's type: enough to tell whether the engine's silent cast between two values can fail, and
 * whether sums of it depend on their order. Decimals carry their exact type where it is known, since casts between
 * different ones can fail.
 * Source: gate.md §9 (what stands above a gate).
 */
export type Family =
  | 'integer'
  | 'hugeint'
  | 'decimal'
  | 'double'
  | 'text'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'null'
  | 'unknown'
  | `DECIMAL(${string})`;

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT']);
const OTHERS: Readonly<Record<string, Family>> = {
  HUGEINT: 'hugeint',
  FLOAT: 'double',
  DOUBLE: 'double',
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};
const DECIMAL = /^DECIMAL\((\d+), ?(\d+)\)$/;

/** The family of a type by DuckDB's name of it, upper case. */
export function familyOfType(type: string): Family {
  if (INTEGERS.has(type)) return 'integer';
  const decimal = DECIMAL.exec(type);
  if (decimal !== null) return `DECIMAL(${decimal[1]},${decimal[2]})`;
  return OTHERS[type] ?? 'unknown';
}

/** Whether the open layer casts to a type of this name. Only scalar types whose values the results can hold. */
export function isOpenType(type: string): boolean {
  return familyOfType(type) !== 'unknown';
}

const SAFE_NUMBERS: ReadonlySet<Family> = new Set<Family>(['integer', 'hugeint', 'double']);

function known(families: readonly Family[]): ReadonlySet<Family> {
  return new Set(families.filter((family) => family !== 'null'));
}

/** Whether values of these families stand side by side (compared, chosen between) without a cast that could fail. */
export function standTogether(families: readonly Family[]): boolean {
  const kinds = known(families);
  if (kinds.has('unknown') || kinds.has('decimal')) return false;
  return kinds.size <= 1 || [...kinds].every((family) => SAFE_NUMBERS.has(family));
}

/** The family of a value that is one of several; `unknown` where they have none in common. */
export function commonFamily(families: readonly Family[]): Family {
  const kinds = [...known(families)];
  const [first] = kinds;
  if (first === undefined) return 'unknown';
  return kinds.length === 1 ? first : widest(kinds);
}

/** The family that numbers of several come to; `unknown` where one is no number. */
export function widest(families: readonly Family[]): Family {
  if (!families.every(isNumeric)) return 'unknown';
  if (families.includes('double')) return 'double';
  if (families.some(isDecimal)) return 'decimal';
  return families.includes('hugeint') ? 'hugeint' : 'integer';
}

/** Whether the values are numbers. */
export function isNumeric(family: Family): boolean {
  return SAFE_NUMBERS.has(family) || isDecimal(family);
}

/** Whether the values are decimals, of whatever width and scale. */
export function isDecimal(family: Family): boolean {
  return family.toLowerCase().startsWith('decimal');
}
