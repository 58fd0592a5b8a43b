import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { compile } from '../sandbox/sql/compile/compile.ts';
import { grantedTable } from '../sandbox/sql/compile/context.ts';
import { mergedChanges } from '../sandbox/sql/propose/changes.ts';
import { mendedTree } from '../sandbox/sql/propose/mend-tree.ts';
import { printQuery } from '../sandbox/sql/propose/print-query.ts';
import { type Proposal, proposals } from '../sandbox/sql/propose/proposals.ts';
import { type Parsed, parse } from '../sandbox/sql/read/parse.ts';
import type { JobContext } from './job.ts';

/** Rewrites one after the other: each mends one refused part. */
const MAX_STEPS = 4;
/** Compilations for one refusal, and texts that go through the whole of admission. */
const MAX_COMPILED = 48;
const MAX_ADMITTED = 3;

/**
 * The nearest query to a refused one that passes admission, as a problem to stand behind the refusal's own; none where
 * nothing near passes. Depends on query and catalogue only, never on data: a proposal tells nothing of rows.
 *
 * @param tree    the engine's tree of the refused text.
 * @param refused why it is refused; only the first problem is mended, then whatever is refused next.
 * @param admits  the whole of admission of a text, both readers included: what the merchant's own text goes through.
 * Source: gate.md §3 (a refusal says how to rewrite).
 */
export async function nearestTo(
  sql: string,
  tree: string,
  refused: readonly Problem[],
  context: JobContext,
  admits: (sql: string) => Promise<boolean>,
): Promise<readonly Problem[]> {
  const [first] = refused;
  const start = first === undefined ? undefined : readAgain(sql, tree, first);
  if (first === undefined || start === undefined) return [];
  for (const { query, changes } of compiling(start, context)) {
    const text = printQuery(query);
    if (await admits(text)) return [problem('sql.nearest', { sql: text, changes: mergedChanges(changes, text) })];
  }
  return [];
}

interface Start {
  readonly parsed: Parsed;
  readonly changes: readonly string[];
}

/** The refused query, without the construct that kept it from being read if that can be left out. */
function readAgain(sql: string, tree: string, refused: Problem): Start | undefined {
  const parsed = parse(sql, tree);
  if (parsed.ok) return { parsed: parsed.value, changes: [] };
  const mended = mendedTree(tree, refused);
  const read = mended === undefined ? undefined : parse(sql, mended.tree);
  return mended !== undefined && read?.ok === true ? { parsed: read.value, changes: mended.changes } : undefined;
}

/** Proposals that compile, at most a few: nearest first, each refusal on the way mended in turn. */
function compiling({ parsed, changes }: Start, { dataset, grant, version }: JobContext): readonly Proposal[] {
  const tables = dataset.tables.flatMap((table) => grantedTable(dataset, grant, table.name) ?? []);
  const found: Proposal[] = [];
  const seen = new Set<string>();
  /** Compiles a candidate that was not seen before. */
  const tried = ({ query }: Proposal): Result<void, Problem> | undefined => {
    const name = JSON.stringify(query);
    if (seen.has(name) || seen.size >= MAX_COMPILED || found.length >= MAX_ADMITTED) return undefined;
    seen.add(name);
    const compiled = compile({ ...parsed, query }, dataset, grant, version.profile);
    const [why] = compiled.ok ? [] : compiled.error;
    return why === undefined ? ok(undefined) : err(why);
  };
  const mend = (before: Proposal, steps: number): void => {
    const result = tried(before);
    if (result?.ok === true) found.push(before);
    if (result === undefined || result.ok || steps === 0) return;
    for (const item of proposals(before.query, result.error, tables))
      mend({ query: item.query, changes: [...before.changes, ...item.changes] }, steps - 1);
  };
  mend({ query: parsed.query, changes }, MAX_STEPS);
  return found;
}
