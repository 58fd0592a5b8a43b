import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { detectInFile, type FilePiece } from '../../instance/file-workbench.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { refusalOf } from '../refusal.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';

/** `detect`: identifiers in a file, without an instance. A line per find, never a value. Source: formats.md, "Commands". */
export function addDetectCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('detect')
    .argument('<file>', 'CSV, JSON or Parquet')
    .description('identifiers in a file, open or disguised: row, column, kind and evidence of each, never a value')
    .action(async (file: string, _options, command: Command) => {
      const global = globalOptions(command);
      const output = makeOutput(environment, global.json === true);
      if (!(await stat(file).catch(() => null))?.isFile()) throw new UsageError(`There is no such file: ${file}`);
      let found = 0;
      const detected = await detectInFile(environment.config, file, (piece) => {
        for (const line of linesOf(piece)) {
          found += 1;
          output.record(
            fieldsOf(line),
            `row ${line.row}  ${line.column}  ${line.kind}  (${line.evidence}${line.disguise === undefined ? '' : `; ${line.disguise}`})`,
          );
        }
      });
      if (!detected.ok) throw new Refused(refusalOf(detected.error, global.language, 'detect', 'files.failed'));
      output.note(`${found} found in ${detected.value} rows`);
    });
}

/** The fields of formats.md and no other; which disguise it was is for people. */
function fieldsOf({ row, column, kind, evidence }: ReturnType<typeof linesOf>[number]) {
  return { row, column, kind, evidence };
}

/** A column that is itself an identifier is told by its place, for its name is a value. */
function linesOf({ names, finds, hidden, outside }: FilePiece) {
  const shown = (column: number): string => (hidden.has(column) ? `#${column + 1}` : (names[column] ?? `#${column + 1}`));
  return [
    ...outside.map(({ kind, evidence, disguise, row }) => ({
      row: 0,
      column: row === 1 ? '(file name)' : '(metadata)',
      kind,
      evidence,
      disguise,
    })),
    ...finds.map(({ kind, evidence, disguise, row, column }) => ({ row, column: shown(column), kind, evidence, disguise })),
  ];
}
