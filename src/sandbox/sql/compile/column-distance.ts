import { decimalText } from '../../../kernel/decimal.ts';
import type { BoundColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { numberOf } from './fold.ts';
import { physical, shown } from './print.ts';

type Comparison = Extract<Test, { kind: 'compare' }>;

/** Two columns and the comparison of their distance, as it runs and as people are shown it. */
export interface ColumnDistance {
  readonly from: BoundColumn;
  readonly to: BoundColumn;
  readonly sql: string;
  readonly shown: string;
}

const DISTANCES: ReadonlySet<string> = new Set(['date_diff', 'datediff', 'date_sub', 'datesub']);
const UNITS: ReadonlySet<string> = new Set(['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']);
/** Some thirty years of seconds: what no analyst asks about is not a place to try numbers. */
const MAX_DISTANCE = 1_000_000_000n;

/**
 * `date_diff('minute', a, b) <= 30` of two columns of one type: a comparison of two columns with a constant offset,
 * counted as the engine counts (boundaries between, or complete units). Undefined for any other shape. Does not ask
 * what the roles allow. TRY because distances of the engine's farthest days overflow, and no value of the data may
 * make a statement fail. Source: gate.md §5 (predicates: two columns, constant offset), §9.
 */
export function columnDistance(test: Comparison): ColumnDistance | undefined {
  const { left, right, operator } = test;
  const value = numberOf(right);
  if (left.kind !== 'call' || !DISTANCES.has(left.name) || left.arguments.length !== 3 || value === undefined) return undefined;
  const [unit, from, to] = left.arguments;
  if (unit?.kind !== 'literal' || unit.type !== 'string' || from?.kind !== 'column' || to?.kind !== 'column') return undefined;
  const name = unit.text.toLowerCase().replace(/s$/, '');
  if (!UNITS.has(name) || !isSameTime(from.column, to.column)) return undefined;
  if (value.scale !== 0 || value.digits > MAX_DISTANCE || value.digits < -MAX_DISTANCE) return undefined;
  const counted: Scalar = { ...left, arguments: [{ ...unit, text: name }, from, to] };
  const against = `${operator} ${decimalText(value)}`;
  return { from: from.column, to: to.column, sql: `TRY(${physical(counted)}) ${against}`, shown: `${shown(counted)} ${against}` };
}

function isSameTime({ column: a }: BoundColumn, { column: b }: BoundColumn): boolean {
  const kind = typeClass(a);
  return kind === typeClass(b) && (kind === 'date' || kind === 'timestamp');
}
