import type { ColumnLineage } from '../../../catalog/column-lineage.ts';
import type { DataProfile, Dataset } from '../../../catalog/dataset.ts';
import type { Grant } from '../../../catalog/grant.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { type Stage, seal } from '../../../kernel/stage.ts';
import { type Problem, problem } from '../../../problems/problem.ts';
import type { Expression, FromItem, Position, Query } from '../ast.ts';
import { traceLineage } from '../lineage/trace-lineage.ts';
import type { ProgramStage } from '../model/program.ts';
import type { Parsed } from '../read/parse.ts';
import { compileQuery } from './compile-query.ts';
import { Compilation, type Probe, type Rounding } from './context.ts';
import { holdsAggregate, replaceParts } from './expressions.ts';
import type { Frame } from './frame.ts';
import { innerQueries } from './inner-queries.ts';
import { refuseMaskedColumns } from './masked-columns.ts';
import { stagesNamed } from './names.ts';
import { openStage } from './open-stage.ts';
import { Refused } from './refusal.ts';
import type { OpenColumn } from './rows.ts';

/** A query in normal form: its stages in the order in which they run, the last one being the answer. */
export interface CompiledQuery {
  readonly stages: readonly ProgramStage[];
  /** What is computed above the gates. */
  readonly answer: Query;
  readonly columns: readonly OpenColumn[];
  readonly roundings: readonly Rounding[];
  readonly probes: readonly Probe[];
  /** Base tables as often as they are read, and `table.column`. */
  readonly tables: readonly string[];
  readonly columnsRead: readonly string[];
  /** What each column of the answer derives from, by a reading of its own. */
  readonly lineage: readonly ColumnLineage[];
  /** `table.column` of whatever a name stands for, used or not. */
  readonly columnsNamed: readonly string[];
  /** Names of functions and aggregates as written, lower case. */
  readonly called: readonly string[];
  /** Names that the query gives itself: of columns, tables and inner queries. */
  readonly given: readonly string[];
}

export type Compiled = Stage<'compiled', CompiledQuery>;

const MAX_COLUMNS = 64;
const MAX_NAME = 64;

/**
 * Decides what a query may ask and turns it into gates and a query above them: names, permissions of every use of a
 * column, units, fan-out, arguments as pieces and monomials, predicates as leaves on the grid. Depends on query and
 * catalogue only, never on rows.
 *
 * @returns the query in normal form, or why not: one problem at a time, with its place.
 * Source: gate.md §3.3, §4, §5.
 */
export function compile(parsed: Parsed, dataset: Dataset, grant: Grant, profile: DataProfile): Result<Compiled, readonly Problem[]> {
  const compilation = new Compilation(dataset, grant, profile);
  const frame: Frame = {
    compilation,
    commonTables: new Map(),
    parent: null,
    inner: innerQueries,
    compile: compileQuery,
    depth: 0,
    called: '',
  };
  try {
    for (const name of givenIn(parsed.query))
      if (name.startsWith('__'))
        return err([problem('sql.construct_refused', { construct: `name ${name.slice(0, 20)}`, ...parsed.query.body.at })]);
    refuseMaskedColumns(parsed.query, dataset);
    const relation = compileQuery(parsed.query, frame);
    if (relation.kind === 'unit') return err([rowLevel(parsed.query)]);
    const names = checkNames(relation.columns, parsed.query);
    if (names.length > 0) return err(names);
    compilation.stages.push(openStage('__answer', relation.query, compilation));
    const distinct = <T>(items: readonly T[]): readonly T[] => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
    return ok(
      seal<'compiled', CompiledQuery>({
        stages: totalsFirst(reachable(compilation.stages)),
        answer: relation.query,
        columns: relation.columns,
        roundings: distinct(compilation.roundings),
        probes: distinct(compilation.probes),
        tables: [...compilation.reads.tables].sort(),
        columnsRead: [...compilation.reads.columns].sort(),
        lineage: traceLineage(
          parsed.query,
          dataset,
          grant,
          relation.columns.map((column) => column.name),
        ),
        columnsNamed: [...compilation.reads.resolved].filter((name) => !name.startsWith('__')).sort(),
        called: calledIn(parsed.query),
        given: givenIn(parsed.query),
      }),
    );
  } catch (thrown) {
    if (thrown instanceof Refused) return err([thrown.problem]);
    throw thrown;
  }
}

/** Every name that a query gives: aliases of columns and tables, columns and names of WITH. */
function givenIn(query: Query): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(query, (key, value: unknown) => {
    if ((key === 'alias' || key === 'name') && typeof value === 'string') found.add(value);
    if (key === 'columns' && Array.isArray(value)) for (const item of value) if (typeof item === 'string') found.add(item);
    return value;
  });
  return [...found];
}

/** The stages that the answer rests on, in their order. */
function reachable(stages: readonly ProgramStage[]): readonly ProgramStage[] {
  const wanted = new Set(['__answer']);
  const kept: ProgramStage[] = [];
  for (const stage of [...stages].reverse()) {
    if (!wanted.has(stage.name)) continue;
    kept.unshift(stage);
    for (const name of stagesNamed(JSON.stringify(stage))) wanted.add(name);
  }
  return kept;
}

/** Every function, aggregate, operator and window of a query, inner queries among it. */
function calledIn(query: Query): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(query, (_, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'kind' in value &&
      (value.kind === 'call' || value.kind === 'window') &&
      'name' in value
    )
      found.add(String(value.name));
    return value;
  });
  return [...found].sort();
}

/**
 * Stages in an order in which each comes after those it rests on, and gates with fewer keys before others: where a total
 * and its parts are both asked, it is a part that must go besides a small one. Source: gate.md §7 (snap, top down).
 */
function totalsFirst(stages: readonly ProgramStage[]): readonly ProgramStage[] {
  const keys = (stage: ProgramStage): number => (stage.kind === 'gate' ? stage.gate.keys.length : 0);
  const needs = new Map(stages.map((stage) => [stage.name, stagesNamed(JSON.stringify(stage))]));
  const ordered: ProgramStage[] = [];
  const done = new Set<string>();
  for (let waiting = [...stages]; waiting.length > 0; ) {
    const ready = waiting.filter((stage) => (needs.get(stage.name) ?? []).every((name) => done.has(name)));
    const next = ready.reduce<ProgramStage | undefined>(
      (best, stage) => (best === undefined || keys(stage) < keys(best) ? stage : best),
      undefined,
    );
    if (next === undefined) throw new Error('Stages that wait for one another');
    ordered.push(next);
    done.add(next.name);
    waiting = waiting.filter((stage) => stage !== next);
  }
  return ordered;
}

/** The first column that would be shown row by row; the unit where it is grouped by; the table where none is named. */
function rowLevel(query: Query): Problem {
  const { body } = query;
  if (body.kind !== 'select') return rowLevel(body.left);
  const star = body.items.find((item) => item.expression.kind === 'star');
  if (star !== undefined) return problem('sql.row_level', { name: '*', ...star.expression.at });
  const isGrouped = body.grouping !== null || body.distinct;
  const shown = body.items.filter((item) => !isGrouped || !holdsAggregate(item.expression));
  const [first] = shown.flatMap((item) => columnsIn(item.expression));
  if (first !== undefined)
    return problem('sql.row_level', { name: first.path.join('.'), ...(isGrouped ? { grouped: true } : {}), ...first.at });
  const [table] = tablesIn(body.from);
  return problem('sql.row_level', { name: table?.name ?? '*', ...(table?.at ?? body.at) });
}

function columnsIn(expression: Expression): readonly Extract<Expression, { kind: 'column' }>[] {
  const found: Extract<Expression, { kind: 'column' }>[] = [];
  replaceParts(expression, (part) => {
    if (part.kind === 'column') found.push(part);
    return undefined;
  });
  return found;
}

function tablesIn(from: FromItem | null): readonly { readonly name: string; readonly at: Position }[] {
  if (from === null) return [];
  if (from.kind === 'join') return [...tablesIn(from.left), ...tablesIn(from.right)];
  const name = from.alias !== '' ? from.alias : from.kind === 'table' ? from.table : '';
  return name === '' ? [] : [{ name, at: from.at }];
}

function checkNames(columns: readonly OpenColumn[], query: Query): readonly Problem[] {
  const places = query.body.kind === 'select' ? query.body.items.map((item) => item.expression) : [];
  // Where a star stands for several columns, those behind it have no place of their own.
  const placeOf = (index: number): Position => {
    const star = places.findIndex((item) => item.kind === 'star');
    return (star >= 0 && index > star ? undefined : places[index]?.at) ?? query.body.at;
  };
  const { at } = query.body;
  if (columns.length > MAX_COLUMNS) return [problem('sql.construct_refused', { construct: `more than ${MAX_COLUMNS} columns`, ...at })];
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, { name }] of columns.entries()) {
    const folded = name.toLowerCase();
    if (name.length > MAX_NAME || /\p{Cc}/u.test(name) || folded.startsWith('__'))
      problems.push(problem('sql.construct_refused', { construct: 'column name', ...placeOf(index) }));
    else if (seen.has(folded)) problems.push(problem('sql.name_repeated', { name, ...placeOf(index) }));
    seen.add(folded);
  }
  return problems;
}
