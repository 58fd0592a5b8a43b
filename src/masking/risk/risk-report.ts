import { sizesOf } from '../anonymity/classes.ts';
import type { CodedColumn } from '../anonymity/coded-column.ts';
import { encodeColumn } from '../anonymity/coded-column.ts';
import { denseIds } from '../anonymity/dense-ids.ts';
import { makeRecords } from '../anonymity/records.ts';
import { type AttackerRisk, classesIn, populationRisk, prosecutorRisk, type SizeCount, sizeCounts, unitsIn } from './class-sizes.ts';
import { type Grade, gradeOf } from './grade.ts';
import { individualRisk } from './individual.ts';
import { type PopulationUniqueness, populationUniqueness } from './population-uniqueness.ts';
import { sudaScores } from './suda.ts';

type Values = readonly (string | null)[];

export interface RiskRequest {
  readonly rows: number;
  readonly quasiIdentifiers: readonly { readonly name: string; readonly values: Values }[];
  readonly units: Values | null;
  /** Units in the population; null: unknown, so that the table is taken for all of it. */
  readonly population: number | null;
  /** Rows of the whole population with the same quasi-identifiers, in the same order. */
  readonly populationRows: readonly Values[] | null;
  /** Sampling weight of each row. */
  readonly weights: Values | null;
  readonly suda: boolean;
  readonly hasDirectIdentifiers: boolean;
  /** A chance above it counts as at risk. */
  readonly threshold: number;
  /** Highest chance that the profile accepts. */
  readonly accepted: number;
}

/** Shares are 0 to 1. Field names are stable: formats.md and docs/reference/masking.md. */
export interface RiskReport extends AttackerRisk {
  readonly rows: number;
  readonly units: number;
  readonly quasiIdentifiers: readonly string[];
  readonly classes: number;
  readonly classSizes: readonly SizeCount[];
  readonly threshold: number;
  readonly population: { readonly size: number; readonly assumed: boolean };
  readonly populationUniqueness: PopulationUniqueness;
  /** Null without rows of the population. */
  readonly journalist: { readonly highest: number; readonly average: number } | null;
  readonly marketer: number | null;
  /** Null without weights. */
  readonly individual: { readonly highest: number; readonly expected: number } | null;
  /** Null where not asked for. */
  readonly suda: { readonly rowsWithScore: number; readonly highest: number } | null;
  readonly accepted: number;
  readonly grade: Grade;
}

/**
 * Re-identification risk of a table of records on its quasi-identifiers, NULL being a value like others. Units, not rows, are counted. Does not know what the other columns give away.
 * Undefined where a weight is no number of 1 or more, or the population lacks rows of the table.
 * Source: issue "Masking" (`risk report`); synthetic-and-masking.md §7; GB/T 42460-2023.
 */
export function riskReport(request: RiskRequest): RiskReport | undefined {
  const coded = request.quasiIdentifiers.map(({ name, values }) => encodeColumn(name, values));
  const attributes = coded.map((column) => ({ ...column, translate: [], names: [], numeric: false }));
  const records = makeRecords(attributes, [], request.units === null ? null : encodeColumn('', request.units), request.rows);
  const { ids, count } = denseIds(
    coded.map(({ values }, index) => ({ codes: records.codes[index] ?? new Int32Array(), size: values.length })),
    records.weights.length,
  );
  const classes = sizesOf(records, { ids, count });
  const classOfRow = records.entryOf.map((entry) => ids[entry] ?? 0);
  const sizes = sizeCounts(classes.units);
  const units = unitsIn(sizes);
  const size = Math.max(request.population ?? request.populationRows?.[0]?.length ?? units, units);
  const known = request.populationRows === null ? null : knownPopulation(coded, classOfRow, classes.units, request.populationRows);
  const individual = request.weights === null ? null : weightedRisk(classOfRow, count, request.weights);
  if (known === undefined || individual === undefined) return undefined;
  const prosecutor = prosecutorRisk(sizes, request.threshold);
  return {
    rows: request.rows,
    units,
    quasiIdentifiers: coded.map(({ name }) => name),
    classes: classesIn(sizes),
    ...prosecutor,
    threshold: request.threshold,
    classSizes: sizes,
    population: { size, assumed: request.population === null && request.populationRows === null },
    populationUniqueness: populationUniqueness(sizes, size),
    journalist: known?.journalist ?? null,
    marketer: known?.marketer ?? null,
    individual,
    suda: request.suda ? sudaSummary(coded) : null,
    accepted: request.accepted,
    grade: gradeOf(request.hasDirectIdentifiers, prosecutor.highest, request.accepted),
  };
}

function knownPopulation(coded: readonly CodedColumn[], classOfRow: Int32Array, units: Int32Array, population: readonly Values[]) {
  const key = (values: readonly (string | null)[]): string => JSON.stringify(values);
  const counts = new Map<string, number>();
  const length = population[0]?.length ?? 0;
  for (let row = 0; row < length; row += 1) {
    const at = key(population.map((column) => column[row] ?? null));
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  const found = new Map<number, { readonly units: number; readonly population: number }>();
  for (const [row, id] of classOfRow.entries()) {
    if (found.has(id)) continue;
    const inPopulation = counts.get(key(coded.map(({ codes, values }) => values[codes[row] ?? 0] ?? null))) ?? 0;
    if (inPopulation < (units[id] ?? 0)) return undefined;
    found.set(id, { units: units[id] ?? 0, population: inPopulation });
  }
  return populationRisk([...found.values()]);
}

/** Highest individual risk, and how many are expected to be named right. Rows, not units: weights are of rows. */
function weightedRisk(classOfRow: Int32Array, classes: number, weights: Values) {
  const [f, F] = [new Float64Array(classes), new Float64Array(classes)];
  for (const [row, id] of classOfRow.entries()) {
    const weight = Number(weights[row] ?? Number.NaN);
    if (!(weight >= 1)) return undefined;
    f[id] = (f[id] ?? 0) + 1;
    F[id] = (F[id] ?? 0) + weight;
  }
  let [highest, expected] = [0, 0];
  for (const [id, size] of f.entries()) {
    const risk = individualRisk(size, F[id] ?? size);
    highest = Math.max(highest, risk);
    expected += size * risk;
  }
  return { highest, expected };
}

function sudaSummary(coded: readonly CodedColumn[]) {
  const scores = sudaScores(coded.map(({ codes }) => codes));
  return {
    rowsWithScore: scores.reduce((count, score) => count + (score > 0 ? 1 : 0), 0),
    highest: scores.reduce((most, score) => Math.max(most, score), 0),
  };
}
