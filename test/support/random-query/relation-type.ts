export interface NamedNumber {
  readonly name: string;
  readonly size: number;
}

/** Rows to ask about: what stands in FROM, and the columns that may be used. */
export interface Relation {
  /** WITH, where there is one. */
  readonly head: string;
  readonly from: string;
  /** Conditions that are part of it. */
  readonly conditions: readonly string[];
  readonly numbers: readonly NamedNumber[];
  /** Numbers that may be summed without fan-out. */
  readonly summed: readonly NamedNumber[];
  readonly texts: readonly { readonly name: string; readonly labels: readonly string[] }[];
  readonly dates: readonly string[];
  readonly units: readonly string[];
}
