import { anonymise, type QuasiIdentifier } from '../src/masking/anonymity/anonymise.ts';
import { generaliseDate } from '../src/masking/operators/generalise-date.ts';
import { SeededRandom } from '../src/synthetic/fit/seeded-random.ts';
import type { BenchLine } from './bench-line.ts';

const ROWS = 1_000_000;
const K = 10;

/** A million people with eight quasi-identifiers of the sizes that registers have. */
function people(rows: number): readonly QuasiIdentifier[] {
  const random = new SeededRandom('bench masking');
  const draw = (values: readonly string[]): readonly string[] =>
    Array.from({ length: rows }, () => values[random.below(values.length)] ?? '');
  const words = (stem: string, count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${stem}${at}`);
  const days = Array.from({ length: 20_000 }, (_, at) => new Date(Date.UTC(1940, 0, 1 + at)).toISOString().slice(0, 10));
  const areas = Array.from(
    { length: 300 },
    (_, at) => `${11 + (at % 3)}${String(1 + (at % 10)).padStart(2, '0')}${String(1 + (at % 17)).padStart(2, '0')}`,
  );
  const text = (name: string, values: readonly string[]): QuasiIdentifier => ({
    name,
    values: draw(values),
    family: 'text',
    bounds: null,
    hierarchy: null,
  });
  const number = (name: string, most: number): QuasiIdentifier => ({
    name,
    values: Array.from({ length: rows }, () => String(random.below(most))),
    family: 'integer',
    bounds: [0, most],
    hierarchy: null,
  });
  return [
    { name: 'born', values: draw(days), family: 'date', bounds: null, hierarchy: null },
    { name: 'home', values: draw(areas), family: 'text', bounds: null, hierarchy: null, semantic: 'region' },
    text('sex', ['f', 'm']),
    text('nation', words('n', 56)),
    text('marital', words('m', 6)),
    text('school', words('s', 16)),
    text('trade', words('t', 14)),
    number('income', 500),
  ];
}

/** k-anonymity of a million rows by eight quasi-identifiers; the operators one by one. Source: issue "Masking" (1 million rows × 8 quasi-identifiers in under a minute). */
export function runMaskingBench(emit: (line: BenchLine) => void): void {
  const quasiIdentifiers = people(ROWS);
  const carried = [{ name: 'diagnosis', values: Array.from({ length: ROWS }, (_, at) => `d${(at * 7919) % 40}`), hierarchy: null }];
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const made = anonymise({
    rows: ROWS,
    quasiIdentifiers,
    carried,
    units: null,
    k: K,
    wishes: [],
    suppress: 0.05,
    algorithm: 'lattice',
    threshold: 0.2,
  });
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  if (!made.ok) throw new Error('The benchmark was refused');
  emit({ name: 'masking', metric: `${ROWS} rows × 8 quasi-identifiers, k = ${K}`, value: seconds, unit: 's' });
  emit({ name: 'masking', metric: 'the same, CPU alone', value: (used.user + used.system) / 1e6, unit: 's' });
  emit({ name: 'masking', metric: 'of the information lost', value: 100 * (made.value.utility.entropyShare ?? 0), unit: '%' });
  const mask = generaliseDate('year').mask;
  const dates = quasiIdentifiers[0]?.values ?? [];
  const from = performance.now();
  for (const date of dates) mask(date ?? '', null);
  emit({ name: 'masking', metric: 'dates generalised', value: dates.length / ((performance.now() - from) / 1000), unit: 'values/s' });
}
