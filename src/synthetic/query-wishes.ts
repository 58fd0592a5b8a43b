/** What a query compares a column with: values it equals, or limits (inclusive; a strict limit stands a step inside). */
export interface ColumnWish {
  readonly values?: readonly (string | number)[];
  readonly least?: string | number;
  readonly most?: string | number;
}

type Json = Readonly<Record<string, unknown>>;

const MIRRORED: Readonly<Record<string, string>> = {
  COMPARE_EQUAL: 'COMPARE_EQUAL',
  COMPARE_LESSTHAN: 'COMPARE_GREATERTHAN',
  COMPARE_LESSTHANOREQUALTO: 'COMPARE_GREATERTHANOREQUALTO',
  COMPARE_GREATERTHAN: 'COMPARE_LESSTHAN',
  COMPARE_GREATERTHANOREQUALTO: 'COMPARE_LESSTHANOREQUALTO',
};

/**
 * Reads constants, lists and ranges that a query compares columns with, by column name (lower case), from the engine's own tree
 * of the query (`json_serialize_sql`). Names alone count, whichever table they belong to; what is more complicated than a column
 * beside a constant is passed over. Never fails: an unknown tree wishes nothing.
 * Source: synthetic-and-masking.md §1.4 (ehrQL: the generator reads the query), §3 (queryAware).
 */
export function readQueryWishes(tree: string): ReadonlyMap<string, ColumnWish> {
  const wishes = new Map<string, ColumnWish>();
  let json: unknown;
  try {
    json = JSON.parse(tree);
  } catch {
    return wishes;
  }
  visit(json, wishes);
  return wishes;
}

function visit(node: unknown, wishes: Map<string, ColumnWish>): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, wishes);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const own = node as Json;
  const kind = String(own['type']);
  if (Object.hasOwn(MIRRORED, kind)) compare(kind, own['left'], own['right'], wishes);
  if (kind === 'COMPARE_BETWEEN') {
    compare('COMPARE_GREATERTHANOREQUALTO', own['input'], own['lower'], wishes);
    compare('COMPARE_LESSTHANOREQUALTO', own['input'], own['upper'], wishes);
  }
  if (kind === 'COMPARE_IN') {
    const [column, ...values] = Array.isArray(own['children']) ? (own['children'] as readonly unknown[]) : [];
    for (const value of values) compare('COMPARE_EQUAL', column, value, wishes);
  }
  for (const child of Object.values(own)) visit(child, wishes);
}

function compare(kind: string, left: unknown, right: unknown, wishes: Map<string, ColumnWish>): void {
  const [name, value] = [columnName(left), constant(right)];
  if (name !== undefined && value !== undefined) note(name, kind, value, wishes);
  const [other, first] = [columnName(right), constant(left)];
  if (other !== undefined && first !== undefined) note(other, MIRRORED[kind] ?? kind, first, wishes);
}

function note(name: string, kind: string, value: string | number, wishes: Map<string, ColumnWish>): void {
  const known = wishes.get(name) ?? {};
  switch (kind) {
    case 'COMPARE_EQUAL':
      wishes.set(name, { ...known, values: [...(known.values ?? []), value] });
      return;
    case 'COMPARE_GREATERTHAN':
      wishes.set(name, { ...known, least: shifted(value, 1) });
      return;
    case 'COMPARE_GREATERTHANOREQUALTO':
      wishes.set(name, { ...known, least: value });
      return;
    case 'COMPARE_LESSTHAN':
      wishes.set(name, { ...known, most: shifted(value, -1) });
      return;
    default:
      wishes.set(name, { ...known, most: value });
  }
}

const DAY_MS = 86_400_000;

/** A step beyond a limit that is not met itself: one for numbers, a day for dates. */
function shifted(value: string | number, step: number): string | number {
  if (typeof value === 'number') return value + step;
  const time = Date.parse(`${value.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(time) ? value : new Date(time + (step < 0 ? -DAY_MS : DAY_MS)).toISOString().slice(0, 10);
}

function columnName(node: unknown): string | undefined {
  const own = (node ?? {}) as Json;
  const names = own['class'] === 'COLUMN_REF' && Array.isArray(own['column_names']) ? (own['column_names'] as readonly unknown[]) : [];
  const last = names.at(-1);
  return typeof last === 'string' ? last.toLowerCase() : undefined;
}

/** A literal, also under a cast (`DATE '2024-01-01'`). Decimals come as digits with a scale. */
function constant(node: unknown): string | number | undefined {
  const own = (node ?? {}) as Json;
  if (own['class'] === 'CAST') return constant(own['child']);
  if (own['class'] !== 'CONSTANT') return undefined;
  const held = (own['value'] ?? {}) as Json;
  const value = held['value'];
  const type = (held['type'] ?? {}) as Json;
  const scale = ((type['type_info'] ?? {}) as Json)['scale'];
  if (typeof value === 'number') return typeof scale === 'number' ? value / 10 ** scale : value;
  return typeof value === 'string' ? value : undefined;
}
