import type { AuditEntryView } from '../../operations/operations.ts';
import { textTable } from '../text-table.ts';

/** Entries as lines for a person. */
export function entriesText(entries: readonly AuditEntryView[]): string {
  return textTable(
    ['seq', 'at', 'actor', 'operation', 'object', 'hash'],
    entries.map((entry) => [
      entry.seq,
      entry.at,
      entry.actor,
      entry.operation,
      `${entry.object.kind} ${entry.object.id}`,
      `${entry.hash.slice(0, 12)}…`,
    ]),
  );
}
