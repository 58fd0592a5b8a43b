import type { Expression, Query, Select, SelectItem } from '../ast.ts';
import type { Frame } from './frame.ts';
import type { Environment } from './resolve.ts';
import type { UnitRows } from './rows.ts';

/** A SELECT whose FROM has rows that belong to units, names resolved and stars spelled out. Source: gate.md §3.3, §4. */
export interface UnitSelect {
  readonly select: Select;
  readonly query: Query;
  readonly rows: UnitRows;
  readonly items: readonly SelectItem[];
  readonly environment: Environment;
  readonly frame: Frame;
}

/** The grouping of a SELECT: key expressions as written, and the sets of their indexes. */
export interface Grouped {
  readonly keys: readonly Expression[];
  readonly sets: readonly (readonly number[])[];
}
