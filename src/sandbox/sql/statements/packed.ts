/** Between two figures of one place of a vector. Source: gate.md §6. */
export const FIGURE_SEPARATOR = ' ';

/**
 * Many figures in one column, as the text of a row: `(12, 3.50, NULL, [7, 5])`. Of thousands of cells, each value of its
 * own costs more to hand over than to compute, and each cast of its own more to plan than to run. Figures are numbers,
 * truth values and lists of them, never text.
 */
export function packed(figures: readonly string[]): string {
  return `CAST(ROW(${figures.join(', ')}) AS VARCHAR) AS figures`;
}

/** The largest and the second largest of a group, as one list: shorter where there are fewer, NULL where there are none. */
export function twoLargest(figure: string, filter = ''): string {
  return `max(${figure}, 2)${filter}`;
}
