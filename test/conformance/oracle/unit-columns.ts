/** The name of the unit column whose ids a column of a base table holds; null: it holds something else. */
export type UnitColumns = (table: string, column: string) => string | null;
