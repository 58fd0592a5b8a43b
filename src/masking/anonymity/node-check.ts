import { type Classes, classesAt } from './classes.ts';
import { failingClasses, type PrivacyModels } from './criteria.ts';
import { markPresence } from './presence.ts';
import type { Records } from './records.ts';

/** What would be released at some levels. */
export interface NodeCheck {
  readonly classes: Classes;
  /** 1 for each class that is taken out. */
  readonly failing: Uint8Array;
  readonly suppressedRows: number;
  readonly holds: boolean;
}

/** Rows that may be taken out: a share of all. Rounded down, with room for how shares are written. Source: synthetic-and-masking.md §7.1 (suppression limit). */
export function suppressionLimit(records: Records, share: number): number {
  return Math.floor(records.rows * share + 1e-9);
}

/** Checks levels: classes that fail are taken out, and no more rows than `limit` may be. Source: Samarati 2001 (suppression). */
export function checkNode(records: Records, levels: readonly number[], models: PrivacyModels, limit: number): NodeCheck {
  const classes = classesAt(records, levels);
  const failing = failingClasses(records, classes, models);
  const present = models.presence === undefined || markPresence(records, models.presence, levels, classes, failing);
  let suppressedRows = 0;
  for (let id = 0; id < classes.count; id += 1) if (failing[id] === 1) suppressedRows += classes.rows[id] ?? 0;
  return { classes, failing, suppressedRows, holds: present && suppressedRows <= limit };
}
