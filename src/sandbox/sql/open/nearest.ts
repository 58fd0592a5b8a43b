import { OPEN_FUNCTIONS } from './functions.ts';

/** What people from elsewhere write for something on the list. */
const SYNONYMS: Readonly<Record<string, string>> = {
  nvl: 'coalesce',
  isnull: 'coalesce',
  iif: 'if',
  iff: 'if',
  approx_quantiles: 'quantile_cont',
  approx_percentile: 'quantile_cont',
  logical_or: 'bool_or',
  logical_and: 'bool_and',
  safe_divide: 'nullif',
  decode: 'if',
  stdev: 'stddev',
  std: 'stddev',
  average: 'avg',
  to_char: 'strftime',
  date_format: 'strftime',
  substring_index: 'split_part',
  charindex: 'strpos',
  locate: 'strpos',
  truncate: 'trunc',
  percentile_cont: 'quantile_cont',
  percentile_disc: 'quantile_disc',
  approx_quantile: 'quantile_cont',
  approx_count_distinct: 'count',
  any_value: 'min',
  every: 'bool_and',
  array_agg: 'string_agg',
  list: 'string_agg',
  rownumber: 'row_number',
  random: '',
};

const MAX_DISTANCE = 2;
/** Short names are all near one another. */
const MIN_LENGTH = 4;

/** The name on the open layer's list that was most likely meant; undefined where none is near. Source: gate.md §9 (what stands above a gate). */
export function nearestFunction(name: string): string | undefined {
  const synonym = SYNONYMS[name];
  if (synonym !== undefined) return synonym === '' ? undefined : synonym;
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const { name: candidate } of OPEN_FUNCTIONS) {
    if (!/^[a-z]/.test(candidate) || name.length < MIN_LENGTH || Math.abs(candidate.length - name.length) > MAX_DISTANCE) continue;
    const distance = editDistance(name, candidate);
    if (distance <= Math.min(MAX_DISTANCE, Math.floor(name.length / 3)) && distance < (best?.distance ?? Infinity)) {
      best = { name: candidate, distance };
    }
  }
  return best?.name;
}

/** Letters added, left out, changed, or two neighbours exchanged. */
function editDistance(left: string, right: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isExchange = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const exchanged = isExchange ? (before[j - 2] ?? 0) + 1 : changed;
      next.push(Math.min(changed, exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}
