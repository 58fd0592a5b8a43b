import { createHash } from 'node:crypto';
import type { LineageSource } from '../../catalog/column-lineage.ts';
import type { Column, Dataset, Label, Table } from '../../catalog/dataset.ts';
import type { Grant } from '../../catalog/grant.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Admission, type JobContext, type PipelinePorts, prepareQuery } from '../../pipeline.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import {
  calledTables,
  namesWord,
  qualifiers,
  type ScoreCall,
  scoreCalls,
  scoreWords,
  withColumn,
} from '../../sandbox/models/score/score-call.ts';
import type { Scorer } from '../../sandbox/models/score/scorer.ts';
import type { GateProgram } from '../../sandbox/sql/model/program.ts';

/** A query over scores that may run: the query itself, and the rows and values that the scores are of. */
export interface ScoredQuery {
  readonly sql: string;
  readonly context: JobContext;
  readonly admission: Admission;
  readonly table: string;
  /** The column that the scores stand in. */
  readonly column: string;
  /** Program of the values that the model is given: keys and averages. */
  readonly program: GateProgram;
  readonly places: readonly ValuePlace[];
}

/** Where a slot's value stands in the program: a key or an average, by its number. */
export interface ValuePlace {
  readonly isKey: boolean;
  readonly at: number;
}

/** Strictest last. */
const LABELS: readonly Label[] = ['none', 'personal', 'sensitivePersonal', 'tradeSecret', 'workSecret', 'stateSecret'];
const MOST_SLOTS = 64;

/**
 * Decides whether a model may be asked about rows of a table, and its scores in a query: what it is given as a query of the gate (grant, roles,
 * masking), then the merchant's query over the table with one column more. The column's name holds digests of model and values, so that the
 * artefact of the query is that of the model too. Touches no data. Source: issue "Models" (scores as a derived protected column); ADR 0030.
 */
export async function admitScoredQuery(
  sql: string,
  digest: string,
  scorer: Pick<Scorer, 'slots'>,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<ScoredQuery, readonly Problem[]>> {
  const asked = askedOf(sql, scorer);
  if (!asked.ok) return asked;
  const { calls, texts, isUnnamed } = asked.value;
  const found = await findTable(sql, texts, scorer, context, ports);
  // Names that only the model wrote would be looked for in a query that has none of them.
  if (!found.ok && isUnnamed && found.error.some(({ code }) => code === 'sql.column_unknown'))
    return err([callProblem('inputs_are_no_columns', scorer.slots)]);
  if (!found.ok) return found;
  const { table, alias, program, places, columns } = found.value;
  const column = `score_${createHash('sha256')
    .update(JSON.stringify([digest, table.name, texts]))
    .digest('hex')
    .slice(0, 16)}`;
  const scored = withScore(context, table, column, columns);
  const text = withColumn(sql, calls, `${alias === null ? '' : `${quoteName(alias)}.`}${quoteName(column)}`);
  const prepared = await prepareQuery(text, scored, ports);
  if (!prepared.ok) return err(prepared.error.problems);
  const { admitted, rewritten } = prepared.value;
  const own = `${table.name}.${column}`;
  // Lineage: who reads the score reads what it was made of.
  const behind = columns.map(({ name }) => `${table.name}.${name}`);
  const read = [...new Set([...admitted.columns.filter((name) => name !== own), ...behind])];
  const lineage = admitted.lineage?.map((item) => ({ ...item, sources: item.sources.flatMap((source) => madeOf(source, own, behind)) }));
  const admission: Admission = {
    admitted: { ...admitted, columns: read.sort(), ...(lineage === undefined ? {} : { lineage }) },
    rewritten,
  };
  return ok({ sql: text, context: scored, admission, table: table.name, column, program, places });
}

/** The columns that a score was made of in place of the score, used as it is. What it was cut to says nothing of them. */
function madeOf(source: LineageSource, score: string, behind: readonly string[]): readonly LineageSource[] {
  return source.column === score ? behind.map((column) => ({ column, how: source.how })) : [source];
}

function callProblem(what: string, slots: Scorer['slots']): Problem {
  return problem('model.score_call', {
    what,
    values: slots.length,
    takes: slots.slice(0, MOST_SLOTS).map(({ isText }) => (isText ? 'text' : 'number')),
  });
}

interface Asked {
  readonly calls: readonly ScoreCall[];
  readonly texts: readonly string[];
  /** Whether the model's inputs stand for values that the query does not name. */
  readonly isUnnamed: boolean;
}

function askedOf(sql: string, { slots }: Pick<Scorer, 'slots'>): Result<Asked, readonly Problem[]> {
  const calls = scoreCalls(sql);
  const [first] = calls;
  const refused = (what: string) => err([callProblem(what, slots)]);
  if (slots.length === 0 || slots.length > MOST_SLOTS) return refused('slots');
  if (first === undefined) {
    const words = scoreWords(sql);
    if (words.length === 0) return refused('no_score');
    const names = slots.map(({ name }) => name);
    if (new Set(names).size !== names.length) return refused('unnamed_inputs');
    return ok({ calls: words, texts: names.map(quoteName), isUnnamed: true });
  }
  if (first.arguments.length !== slots.length) return refused('number_of_values');
  const isSame = calls.every((call) => JSON.stringify(call.arguments) === JSON.stringify(first.arguments));
  return isSame ? ok({ calls, texts: first.arguments, isUnnamed: false }) : refused('different_values');
}

interface Found {
  readonly table: Table;
  readonly alias: string | null;
  readonly program: GateProgram;
  readonly places: readonly ValuePlace[];
  readonly columns: readonly Column[];
}

async function findTable(
  sql: string,
  texts: readonly string[],
  scorer: Pick<Scorer, 'slots'>,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<Found, readonly Problem[]>> {
  const [alias = null, ...others] = qualifiers(texts);
  const refused = (what: string) => err([callProblem(what, scorer.slots)]);
  if (others.length > 0) return refused('several_tables');
  const named = context.dataset.tables.filter(({ name, visibility }) => visibility === 'protected' && namesWord(sql, name));
  const called = alias === null ? [] : calledTables(sql, alias).map((name) => name.toLowerCase());
  const fitting = named.filter(
    ({ name }) => alias === null || name.toLowerCase() === alias.toLowerCase() || called.includes(name.toLowerCase()),
  );
  let problems: readonly Problem[] = [];
  const found: Found[] = [];
  for (const table of fitting) {
    const one = await admitValues(table, alias, texts, scorer, context, ports);
    if (one.ok) found.push(one.value);
    else problems = one.error;
  }
  const [first, ...more] = found;
  if (first === undefined) return problems.length > 0 ? err(problems) : refused('no_table');
  return more.length > 0 ? refused('several_tables') : ok(first);
}

/** The values as a query of the gate: categories as keys, numbers as averages. It is admitted, never run. */
async function admitValues(
  table: Table,
  alias: string | null,
  texts: readonly string[],
  { slots }: Pick<Scorer, 'slots'>,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<Found, readonly Problem[]>> {
  // A number is no text: its position in a list would be a value that nobody wrote.
  if (texts.some((text, slot) => slots[slot]?.isText !== true && /^(VARCHAR|DATE|TIMESTAMP)/.test(bareColumn(table, text)?.type ?? '')))
    return err([callProblem('text_for_number', slots)]);
  const asKey = texts.map((text, slot) => slots[slot]?.isText === true || isCategory(bareColumn(table, text)));
  const keys = [...new Set(texts.filter((_, slot) => asKey[slot]))];
  const figures = [...new Set(texts.filter((_, slot) => !asKey[slot]))];
  const places = texts.map((text, slot) => ({ isKey: asKey[slot] === true, at: (asKey[slot] ? keys : figures).indexOf(text) }));
  const selected = [
    ...keys.map((key, at) => `${key} AS k${at}`),
    'count(*) AS n',
    ...figures.map((figure, at) => `avg(${figure}) AS a${at}`),
  ];
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, at) => at + 1).join(', ')}`;
  const from = `${quoteName(table.name)}${alias === null ? '' : ` AS ${quoteName(alias)}`}`;
  const prepared = await prepareQuery(`SELECT ${selected.join(', ')} FROM ${from}${grouping}`, context, ports);
  if (!prepared.ok) return err(prepared.error.problems);
  const gates = prepared.value.rewritten.stages.flatMap((stage) => (stage.kind === 'gate' ? [stage.gate] : []));
  const program = gates.length === 1 ? gates[0] : undefined;
  const averages = program?.outputs.slice(1) ?? [];
  const isPlain =
    program !== undefined &&
    program.keys.length === keys.length &&
    averages.length === figures.length &&
    averages.every(({ functional }) => functional.kind === 'avg') &&
    program.units.length > 0 &&
    program.units.every(({ touching }) => touching === null);
  if (!isPlain) return err([callProblem('values', slots)]);
  const read = new Set(prepared.value.admitted.columns);
  const columns = table.columns.filter(({ name }) => read.has(`${table.name}.${name}`));
  // A masked column may be shown to nobody, and a score shows it.
  if (columns.some(({ masking }) => masking !== undefined)) return err([callProblem('masked_column', slots)]);
  return ok({ table, alias, program, places, columns });
}

function bareColumn(table: Table, text: string): Column | undefined {
  const name = text.split('.').at(-1)?.replaceAll('"', '').toLowerCase();
  return /^[\w".]+$/.test(text) ? table.columns.find((column) => column.name.toLowerCase() === name) : undefined;
}

const isCategory = (column: Column | undefined): boolean => column?.role === 'dimension' || column?.type === 'BOOLEAN';

/** The context with one column more: a measure with the strictest label of what it is made of. */
function withScore(context: JobContext, table: Table, name: string, columns: readonly Column[]): JobContext {
  const label = LABELS[Math.max(0, ...columns.map((column) => LABELS.indexOf(column.label)))] ?? 'stateSecret';
  const score: Column = {
    name,
    type: 'DOUBLE',
    label,
    role: 'measure',
    nullable: true,
    publicDomain: false,
    factFamily: `${table.name}.${name}`,
  };
  const tables = context.dataset.tables.map((item) => (item.name === table.name ? { ...item, columns: [...item.columns, score] } : item));
  const dataset: Dataset = { ...context.dataset, tables };
  const granted = context.grant.tables[table.name];
  const grant: Grant = {
    ...context.grant,
    tables: granted === undefined || granted === '*' ? context.grant.tables : { ...context.grant.tables, [table.name]: [...granted, name] },
  };
  return { ...context, dataset, grant };
}
