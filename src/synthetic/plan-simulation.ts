import { catalogDigest } from '../catalog/canonical-dataset.ts';
import type { Dataset } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { filledRows } from './child-fill.ts';
import { compositeProblems } from './composite-unique.ts';
import { ROW, type Sql } from './draw.ts';
import type { IdentifierStyle } from './identifier-sql.ts';
import { type Parent, planKeys } from './key-stage.ts';
import type { ColumnWish } from './query-wishes.ts';
import { rowCounts } from './row-counts.ts';
import { selectRows } from './row-stage.ts';
import { simulationDeclaration, simulationFile } from './simulation-declaration.ts';
import { columnStream, type GivenRows, givenTable, linkTable, type TableContext, tableContext } from './table-context.ts';
import { readTableLinks } from './table-links.ts';
import { watermarkStream } from './watermark.ts';

/** Changes with every change of what a seed gives. */
export const GENERATOR = 'sluice-l0/5';
export const SIMULATION_LABEL = 'SIMULATED-L0';
/** With rows that a model has drawn. */
const SAMPLED_LABEL = 'SIMULATED-L1';
export const MOST_ROWS = 100_000_000;
const LONGEST_SEED = 200;

export interface SimulationTable {
  readonly table: string;
  readonly rows: number;
  /** Relative to the folder of the simulation. */
  readonly file: string;
  /** One SELECT: columns in declared order, rows in the order of the primary key. */
  readonly select: Sql;
}

/** All that is needed to make a simulation, as data. Holds nothing of any real row. */
export interface SimulationPlan {
  readonly label: typeof SIMULATION_LABEL | typeof SAMPLED_LABEL;
  readonly generator: string;
  readonly dataset: string;
  readonly seed: string;
  readonly mode: 'safe' | 'realistic';
  /** Rows asked for. */
  readonly rows: number;
  readonly wishes: Readonly<Record<string, ColumnWish>>;
  /** SHA-256 of the dataset's canonical declaration. */
  readonly catalogDigest: string;
  /** DuckDB statements to run in this order in an empty database, before the SELECTs of `tables`. */
  readonly statements: readonly Sql[];
  readonly tables: readonly SimulationTable[];
  /** Files with rows that a model has drawn, to be read into `target` before anything else. */
  readonly given: readonly {
    readonly target: string;
    readonly file: string;
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  }[];
  /** Declaration of the files, for the ordinary loader. */
  readonly declaration: Readonly<Record<string, unknown>>;
  /** Tables with standing filters that the generator cannot read: the loader may take rows out. */
  readonly unreadFilters: readonly { readonly table: string; readonly filters: number }[];
}

export interface SimulationOptions {
  readonly seed: string;
  /** Rows of the largest table; the others follow their declared hints in proportion (`rowCounts`). */
  readonly rows: number;
  /** Default `safe`: identifiers that can belong to nobody. `realistic` ones may be somebody's, and the caller logs it. */
  readonly mode?: 'safe' | 'realistic';
  /** What queries compare columns with (`readQueryWishes`): some rows satisfy it. */
  readonly wishes?: ReadonlyMap<string, ColumnWish>;
  /** Names that columns have in the files, by table, where SQL could not take them (`readFileSchema`). */
  readonly headers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Tables with rows that a model has drawn; they stand in the session as `givenTable` says. */
  readonly given?: ReadonlyMap<string, GivenRows>;
}

/**
 * Plans simulation data (L0) of a dataset from its declaration alone. The same seed gives the same bytes whatever the
 * order, the number of threads or the machine; every value depends only on seed, table, column and row. Primary keys
 * are unique, foreign keys resolve, identifiers have right check digits and can belong to nobody. Does not resemble the
 * statistics of real data, and never looks at any.
 * Source: synthetic-and-masking.md §3; requirements GZ-7a, GZ-20b, GZ-21a.
 */
export function planSimulation(dataset: Dataset, options: SimulationOptions): Result<SimulationPlan, readonly Problem[]> {
  const problems: Problem[] = [...optionProblems(options)];
  const links = readTableLinks(dataset);
  problems.push(...links.problems);
  const counts = rowCounts(dataset, links.links, options.rows);
  const style: IdentifierStyle = { mode: options.mode ?? 'safe', mark: watermarkStream(options.seed) };
  const contexts = new Map<string, TableContext>();
  for (const [index, table] of dataset.tables.entries()) {
    const given = options.given?.get(table.name);
    const made = tableContext(table, index, {
      seed: options.seed,
      rows: given?.rows ?? counts.get(table.name) ?? 1,
      links: links.links.get(table.name) ?? [],
      style,
      wishes: options.wishes ?? new Map(),
      ...(given === undefined ? {} : { given }),
    });
    problems.push(...made.problems, ...(made.problems.length > 0 ? [] : compositeProblems(made.context)));
    contexts.set(table.name, made.context);
  }
  if (problems.length > 0) return err(problems);
  const parents = new Map<string, Parent>();
  const statements: Sql[] = [];
  for (const table of links.order) {
    const context = contextOf(contexts, table.name);
    const keys = planKeys(context, parents);
    parents.set(table.name, { index: context.index, rows: keys.rows });
    contexts.set(table.name, { ...context, rows: keys.rows });
    statements.push(...keys.statements);
  }
  // Every key exists by now, also those of tables that stand behind in the order.
  for (const context of contexts.values()) statements.push(...linkStatements(context, parents));
  const tables = dataset.tables.map((table) => {
    const context = contextOf(contexts, table.name);
    return {
      table: table.name,
      rows: context.rows,
      file: simulationFile(table.name),
      select: renamed(selectRows(context, parents), options.headers?.[table.name]),
    };
  });
  const unreadFilters = [...contexts.values()].flatMap((context) =>
    context.unreadFilters.length === 0 ? [] : [{ table: context.table.name, filters: context.unreadFilters.length }],
  );
  return ok({
    label: options.given === undefined ? SIMULATION_LABEL : SAMPLED_LABEL,
    generator: GENERATOR,
    dataset: dataset.name,
    seed: options.seed,
    mode: style.mode,
    rows: options.rows,
    wishes: Object.fromEntries(options.wishes ?? []),
    catalogDigest: catalogDigest(dataset),
    statements,
    given: [...contexts.values()].flatMap(givenFile),
    tables,
    declaration: simulationDeclaration(dataset),
    unreadFilters,
  });
}

function optionProblems(options: SimulationOptions): readonly Problem[] {
  const problems: Problem[] = [];
  if (!Number.isInteger(options.rows) || options.rows < 1 || options.rows > MOST_ROWS)
    problems.push(problem('simulation.rows', { least: 1, most: MOST_ROWS }));
  if (options.seed.length < 1 || options.seed.length > LONGEST_SEED) problems.push(problem('simulation.seed', { most: LONGEST_SEED }));
  return problems;
}

/** The same rows under the names of the file. */
function renamed(rows: Sql, headers: Readonly<Record<string, string>> = {}): Sql {
  const names = Object.entries(headers).map(([name, header]) => `${quoteName(name)} AS ${quoteName(header)}`);
  return names.length === 0 ? rows : `SELECT * RENAME (${names.join(', ')}) FROM (${rows})`;
}

/** Name of the file with a table's given rows. Source: Own design: ADR 0016. */
export function givenFileName(table: string): string {
  return `given-${table}.csv`;
}

function givenFile({ table, index, given }: TableContext): SimulationPlan['given'] {
  if (given === undefined) return [];
  const columns = given.columns.map((name) => ({ name, type: table.columns.find((column) => column.name === name)?.type ?? 'VARCHAR' }));
  const parents = given.links.map((_, at) => ({ name: `__parent_${at}`, type: 'BIGINT' }));
  return [{ target: givenTable(index), file: givenFileName(table.name), columns: [{ name: ROW, type: 'BIGINT' }, ...columns, ...parents] }];
}

/** One table per link with a declared cardinality: which parent each row belongs to. */
function linkStatements(context: TableContext, parents: ReadonlyMap<string, Parent>): readonly Sql[] {
  return context.links.flatMap((link, index) => {
    if (link.cardinality === undefined) return [];
    const size = Math.max(1, parents.get(link.target)?.rows ?? 1);
    const { min, max } = link.cardinality;
    const least = Math.min(min, Math.floor(context.rows / size));
    const most = Math.max(max, Math.ceil(context.rows / size));
    const filled = filledRows(columnStream(context, link.columns.join(), 'count'), size, context.rows, { least, most });
    return [`CREATE TABLE ${linkTable(context.index, index)} AS ${filled}`];
  });
}

function contextOf(contexts: ReadonlyMap<string, TableContext>, name: string): TableContext {
  const context = contexts.get(name);
  if (context === undefined) throw new Error('A table without a context');
  return context;
}
