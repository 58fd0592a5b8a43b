import { type LaidFeature, type Layout, STEPS } from '../spec/layout.ts';

/** SQL of a cohort's rows: where they come from, and each value as the gate admitted it. */
export interface CohortSource {
  /** ` FROM … WHERE …`. */
  readonly from: string;
  /** Keyed hash of the unit, 1 … 2³¹ − 2. */
  readonly key: string;
  /** Its bucket in the ledger's vectors; absent where nothing is compared. */
  readonly bucket?: string;
  /** By feature. */
  readonly features: readonly string[];
  readonly label: string | null;
}

/** Names of the columns of an encoded row. */
export const KEY = 'h';
export const TRAIN = 's';
export const PLACE = 'p';
export const LABEL = 'y';
export const BIN = (feature: number): string => `b${feature}`;
export const DESIGN = (column: number): string => `x${column}`;

/** What stands for 1 in a label and a numeric column. */
export const LABEL_ONE = STEPS;
/** The names under which bins and design columns stand together in the rows that train: one column each is copied a third as fast as many. */
export const BINS = 'bins';
const COLUMNS = 'design';
export const binOf = (feature: number): string => `${BINS}.${BIN(feature)}`;
export const columnOf = (column: number): string => `${COLUMNS}.${DESIGN(column)}`;

/** The rows that train, of a table of encoded rows. */
export function trainingRowsSql(table: string, { features, design }: Layout): string {
  const together = (names: readonly string[]): string =>
    names.length === 0 ? '0' : `{${names.map((name) => `'${name}': ${name}`).join(', ')}}`;
  const bins = together(features.map((_, at) => BIN(at)));
  return `SELECT ${KEY}, ${LABEL}, ${bins} AS ${BINS}, ${together(design.map((_, at) => DESIGN(at)))} AS ${COLUMNS} FROM "${table}" WHERE ${TRAIN} = 1`;
}

/** Prime below which keys lie: a multiple of a key modulo it is as even as the key. */
export const KEY_PRIME = 2_147_483_647;
/** A second step, so that keys that follow one another (simulation may give such) fall far apart. */
const STRIDE = 2_654_435;

/** A key turned into a number below the prime, another way for each multiplier. Source: models-and-audit.md §1.9 (split by unit); Knuth, TAOCP 3.2.1.3 (multiplicative congruence). */
export function mixedKeySql(multiplier: number): string {
  return `((((CAST(${KEY} AS BIGINT) * ${multiplier}) % ${KEY_PRIME}) * ${STRIDE}) % ${KEY_PRIME})`;
}

/** The same in numbers. Source: see `mixedKeySql`. */
export function mixedKey(key: number, multiplier: number): number {
  return (((key * multiplier) % KEY_PRIME) * STRIDE) % KEY_PRIME;
}

/** Which units train. */
export interface Split {
  /** Below 2²²: chooses the split. */
  readonly multiplier: number;
  readonly holdout: number;
}

/** Where values of a number are cut. */
export interface Held {
  readonly low: number;
  readonly high: number;
}

/** By feature, and of the label; null where it is no number. */
export interface HeldBounds {
  readonly features: readonly (Held | null)[];
  readonly label: Held | null;
}

/** What data decide about how rows are read; never more than k units do, or none. Source: docs/adr/0051. */
export interface Settled {
  readonly held: HeldBounds;
  /** Rows without a usable label count as the middle of its bounds or its first class; otherwise they are left out. */
  readonly fill: boolean;
}

/** The declared bounds as they are, and rows without a label left out. */
export function asDeclared({ features, label }: Layout): Settled {
  const own = (laid: { readonly kind: string; readonly low?: number; readonly high?: number }): Held | null =>
    laid.low === undefined || laid.high === undefined ? null : { low: laid.low, high: laid.high };
  return { held: { features: features.map(own), label: own(label) }, fill: false };
}

/**
 * The SELECT of a cohort's rows with values as they stand: key, whether it trains, bucket where the source has one, `r0`, `r1`, … and `ry`; rows
 * without a usable label only where they are filled. Source: models-and-audit.md §1.9.
 */
export function valuedRowsSql(source: CohortSource, layout: Layout, split: Split, fill: boolean): string {
  const raw = [
    `${source.key} AS ${KEY}`,
    ...(source.bucket === undefined ? [] : [`${source.bucket} AS ${PLACE}`]),
    ...source.features.map((sql, at) => `CAST(${sql} AS ${layout.features[at]?.kind === 'numeric' ? 'DOUBLE' : 'VARCHAR'}) AS r${at}`),
    ...(source.label === null ? [] : [`CAST(${source.label} AS ${layout.label.kind === 'number' ? 'DOUBLE' : 'VARCHAR'}) AS ry`]),
  ];
  const training = `CAST(${mixedKeySql(split.multiplier)} >= ${Math.round(split.holdout * KEY_PRIME)} AS UTINYINT) AS ${TRAIN}`;
  const usable = fill ? '' : ` AND ${usableSql(layout)}`;
  return `SELECT *, ${training} FROM (SELECT ${raw.join(', ')}${source.from}) WHERE ${KEY} IS NOT NULL${usable}`;
}

function usableSql({ label }: Layout): string {
  if (label.kind === 'none') return 'TRUE';
  return label.kind === 'number' ? 'ry IS NOT NULL' : `${levelSql('ry', label.classes, 'NULL')} IS NOT NULL`;
}

/** How many rows have no usable label. Source: models-and-audit.md M26. */
export function leftOutSql(source: CohortSource, layout: Layout, split: Split): string {
  return `SELECT CAST(count(*) FILTER (NOT (${usableSql(layout)})) AS DOUBLE) FROM (${valuedRowsSql(source, layout, split, true)})`;
}

/** A number of `valuedRowsSql`, cut; a missing one stands in the middle of the declared bounds. Source: models-and-audit.md §1.7. */
export function heldSql(value: string, missing: number, { low, high }: Held): string {
  return `greatest(least(coalesce(${value}, ${missing}), ${high}), ${low})`;
}

/** What a numeric label is where it is missing. */
export const middleOf = ({ low, high }: Held): number => (low + high) / 2;

/**
 * The SELECT that makes encoded rows of a cohort: key, bucket where the source has one, whether it trains, bins, design columns, label. Numbers are cut
 * at their bounds and whole; a missing number stands in the middle, a level that is not declared has a number of its own. Numbers have 15 bits, so that the engine multiplies them as integers.
 *
 * Source: models-and-audit.md §1.7 (centre and scale inside the SELECT), M15; docs/adr/0051.
 */
export function encodedRowsSql(source: CohortSource, layout: Layout, split: Split, settled: Settled = asDeclared(layout)): string {
  const names = source.bucket === undefined ? [KEY] : [KEY, PLACE];
  const cut = [
    ...names,
    TRAIN,
    ...layout.features.map((feature, at) => cutSql(feature, at, settled.held.features[at] ?? null)),
    `${labelSql(layout, settled)} AS ${LABEL}`,
  ];
  const coded = [
    ...names,
    TRAIN,
    `CAST(${LABEL} AS SMALLINT) AS ${LABEL}`,
    ...layout.features.map((feature, at) => `CAST(${binSql(feature, `v${at}`)} AS UTINYINT) AS ${BIN(at)}`),
    ...layout.design.map(({ feature, level }, at) => `CAST(${designSql(layout, feature, level)} AS SMALLINT) AS ${DESIGN(at)}`),
  ];
  // Rows in the order of their keys: sums of whole numbers do not depend on it, texts and samples do.
  return `SELECT ${coded.join(', ')} FROM (SELECT ${cut.join(', ')} FROM (${valuedRowsSql(source, layout, split, settled.fill)})) ORDER BY ${KEY}`;
}

/** Bins of every feature and the label of rows of `valuedRowsSql`. Source: docs/adr/0051. */
export function binnedSql(layout: Layout, settled: Settled): string {
  const bins = layout.features.map((feature, at) => {
    const cut = feature.kind === 'categorical' ? '' : `(${heldSql(`r${at}`, feature.middle, settled.held.features[at] ?? feature)})`;
    return `${feature.kind === 'categorical' ? levelSql(`r${at}`, feature.levels, String(feature.levels.length)) : binSql(feature, cut)} AS ${BIN(at)}`;
  });
  return [...bins, `${labelSql(layout, settled)} AS ${LABEL}`].join(', ');
}

function cutSql(feature: LaidFeature, at: number, held: Held | null): string {
  if (feature.kind === 'categorical') return `${levelSql(`r${at}`, feature.levels, String(feature.levels.length))} AS v${at}`;
  return `${heldSql(`r${at}`, feature.middle, held ?? feature)} AS v${at}`;
}

function levelSql(value: string, levels: readonly string[], otherwise: string): string {
  return `CASE ${value} ${levels.map((text, index) => `WHEN ${quoted(text)} THEN ${index}`).join(' ')} ELSE ${otherwise} END`;
}

function labelSql({ label }: Layout, { held, fill }: Settled): string {
  if (label.kind === 'none') return '0.0';
  if (label.kind === 'classes') return `CAST(${levelSql('ry', label.classes, fill ? '0' : 'NULL')} AS DOUBLE)`;
  const { low, high } = label;
  return `round((${heldSql('ry', middleOf(label), held.label ?? label)} - ${low}) / ${high - low} * ${STEPS})`;
}

function binSql(feature: LaidFeature, value: string): string {
  if (feature.kind === 'categorical') return value;
  return feature.edges.length === 0 ? '0' : feature.edges.map((edge) => `(${value} > ${edge})::INTEGER`).join(' + ');
}

function designSql(layout: Layout, feature: number, level: number | null): string {
  const laid = layout.features[feature];
  if (laid?.kind !== 'numeric') return `(v${feature} = ${level})::INTEGER`;
  return `round(least((v${feature} - ${laid.low}) * ${laid.scale}, 1) * ${STEPS})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
