/** Between two figures of a packed column. Source: gate.md §6. */
export const FIGURE_SEPARATOR = ' ';

/** Many figures in one column: of thousands of cells, each value of its own costs more to hand over than to compute. */
export function packed(figures: readonly string[]): string {
  return `concat_ws('${FIGURE_SEPARATOR}', ${figures.map((figure) => `coalesce(CAST(${figure} AS VARCHAR), '')`).join(', ')}) AS figures`;
}

/** The largest and the second largest of a group; NULL where there are none. */
export function twoLargest(figure: string, filter = ''): readonly string[] {
  return [1, 2].map((place) => `(max(${figure}, 2)${filter})[${place}]`);
}
