import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A model of the reference figures, trained anew: by row, members first, the chance it gives the true class, and whether it names it. */
interface ExportedPair {
  readonly dataset: string;
  readonly model: string;
  readonly members: number;
  readonly others: number;
  readonly chances: Float64Array;
  readonly right: Uint8Array;
}

const FILE = resolve(import.meta.dirname, '../fixtures/models/reference-pairs.gz');

/** All 26. Source: test/fixtures/models/README.md. */
export function readPairs(): readonly ExportedPair[] {
  const bytes = gunzipSync(readFileSync(FILE));
  const end = bytes.indexOf('\n');
  const { pairs } = JSON.parse(bytes.toString('utf8', 0, end)) as {
    readonly pairs: readonly Omit<ExportedPair, 'chances' | 'right'>[];
  };
  let at = end + 1;
  return pairs.map((pair) => {
    const rows = pair.members + pair.others;
    const chances = Float64Array.from({ length: rows }, (_, row) => bytes.readDoubleLE(at + row * 8));
    const right = Uint8Array.from(bytes.subarray(at + rows * 8, at + rows * 9));
    at += rows * 9;
    return { ...pair, chances, right };
  });
}
