import type { ProtectedColumn, ReversibilityFinding, ReversibilityResult } from './tested-table.ts';

const FOLDS = 5;
const MOST_ROWS = 1000;
const LEAST_ROWS = 40;
const GAIN = { partly: 0.3, reversible: 0.9 } as const;
/** A number is restored when it is met within this share of the range. */
const NEAR = 0.005;

/** Rows of features and the value to be restored from them. */
export interface DecoderTask {
  /** Name of the released column, or `*` for all together. */
  readonly column: string;
  readonly features: readonly (readonly (string | null)[])[];
  readonly targets: readonly (string | null)[];
}

/**
 * Whether a learned decoder restores an original column: the nearest neighbour over the released values (numbers by distance, texts by
 * equality), cross-validated in five folds, against always guessing the commonest value (for numbers: the median). `value` is the gain
 * in share of rows restored; numbers count within half a percent of their range. Null with fewer than forty rows.
 * Reads at most a thousand rows, evenly spread. Source: models-and-audit.md M32 c.
 */
export function learnedDecoder(task: DecoderTask, original: ProtectedColumn): ReversibilityFinding | null {
  const step = Math.max(1, Math.ceil(task.targets.length / MOST_ROWS));
  const rows: { readonly features: readonly (string | null)[]; readonly target: string }[] = [];
  for (let at = 0; at < task.targets.length; at += step) {
    const target = task.targets[at];
    const features = task.features[at];
    if (typeof target === 'string' && target !== '' && features !== undefined) rows.push({ features, target });
  }
  if (rows.length < LEAST_ROWS) return null;
  const targets = rows.map((row) => row.target);
  const isRestored = judgeOf(targets);
  if (isRestored === null) return null;
  const distance = distanceOf(rows.map((row) => row.features));
  let [hits, guesses] = [0, 0];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const train = rows.map((_, at) => at).filter((at) => foldOf(at) !== fold);
    const guess = usualOf(train.map((at) => targets[at] ?? ''));
    for (let at = 0; at < rows.length; at += 1) {
      if (foldOf(at) !== fold) continue;
      const target = targets[at] ?? '';
      let best = train[0] ?? 0;
      let least = Number.POSITIVE_INFINITY;
      for (const other of train) {
        const far = distance(at, other);
        if (far < least) [best, least] = [other, far];
      }
      if (isRestored(targets[best] ?? '', target)) hits += 1;
      if (isRestored(guess, target)) guesses += 1;
    }
  }
  const [accuracy, baseline] = [hits / rows.length, guesses / rows.length];
  const gain = Math.max(0, accuracy - baseline);
  const result: ReversibilityResult =
    gain >= GAIN.partly ? (accuracy >= GAIN.reversible && gain >= 0.5 ? 'reversible' : 'partly') : 'notFound';
  return { column: task.column, original: original.name, test: 'learned decoder', result, value: gain };
}

/** Folds that no period of the rows can follow. */
function foldOf(at: number): number {
  return (Math.imul(at + 1, 2_654_435_761) >>> 16) % FOLDS;
}

/** Null where every value is another text: nothing can be learnt of what was never seen. */
function judgeOf(targets: readonly string[]): ((guess: string, target: string) => boolean) | null {
  const numbers = targets.map(Number);
  const isNumeric = numbers.every(Number.isFinite) && targets.every((text) => text.length <= 15);
  const distinct = new Set(targets).size;
  if (isNumeric && distinct > 20) {
    const range = Math.max(...numbers) - Math.min(...numbers);
    return (guess, target) => Math.abs(Number(guess) - Number(target)) <= NEAR * range;
  }
  return distinct < 2 || distinct > targets.length / 2 ? null : (guess, target) => guess === target;
}

function usualOf(targets: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  const [usual = ['', 0]] = [...counts].toSorted((one, other) => other[1] - one[1]);
  if (usual[1] > 1 || !targets.every((target) => Number.isFinite(Number(target)))) return usual[0];
  return String(targets.map(Number).toSorted((one, other) => one - other)[targets.length >> 1] ?? 0);
}

function distanceOf(features: readonly (readonly (string | null)[])[]): (one: number, other: number) => number {
  const width = features[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => {
    const texts = features.map((row) => row[column] ?? null);
    const numbers = texts.map((text) => (text === null || text === '' ? Number.NaN : Number(text)));
    const isNumeric = numbers.every((value, at) => texts[at] === null || Number.isFinite(value));
    const present = numbers.filter(Number.isFinite);
    const range = present.length === 0 ? 0 : Math.max(...present) - Math.min(...present);
    return { texts, numbers, range: isNumeric ? range : 0 };
  });
  return (one, other) => {
    let sum = 0;
    for (const { texts, numbers, range } of columns) {
      const [left, right] = [numbers[one] ?? Number.NaN, numbers[other] ?? Number.NaN];
      if (range > 0 && Number.isFinite(left) && Number.isFinite(right)) sum += Math.abs(left - right) / range;
      else if (texts[one] !== texts[other]) sum += 1;
    }
    return sum;
  };
}
