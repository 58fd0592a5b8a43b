/** One measured figure; `baseline` and `ratio` where something was measured beside it in the same run. */
export interface BenchLine {
  readonly name: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
}

export type Emit = (line: BenchLine) => void;
