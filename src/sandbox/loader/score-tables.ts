import { type Dataset, type ForeignKey, findColumn, type Table } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { isNaming } from '../../synthetic/fit/model-domain.ts';
import { type FidelityReport, fidelityReport, type ReportOptions } from '../../synthetic/report/fidelity-report.ts';
import { childCounts, keyUniqueness, ksComplement, referentialIntegrity } from '../../synthetic/score/column-metrics.ts';
import { pairTrend } from '../../synthetic/score/pair-metrics.ts';
import { mean, meanTrend, type ScoreOptions, scoreTable, type TableScore } from '../../synthetic/score/score-report.ts';
import type { ScoredColumn } from '../../synthetic/score/scored-table.ts';
import { withoutFew } from '../../synthetic/score/without-few.ts';
import { rowCount, textColumn } from './file-tables.ts';
import { readColumn, readScored, type ScoredPair, type ScoredSource } from './read-scored.ts';
import type { ScoredSide, ScoredSides } from './scored-sides.ts';

/** How one foreign key fares. */
export interface LinkScore {
  readonly child: string;
  readonly parent: string;
  /** Number of children per parent row, as a column shape. */
  readonly cardinality: number;
  /** Share of synthetic references that are found. */
  readonly integrity: number;
  /** Mean pair trend of parent columns with child columns. */
  readonly trends: number | null;
}

export interface DatasetScore {
  readonly tables: readonly TableScore[];
  readonly links: readonly LinkScore[];
  /** Share of synthetic primary keys that name one row each, by table; null for tables without a key. */
  readonly keyUniqueness: readonly (number | null)[];
  readonly columnShapes: number | null;
  /** Mean over all pairs of all tables. */
  readonly pairTrends: number | null;
  readonly reports: readonly FidelityReport[];
  /** Mean of shapes, trends and, with links, cardinality and trends between tables. */
  readonly quality: number | null;
}

/**
 * Scores a dataset whose real and synthetic tables stand on two sides, in declared order. With `least`, what fewer real rows than
 * that say alone counts for nothing. Links of tables of which only a part is there are left out.
 * Source: synthetic-and-masking.md §2, §2.1.
 */
export async function scoreTables(
  sides: ScoredSides,
  dataset: Dataset,
  options: ScoreOptions & { readonly mostCells?: number; readonly report?: ReportOptions; readonly least?: number },
): Promise<DatasetScore> {
  const tables: TableScore[] = [];
  const reports: FidelityReport[] = [];
  for (const [index, table] of dataset.tables.entries()) {
    const read = await readScored({ table, ...sourcesOf(sides, index) }, options.mostCells);
    const scored = options.least === undefined ? read : withoutFew(read, options.least);
    const score = scoreTable(scored, options);
    tables.push(score);
    if (options.report !== undefined) reports.push(await fidelityReport(scored, score, options.report));
  }
  const keys: (number | null)[] = [];
  for (const [index, table] of dataset.tables.entries()) {
    const { session, from } = sourcesOf(sides, index).synthetic;
    const values =
      table.primaryKey.length === 0 ? undefined : await textColumn(session, tuple(table.primaryKey), from, await rowCount(session, from));
    keys.push(values === undefined ? null : keyUniqueness(values));
  }
  const links: LinkScore[] = [];
  for (const [index, table] of dataset.tables.entries()) {
    for (const key of table.foreignKeys) {
      const parent = dataset.tables.findIndex((item) => item.name === key.table);
      const isWhole = [sides.real, sides.synthetic].every((side) => side.isWhole(index) && side.isWhole(parent));
      if (isWhole) links.push(await scoreLink(sides, dataset, table, index, key, options));
    }
  }
  const columnShapes = mean(tables.flatMap((table) => table.columns.map((column) => column.shape)));
  const pairTrends = meanTrend(
    tables.flatMap((table) => table.pairs),
    options,
  );
  const between =
    links.length === 0 ? [] : [mean(links.map((link) => link.cardinality)), mean(links.map((link) => link.trends ?? Number.NaN))];
  const quality = mean([columnShapes, pairTrends, ...between].map((value) => value ?? Number.NaN));
  return { tables, links, keyUniqueness: keys, columnShapes, pairTrends, quality, reports };
}

function sourcesOf(sides: ScoredSides, index: number): Pick<ScoredPair, 'real' | 'synthetic'> {
  const of = ({ session, table }: ScoredSide): ScoredSource => ({ session, from: table(index) });
  return { real: of(sides.real), synthetic: of(sides.synthetic) };
}

async function scoreLink(
  sides: ScoredSides,
  dataset: Dataset,
  child: Table,
  childIndex: number,
  key: ForeignKey,
  options: ScoreOptions,
): Promise<LinkScore> {
  const parentIndex = dataset.tables.findIndex((table) => table.name === key.table);
  const parent = dataset.tables[parentIndex];
  if (parent === undefined) throw new Error('A foreign key to no table');
  const counts: Float64Array[] = [];
  let integrity = 1;
  for (const { session, table } of [sides.real, sides.synthetic]) {
    const keys = await textColumn(session, tuple(key.references), table(parentIndex), await rowCount(session, table(parentIndex)));
    const references = await textColumn(session, tuple(key.columns), table(childIndex), await rowCount(session, table(childIndex)));
    counts.push(childCounts(keys, references));
    const nullable = key.columns.every((column) => findColumn(child, column)?.nullable === true);
    integrity = referentialIntegrity(references, new Set(keys.filter((value) => value !== null)), nullable);
  }
  const [real = new Float64Array(), synthetic = new Float64Array()] = counts;
  const trends = await linkTrends(sides, child, childIndex, parent, parentIndex, key, options);
  return { child: child.name, parent: parent.name, cardinality: ksComplement(real, synthetic), integrity, trends };
}

/** Trends of parent columns with child columns, over child rows joined to their parents. */
async function linkTrends(
  sides: ScoredSides,
  child: Table,
  childIndex: number,
  parent: Table,
  parentIndex: number,
  key: ForeignKey,
  options: ScoreOptions,
): Promise<number | null> {
  const [childColumns, parentColumns] = [child, parent].map((table) => table.columns.filter((column) => !isNaming(table, column)));
  const picked = [
    ...(childColumns ?? []).map((column, index) => `c.${quoteName(column.name)} AS c${index}`),
    ...(parentColumns ?? []).map((column, index) => `p.${quoteName(column.name)} AS p${index}`),
  ];
  if (childColumns?.length === 0 || parentColumns?.length === 0) return null;
  const on = key.columns.map((column, at) => `c.${quoteName(column)} = p.${quoteName(key.references[at] ?? '')}`).join(' AND ');
  const join = async ({ session, table, keepJoined }: ScoredSide): Promise<{ readonly source: ScoredSource; readonly rows: number }> => {
    const from = await keepJoined(`SELECT ${picked.join(', ')} FROM ${table(childIndex)} c JOIN ${table(parentIndex)} p ON ${on}`);
    return { source: { session, from }, rows: await rowCount(session, from) };
  };
  const [real, synthetic] = [await join(sides.real), await join(sides.synthetic)];
  const pair = { real: real.source, synthetic: synthetic.source };
  const read = async (columns: Table['columns'], prefix: string): Promise<readonly ScoredColumn[]> => {
    const found: ScoredColumn[] = [];
    for (const [index, column] of columns.entries())
      found.push(await readColumn(column, `${prefix}${index}`, pair, real.rows, synthetic.rows));
    return found;
  };
  const right = await read(childColumns ?? [], 'c');
  const left = await read(parentColumns ?? [], 'p');
  return meanTrend(
    left.flatMap((column) => right.map((other) => pairTrend(column, other, options))),
    options,
  );
}

function tuple(columns: readonly string[]): string {
  if (columns.length === 1) return quoteName(columns[0] ?? '');
  const whole = columns.map((column) => `${quoteName(column)} IS NOT NULL`).join(' AND ');
  return `CASE WHEN ${whole} THEN to_json([${columns.map(quoteName).join(', ')}])::VARCHAR END`;
}
