import { MODULUS } from '../../../kernel/modular.ts';
import type { Layout } from '../spec/layout.ts';
import {
  BIN,
  binnedSql,
  type CohortSource,
  heldSql,
  KEY,
  LABEL,
  PLACE,
  type Settled,
  type Split,
  TRAIN,
  valuedRowsSql,
} from './encode-sql.ts';
import { allowedSplits } from './grow-tree.ts';

/** Digits behind the point of what is compared of a number. */
export const COMPARED_SCALE = 3;
/** Numbers beyond it count as it. */
const LARGEST = 1e15;

/** Units that train and have something: bins of a feature from `from` to `to`, a class. */
export interface Part {
  readonly feature?: { readonly at: number; readonly from: number; readonly to: number };
  readonly label?: number;
}

/** One sum over the units that train: how many of them stand in a part, or a number of them there. */
export interface ComparedSum {
  readonly part: Part;
  /** What is added up; null: units. */
  readonly of: number | 'label' | null;
  /** Units behind it. */
  readonly units: number;
}

/**
 * The sums that say what a model learns of: units, classes, levels and bins that may be told apart, each also by class or with the sum of the label, and the
 * sum of every number that counts as one. None of them follows from the others, and parts of fewer than k units, and what they leave, are
 * none: no learner tells them apart. Source: docs/adr/0051.
 *
 * @param binUnits  units by class (one row without classes), feature and bin.
 * @param isBinned  whether numbers are learnt by their bins or as they are.
 */
export function comparedSums(
  layout: Layout,
  binUnits: readonly (readonly (readonly number[])[])[],
  { units, k, isBinned }: { readonly units: number; readonly k: number; readonly isBinned: boolean },
): readonly ComparedSum[] {
  const { label } = layout;
  const allowed = allowedSplits(layout, binUnits, k);
  const unitsOf = (at: number, from: number, to: number, groups = binUnits): number =>
    groups.reduce((sum, group) => sum + (group[at] ?? []).slice(from, to + 1).reduce((part, count) => part + count, 0), 0);
  const classes = label.kind === 'classes' ? label.classes.map((_, c) => c).slice(1) : [];
  const whole: ComparedSum[] = [{ part: {}, of: null, units }];
  if (label.kind === 'number') whole.push({ part: {}, of: 'label', units });
  for (const c of classes) {
    const own = unitsOf(0, 0, Number.POSITIVE_INFINITY, binUnits.slice(c, c + 1));
    if (own >= k && units - own >= k) whole.push({ part: { label: c }, of: null, units: own });
  }
  const parts = layout.features.flatMap((feature, at): readonly ComparedSum[] => {
    if (feature.kind === 'numeric' && !isBinned)
      return [{}, ...classes.map((c): Part => ({ label: c }))].map((part): ComparedSum => ({ part, of: at, units }));
    // What is left of the last one follows from the whole.
    const ends = allowed[at] ?? [];
    const ranges = ends.map((end, index) => ({ at, from: feature.kind === 'numeric' ? (ends[index - 1] ?? -1) + 1 : end, to: end }));
    return ranges.flatMap((range) => {
      const own = unitsOf(at, range.from, range.to);
      const byClass = classes.flatMap((c): readonly ComparedSum[] => {
        const told = unitsOf(at, range.from, range.to, binUnits.slice(c, c + 1));
        return told >= k && own - told >= k ? [{ part: { feature: range, label: c }, of: null, units: told }] : [];
      });
      const sum: readonly ComparedSum[] = label.kind === 'number' ? [{ part: { feature: range }, of: 'label', units: own }] : [];
      return [{ part: { feature: range }, of: null, units: own }, ...byClass, ...sum];
    });
  });
  return [...whole, ...parts];
}

/**
 * The SELECT that gives vectors of sums: by bucket, for each sum its fingerprint (Σ total × key modulo the prime) and its total in units of the last
 * digit, as texts. Source: ADR 0014.
 */
export function comparedSql(source: CohortSource, layout: Layout, split: Split, settled: Settled, sums: readonly ComparedSum[]): string {
  const rows = `SELECT * FROM (${valuedRowsSql(source, layout, split, settled.fill)}) WHERE ${TRAIN} = 1 AND ${PLACE} IS NOT NULL`;
  const asked = sums.map((sum, at) => {
    const value = weightSql(layout, settled, sum);
    return `CAST(sum(${value} * ${KEY}) % ${MODULUS} AS VARCHAR) AS f${at}, CAST(sum(${value}) AS VARCHAR) AS t${at}`;
  });
  return `SELECT ${PLACE}, ${asked.join(', ')} FROM (SELECT *, ${binnedSql(layout, settled)} FROM (${rows})) GROUP BY ${PLACE}`;
}

/** Whole numbers: 1 for each unit, or a number in units of its last digit. */
function weightSql(layout: Layout, { held }: Settled, { part, of }: ComparedSum): string {
  const value =
    of === null
      ? '1'
      : of === 'label'
        ? numberSql('ry', layout.label, held.label)
        : numberSql(`r${of}`, layout.features[of], held.features[of]);
  const conditions = [
    ...(part.feature === undefined ? [] : [`${BIN(part.feature.at)} BETWEEN ${part.feature.from} AND ${part.feature.to}`]),
    ...(part.label === undefined ? [] : [`${LABEL} = ${part.label}`]),
  ];
  return `CAST(${conditions.length === 0 ? value : `CASE WHEN ${conditions.join(' AND ')} THEN ${value} ELSE 0 END`} AS HUGEINT)`;
}

function numberSql(name: string, laid: unknown, held: { readonly low: number; readonly high: number } | null | undefined): string {
  const { low, high, middle = (low + high) / 2 } = laid as { readonly low: number; readonly high: number; readonly middle?: number };
  const value = heldSql(name, middle, held ?? { low, high });
  return `round(greatest(least(${value}, ${LARGEST}), ${-LARGEST}) * ${10 ** COMPARED_SCALE})`;
}
