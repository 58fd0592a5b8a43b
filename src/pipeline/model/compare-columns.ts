import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { BUCKETS, type Sketch, sketchOfBuckets } from '../../egress/ledger/sketch.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { residueOf } from '../../kernel/modular.ts';
import { ALGORITHMS } from '../../sandbox/models/spec/algorithms.ts';
import type { LaidFeature, Layout } from '../../sandbox/models/spec/layout.ts';
import type { TrainingSpec } from '../../sandbox/models/spec/training-spec.ts';
import type { Aggregates } from '../../sandbox/models/train/aggregates.ts';
import { COMPARED_SCALE, type ComparedSum, comparedSql, comparedSums } from '../../sandbox/models/train/compared-sums.ts';
import type { CohortSource, Settled, Split } from '../../sandbox/models/train/encode-sql.ts';
import type { Ask } from '../../sandbox/models/train/kept-table.ts';
import { type LedgerPort, type LedgerRow, type LedgerVerdict, type LedgerView, LINEAR } from '../ledger-port.ts';
import { MalformedAnswer } from '../read-evidence.ts';
import { settleRows } from '../settle-rows.ts';

/** Sums asked of the worker at once. */
const AT_ONCE = 60;

/** What a model is about to be learnt from. */
export interface LearntFrom {
  readonly spec: TrainingSpec;
  readonly layout: Layout;
  readonly source: CohortSource;
  readonly split: Split;
  readonly settled: Settled;
  /** The type of the units. */
  readonly unitType: string;
  readonly tables: readonly string[];
  readonly version: string;
  readonly policy: DisclosurePolicy;
}

/**
 * Whether a model may be learnt beside everything in the ledger: the sums that it is learnt from are compared and reserved there like figures of a query.
 * Each has to be none that fewer than k units, nobody included, separate from an earlier one or from what earlier ones add up to,
 * unless it is the same sum in the same words: a model cannot be answered with another's, and whether somebody is between is not told.
 * Does not compare products of columns. Source: gate.md §6, §7; models-and-audit.md M26; docs/adr/0051.
 */
export async function mayBeLearnt(from: LearntFrom, sums: Aggregates, ledger: LedgerPort, ask: Ask): Promise<boolean> {
  const { spec, layout, source, split, settled, policy } = from;
  const { family } = ALGORITHMS[spec.algorithm];
  const isBinned = family === 'additive' || family === 'trees';
  const compared = comparedSums(layout, await sums.binUnits(), { units: sums.units, k: policy.k, isBinned });
  const all: LedgerRow[] = [];
  for (let at = 0; at < compared.length; at += AT_ONCE) {
    const some = compared.slice(at, at + AT_ONCE);
    const sketches = readSketches(await ask(comparedSql(source, layout, split, settled, some)), some);
    for (const [index, sum] of some.entries()) all.push(rowOf(from, sum, sketches[index], all.length));
  }
  // What the others of the same model tell within a few units is that model's own affair: its learner and the release check see to it.
  const alone = settleRows(all, NOTHING_BEFORE, policy).verdicts;
  const rows = all.filter((_, at) => alone[at]?.every((verdict) => verdict.kind === 'keep') === true);
  const verdicts = await ledger.settle(rows);
  return rows.every((row, at) => isSame(verdicts[at], row));
}

const NOTHING_BEFORE: LedgerView = { near: () => [], family: () => [], mixed: () => [], span: () => [] };

/** Kept, or the same sum in the same words. */
function isSame(verdicts: readonly LedgerVerdict[] | undefined, row: LedgerRow): boolean {
  if (verdicts?.length !== row.figures.length) return false;
  return verdicts.every(
    (verdict) =>
      verdict.kind === 'keep' || (verdict.kind === 'replace' && verdict.answered === row.answered && verdict.reason.counted === 0),
  );
}

function rowOf(from: LearntFrom, sum: ComparedSum, sketch: Sketch | undefined, at: number): LedgerRow {
  if (sketch === undefined) throw new MalformedAnswer('A sum is missing');
  const { digits, scale } = sketch.totals;
  const { unitType, tables } = from;
  const answered = wordsOf(from, sum);
  return {
    gate: `model ${at}`,
    rowsId: answered,
    oneRow: true,
    keys: [],
    labels: [],
    answered,
    figures: [
      {
        term: answered,
        namespace: LINEAR,
        family: `model ${[...tables].sort().join(', ')}`,
        total: { digits: digits.reduce((total, each) => total + each, 0n), scale },
        value: null,
        isMagnitude: true,
        isOneSigned: false,
        units: sum.units,
        outputs: [0],
        sketches: [{ unitType, sketch }],
      },
    ],
  };
}

/** A sum by what is added up of whom, and nothing that the data say of it but where bounds are held: the same words are the same sum. */
function wordsOf({ spec, layout, settled, version }: LearntFrom, { part, of }: ComparedSum): string {
  const { cohort, features, label, split } = spec;
  const expr = (item: { readonly expr?: string | undefined; readonly name: string } | undefined): string | null =>
    item?.expr ?? item?.name ?? null;
  const levels = label !== undefined && 'domain' in label ? [...label.domain.map(String)].sort() : null;
  const { feature } = part;
  const laid = feature === undefined ? undefined : layout.features[feature.at];
  return `model ${canonicalJson({
    version,
    cohort: cohort.sql,
    split: { holdout: split.holdout, seed: split.seed },
    // Who has a label at all.
    labelled: { expr: expr(label), levels },
    sum:
      of === null
        ? 'units'
        : of === 'label'
          ? { expr: expr(label), ...settled.held.label }
          : { expr: expr(features[of]), ...settled.held.features[of] },
    ...(feature === undefined || laid === undefined ? {} : { of: { expr: expr(features[feature.at]), part: placeOf(laid, feature) } }),
    ...(part.label === undefined || layout.label.kind !== 'classes' ? {} : { label: layout.label.classes[part.label] }),
  })}`;
}

function placeOf(laid: LaidFeature, { from, to }: { readonly from: number; readonly to: number }): unknown {
  return laid.kind === 'categorical' ? laid.levels[from] : { above: laid.edges[from - 1] ?? null, to: laid.edges[to] ?? null };
}

/** Columns: bucket, then fingerprint and total of each sum. Throws MalformedAnswer where something else came. */
function readSketches(rows: readonly (readonly unknown[])[], sums: readonly ComparedSum[]): readonly Sketch[] {
  const fingerprints = sums.map(() => new Uint32Array(BUCKETS));
  const digits = sums.map(() => Array.from({ length: BUCKETS }, () => 0n));
  for (const [place, ...values] of rows) {
    const bucket = Number(place);
    if (!(Number.isInteger(bucket) && bucket >= 0 && bucket < BUCKETS) || values.length !== 2 * sums.length)
      throw new MalformedAnswer('A vector has a place that is none');
    for (const [at] of sums.entries()) {
      const [fingerprint, total] = [String(values[2 * at]), String(values[2 * at + 1])];
      if (!/^-?\d{1,10}$/.test(fingerprint) || !/^-?\d{1,39}$/.test(total)) throw new MalformedAnswer('A vector is missing');
      const vector = fingerprints[at];
      const totals = digits[at];
      if (vector !== undefined) vector[bucket] = residueOf(Number(fingerprint));
      if (totals !== undefined) totals[bucket] = BigInt(total);
    }
  }
  return sums.map(({ of }, at) =>
    sketchOfBuckets(fingerprints[at] ?? new Uint32Array(BUCKETS), { scale: of === null ? 0 : COMPARED_SCALE, digits: digits[at] ?? [] }),
  );
}
