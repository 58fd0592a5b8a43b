import { type LaidFeature, type Layout, STEPS } from '../spec/layout.ts';

/** SQL of a cohort's rows: where they come from, and each value as the gate admitted it. */
export interface CohortSource {
  /** ` FROM … WHERE …`. */
  readonly from: string;
  /** Keyed hash of the unit, 1 … 2³¹ − 2. */
  readonly key: string;
  /** By feature. */
  readonly features: readonly string[];
  readonly label: string | null;
}

/** Names of the columns of an encoded row. */
export const KEY = 'h';
export const TRAIN = 's';
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

/**
 * The SELECT that makes encoded rows of a cohort: key, whether it trains, bins, design columns, label. Numbers are cut at their bounds and whole;
 * a missing number stands in the middle, a level that is not declared has a number of its own. Numbers have 15 bits, so that the engine multiplies them as integers. Rows without a label are left out.
 *
 * @param multiplier  below 2²²: chooses the split.
 * Source: models-and-audit.md §1.7 (centre and scale inside the SELECT), M15.
 */
export function encodedRowsSql(
  source: CohortSource,
  layout: Layout,
  split: { readonly multiplier: number; readonly holdout: number },
): string {
  const raw = [
    `${source.key} AS ${KEY}`,
    ...source.features.map((sql, at) => `CAST(${sql} AS ${layout.features[at]?.kind === 'numeric' ? 'DOUBLE' : 'VARCHAR'}) AS r${at}`),
    ...(source.label === null ? [] : [`CAST(${source.label} AS ${layout.label.kind === 'number' ? 'DOUBLE' : 'VARCHAR'}) AS ry`]),
  ];
  const cut = [
    KEY,
    `CAST(${mixedKeySql(split.multiplier)} >= ${Math.round(split.holdout * KEY_PRIME)} AS UTINYINT) AS ${TRAIN}`,
    ...layout.features.map((feature, at) => cutSql(feature, at)),
    `${labelSql(layout)} AS ${LABEL}`,
  ];
  const coded = [
    KEY,
    TRAIN,
    `CAST(${LABEL} AS SMALLINT) AS ${LABEL}`,
    ...layout.features.map((feature, at) => `CAST(${binSql(feature, `v${at}`)} AS UTINYINT) AS ${BIN(at)}`),
    ...layout.design.map(({ feature, level }, at) => `CAST(${designSql(layout, feature, level)} AS SMALLINT) AS ${DESIGN(at)}`),
  ];
  // Rows in the order of their keys: sums of whole numbers do not depend on it, texts and samples do.
  return `SELECT ${coded.join(', ')} FROM (SELECT ${cut.join(', ')} FROM (SELECT ${raw.join(', ')}${source.from})) WHERE ${LABEL} IS NOT NULL AND ${KEY} IS NOT NULL ORDER BY ${KEY}`;
}

function cutSql(feature: LaidFeature, at: number): string {
  if (feature.kind === 'categorical') return `${levelSql(`r${at}`, feature.levels, String(feature.levels.length))} AS v${at}`;
  const { low, high, middle } = feature;
  return `greatest(least(coalesce(r${at}, ${middle}), ${high}), ${low}) AS v${at}`;
}

function levelSql(value: string, levels: readonly string[], otherwise: string): string {
  return `CASE ${value} ${levels.map((text, index) => `WHEN ${quoted(text)} THEN ${index}`).join(' ')} ELSE ${otherwise} END`;
}

function labelSql({ label }: Layout): string {
  if (label.kind === 'none') return '0.0';
  if (label.kind === 'classes') return `CAST(${levelSql('ry', label.classes, 'NULL')} AS DOUBLE)`;
  const { low, high } = label;
  return `round((greatest(least(ry, ${high}), ${low}) - ${low}) / ${high - low} * ${STEPS})`;
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
