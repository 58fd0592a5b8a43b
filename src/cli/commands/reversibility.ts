import type { Command } from 'commander';
import { protectedColumns } from '../../egress/reversibility/protected-columns.ts';
import { type ReversibilityReport, type TestedColumn, testReversibility } from '../../egress/reversibility/test-reversibility.ts';
import { withTables } from '../../instance/file-workbench.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { FileSchema } from '../../synthetic/file-schema.ts';
import { Refused } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { refusalOf } from '../refusal.ts';
import { type CliEnvironment, type GlobalOptions, globalOptions } from '../session.ts';
import { readSchema, readText, tableFiles } from '../synth/input-files.ts';

interface ReversibilityOptions {
  readonly original: string;
  readonly released: string;
  readonly schema: string;
  readonly earlier: readonly string[];
}

/** Rows that are read; the engine itself spreads its work over fewer. */
const MOST_ROWS = 200_000;
/** Units below which a group is a few. Source: requirement U6. */
const FEW = 10;

/** `reversibility`: whether an original can be restored from what is released, over files. Source: formats.md, "Commands". */
export function addReversibilityCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('reversibility')
    .requiredOption('--original <file>', 'original rows: CSV, JSON or Parquet')
    .requiredOption('--released <file>', 'what is released of them')
    .requiredOption('--schema <file>', 'dataset declaration of the original; columns labelled none need no protection')
    .option(
      '--earlier <file>',
      'a table that was released before; may be given again',
      (file: string, list: readonly string[]) => [...list, file],
      [],
    )
    .description('whether the original can be restored: what was tried on which column, with which result; never a value')
    .action(async (options: ReversibilityOptions, command: Command) => {
      const global = globalOptions(command);
      const report = await testFiles(environment, options, global);
      if (!report.ok) throw new Refused(refusalOf(report.error, global.language, 'reversibility', 'files.failed'));
      makeOutput(environment, global.json === true).record(report.value, textOf(report.value));
    });
}

async function testFiles(
  environment: CliEnvironment,
  options: ReversibilityOptions,
  global: GlobalOptions,
): Promise<Result<ReversibilityReport, readonly Problem[]>> {
  const schema = await readSchema(options.schema, global);
  const labelled = labelledColumns(await readText(options.schema, 'The schema'));
  const [originalPath = ''] = [...(await tableFiles(schema, options.original)).values()];
  return withTables(environment.config, [originalPath, options.released, ...options.earlier], async (tables) => {
    const [original = [], released = [], ...earlier] = await Promise.all(tables.map(columnsOf));
    const missing = missingColumns(schema, original);
    if (missing.length > 0) return err([problem('files.columns_missing', { file: shownName(options.original), missing })]);
    for (const [columns, path] of [
      [original, options.original],
      [released, options.released],
    ] as const) {
      if ((columns[0]?.cells.length ?? 0) === 0) return err([problem('files.empty', { file: shownName(path) })]);
    }
    const [table] = schema.dataset.tables;
    if (table === undefined) throw new Error('A schema without a table');
    const header = (name: string): string => schema.headers[table.name]?.[name] ?? name;
    const wanted = protectedColumns(table, original, header, (name) => labelled.has(name));
    return ok(testReversibility({ protectedColumns: wanted, original, released, earlier, k: FEW }));
  });
}

async function columnsOf(table: {
  readonly names: readonly string[];
  readonly rows: number;
  read(from: number, to: number): Promise<readonly (readonly (string | null)[])[]>;
}): Promise<readonly TestedColumn[]> {
  const cells = await table.read(0, Math.min(MOST_ROWS, table.rows));
  return table.names.map((name, at) => ({ name, cells: cells[at] ?? [] }));
}

function shownName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

function missingColumns({ dataset, headers }: FileSchema, original: readonly TestedColumn[]): readonly string[] {
  return dataset.tables.flatMap((table) =>
    table.columns
      .map((column) => headers[table.name]?.[column.name] ?? column.name)
      .filter((name) => !original.some((item) => item.name === name)),
  );
}

/** Columns whose label is written down, by their name in the file: a reader of schemas fills in the others. */
function labelledColumns(text: string): ReadonlySet<string> {
  const labelled = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'object' && inner !== null && 'label' in inner) labelled.add(name);
      visit(inner);
    }
  };
  visit(JSON.parse(text));
  return labelled;
}

function textOf({ verdict, findings }: ReversibilityReport): string {
  const told = findings.filter((finding) => finding.result !== 'notFound');
  const lines = told.map(
    ({ column, original, test, result, value }) => `  ${column} → ${original ?? '*'}: ${test}, ${result} (${Number(value.toPrecision(4))})`,
  );
  return [`verdict: ${verdict}`, ...lines, `${findings.length} tests, ${told.length} with a result (--json shows all)`].join('\n');
}
