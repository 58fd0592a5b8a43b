import type { DisclosureMode } from './disclosure-mode.ts';

/** What one merchant may query, for one scenario. A job sees only what its grant names. */
export interface Grant {
  readonly id: string;
  readonly merchant: string;
  readonly dataset: string;
  readonly scenario: string;
  /** Table → columns; `'*'` grants every column of the table with the permissions of its role. */
  readonly tables: Readonly<Record<string, '*' | readonly string[]>>;
  /** ISO date, inclusive, Asia/Shanghai. */
  readonly endsOn: string;
  /** The agreement or laboratory it rests on: without that in force it does not live. */
  readonly basis?: string | undefined;
  /** Stricter than the dataset's; absent: the dataset's. Source: gate.md §1, §8. */
  readonly mode?: DisclosureMode;
}
