import { quoteName, quoteText, type RealData, type Row } from '../real-data.ts';
import { asTrees, parseNode, printNode, type Tree, tablesOf } from './syntax.ts';
import { overTagged } from './tagged-tables.ts';
import { withTies } from './ties.ts';

/** A table of values with the engine's types. */
export interface TypedTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
}

/** A statement's stages and its outermost query, apart. */
export interface StagedQuery {
  /** Texts of the stages between the gates: `__s1` and what it gives. */
  readonly inner: ReadonlyMap<string, string>;
  /** The outermost query, over the stages as tables. */
  readonly outer: string;
  /** Tables that the outermost query and the inner stages read. */
  readonly reads: ReadonlySet<string>;
}

/** Reads WITH of a canonical text; null where it has no stages: then it is a gate itself, or reads no protected table. */
export async function readStages(canonicalSql: string, data: RealData): Promise<StagedQuery | null> {
  const node = await parseNode(canonicalSql, data);
  const entries = asTrees((node.cte_map as Tree | undefined)?.map);
  const isStage = (entry: Tree): boolean => /^__[gs]\d+$/.test(String(entry.key));
  if (!entries.some(isStage)) return null;
  const inner = new Map<string, string>();
  const outer: Tree = { ...node, cte_map: { map: entries.filter((entry) => !isStage(entry)) } };
  const reads = new Set(tablesOf(outer));
  for (const entry of entries) {
    if (!/^__s\d+$/.test(String(entry.key))) continue;
    const own = ((entry.value as Tree).query as Tree).node as Tree;
    for (const table of tablesOf(own)) reads.add(table);
    inner.set(String(entry.key), await printNode(withTies(own), data));
  }
  return { inner, outer: await printNode(withTies(outer), data), reads };
}

/** Makes what every gate released a table of the schema `stages`, then runs the stages between them. */
export async function makeStages(
  staged: StagedQuery | null,
  gates: readonly ({ readonly name: string } & TypedTable)[],
  data: RealData,
): Promise<void> {
  await data.run('DROP SCHEMA IF EXISTS stages CASCADE');
  await data.run('CREATE SCHEMA stages');
  for (const gate of gates) {
    if (gate.columns.length === 0) continue;
    const columns = gate.columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ');
    await data.run(`CREATE TABLE stages.${quoteName(gate.name)} (${columns})`);
    for (let first = 0; first < gate.rows.length; first += 500) {
      const rows = gate.rows
        .slice(first, first + 500)
        .map((row) => `(${row.map((value, index) => literal(value, gate.columns[index]?.type ?? 'VARCHAR')).join(', ')})`);
      await data.run(`INSERT INTO stages.${quoteName(gate.name)} VALUES ${rows.join(', ')}`);
    }
  }
  await data.run(`SET search_path = 'stages,main'`);
  try {
    for (const [name, sql] of staged?.inner ?? []) await data.run(`CREATE TABLE stages.${quoteName(name)} AS ${sql}`);
  } finally {
    await data.run(`SET search_path = 'main'`);
  }
}

function literal(value: Row[number], type: string): string {
  return value === null ? 'NULL' : `CAST(${quoteText(String(value))} AS ${type})`;
}

/** Marks of earlier stages in a text: one value `(__s1)`, or the list `IN (__s1)`. */
const MARK = /(\bIN\s*)?\(\s*"?(__[gs]\d+)"?\s*\)/g;

/**
 * The texts that a gate's text may stand for. A mark names a stage but not its column, nor whether a value that the merchant
 * computed was rounded to the grid: every reading is given, the plain one first. Source: gate.md §5.
 */
export async function readingsOf(sql: string, data: RealData): Promise<readonly string[]> {
  let readings: readonly string[] = [
    sql.replace(MARK, (all, isIn: string | undefined, stage: string) => (isIn === undefined ? all : `${isIn}(SELECT * FROM ${stage})`)),
  ];
  const scalars = new Set([...sql.matchAll(MARK)].flatMap(([, isIn, stage = '']) => (isIn === undefined ? [stage] : [])));
  for (const stage of scalars) {
    const [row = []] = await overTagged(data, () => data.rows(`SELECT * FROM ${quoteName(stage)}`));
    const values = row.flatMap((value) =>
      typeof value === 'number' ? [String(value), ...neighbours(value)] : [value === null ? 'NULL' : quoteText(String(value))],
    );
    readings = readings.flatMap((text) =>
      (row.length === 0 ? ['NULL'] : values).map((value) =>
        text.replace(MARK, (all, isIn, name) => (isIn === undefined && name === stage ? value : all)),
      ),
    );
  }
  return readings.slice(0, 32);
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The points of the grid beside a number. Source: gate.md §5 (rounded to a grid). */
function neighbours(value: number): readonly string[] {
  if (value === 0) return [];
  const size = Math.abs(value);
  const power = 10 ** Math.floor(Math.log10(size));
  const points = STEPS.map((step) => Number((step * power).toPrecision(6)));
  const below = points.filter((point) => point <= size).at(-1) ?? size;
  const above = points.find((point) => point >= size) ?? size;
  return [...new Set([below, above, Math.round(size)])].map((point) => String(Math.sign(value) * point));
}
