import type { SqlTemplate } from '../model/condition.ts';

/** Templates one after another, with commas. Source: gate.md §3.3, §4. */
export function separated(columns: readonly SqlTemplate[]): SqlTemplate {
  return columns.flatMap((item, index) => (index === 0 ? item : [', ', ...item]));
}
