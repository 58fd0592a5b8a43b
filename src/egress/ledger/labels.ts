import type { KeyValue } from '../executed.ts';

/** Labels as one text, in which different labels differ and equal ones are equal: the canonical order of cells. Source: gate-examples.md D19. */
export function labelText(labels: readonly KeyValue[]): string {
  return JSON.stringify(labels);
}
