import { type ColumnPair, distinctOf, type ReversibilityFinding } from './tested-table.ts';

const LEAST_REPEATED = 5;
/** Classes smaller than this say nothing about what a class leaves open. */
const LEAST_CLASS = 5;
const LITTLE_LEFT = 0.2;

/**
 * Whether each original value has one released value and the other way round (a token, a recoding): joinable, and restored by whoever holds the
 * map or counts how often each occurs. Only rows whose original occurs again can show it; where all values are unique nothing is
 * said. `value`: share of those rows. Source: models-and-audit.md M32 b.
 */
export function oneToOne({ released, original, pairs }: ColumnPair): ReversibilityFinding | null {
  const forward = new Map<string, string>();
  const backward = new Map<string, string>();
  let [repeated, agreeing] = [0, 0];
  for (const [left, right] of pairs) {
    const [to, from] = [forward.get(right), backward.get(left)];
    if (to !== undefined || from !== undefined) {
      repeated += 1;
      if (to === left && from === right) agreeing += 1;
    }
    forward.set(right, to ?? left);
    backward.set(left, from ?? right);
  }
  if (repeated < LEAST_REPEATED || forward.size < 2) return null;
  const share = agreeing / repeated;
  return {
    column: released.name,
    original: original.name,
    test: 'one-to-one map',
    result: share >= 0.99 ? 'partly' : 'notFound',
    value: share,
  };
}

/**
 * What a released value leaves open of the original: H(x | f(x)) / H(x) by counts with Miller and Madow's correction, between 0 and 1. Null
 * where classes are too small to tell. Source: models-and-audit.md M32 d.
 */
export function conditionalEntropy({ released, original, pairs }: ColumnPair): ReversibilityFinding | null {
  const classes = distinctOf(pairs.map(([left]) => left));
  const whole = entropyOf(pairs.map(([, right]) => right));
  if (whole === 0 || pairs.length < 20 || pairs.length / classes < LEAST_CLASS) return null;
  const groups = new Map<string, string[]>();
  for (const [left, right] of pairs) {
    const group = groups.get(left);
    if (group === undefined) groups.set(left, [right]);
    else group.push(right);
  }
  let open = 0;
  for (const group of groups.values()) open += (group.length / pairs.length) * entropyOf(group);
  const value = Math.min(1, open / whole);
  return {
    column: released.name,
    original: original.name,
    test: 'conditional entropy',
    result: value < LITTLE_LEFT ? 'partly' : 'notFound',
    value,
  };
}

/** Entropy in bits of a list by its counts. */
export function entropyOf(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size < 2) return 0;
  let entropy = (counts.size - 1) / (2 * values.length * Math.LN2);
  for (const count of counts.values()) entropy -= (count / values.length) * Math.log2(count / values.length);
  return entropy;
}
