import { join } from 'node:path';
import type { Command } from 'commander';
import { askKit, type KitAnswer } from '../../instance/kit-workbench.ts';
import { writeKit } from '../kit/write-kit.ts';
import { makeOutput } from '../output.ts';
import { readSql } from '../read-sql.ts';
import { type CliEnvironment, globalOptions, withSession } from '../session.ts';
import { refuse } from '../synth/input-files.ts';
import { decidedText } from '../view-text.ts';
import { wholeNumber } from '../whole-number.ts';

interface CheckOptions {
  readonly sql?: string;
  readonly dialect?: string;
  readonly run: boolean;
}

/** `kit`: a folder to develop in, and admission on that folder alone. Source: formats.md, "Commands" (`kit DATASET`). */
export function addKitCommands(program: Command, environment: CliEnvironment): void {
  const kit = program
    .command('kit')
    .argument('<dataset>')
    .option('--out <dir>', 'folder to write; default: DATASET-kit')
    .option('--simulation <id>', 'which set; default: the newest one that is published, else the newest in use, else a new one')
    .option('--rows <n>', 'of a new set', wholeNumber, 1000)
    .option('--seed <s>', 'of a new set', 'kit')
    .description('a folder with simulation data, schema, DuckDB file, a query to start from and the admission check offline')
    .action((dataset: string, options: { readonly out?: string; readonly rows: number; readonly seed: string }, command: Command) =>
      withSession(environment, command, (session) =>
        writeKit(session, environment, { ...options, dataset, folder: options.out ?? `${dataset}-kit` }),
      ),
    );
  kit
    .command('check')
    .argument('<dir>', 'folder that `sluice kit` wrote')
    .option('--sql <file>', 'query, or - for standard input; default: query.sql of the kit')
    .option('--dialect <name>', 'mysql, postgresql or trino, if the query is not written in DuckDB SQL')
    .option('--run', "also answer it on the kit's simulation data", false)
    .description('admission of a query on a kit alone: no server, no instance')
    .action((folder: string, options: CheckOptions, command: Command) => checkKit(environment, command, folder, options));
}

async function checkKit(environment: CliEnvironment, command: Command, folder: string, options: CheckOptions): Promise<void> {
  const global = globalOptions(command);
  const output = makeOutput(environment, global.json === true);
  const sql = await readSql(options.sql ?? join(folder, 'query.sql'), environment);
  const { dialect, run } = options;
  const asked = await askKit(environment, folder, { sql, run, ...(dialect === undefined ? {} : { dialect }) });
  if (!asked.ok) return refuse(asked.error, global, 'kit');
  output.record(shown(asked.value), textOf(asked.value));
}

function shown({ admitted, decided }: KitAnswer): unknown {
  if (decided === null) return { admitted };
  const { verdict, table, withheldRows, findings } = decided;
  return { admitted, verdict, simulation: { table, withheldRows, findings } };
}

function textOf({ admitted, decided }: KitAnswer): string {
  const head = `Admitted.\n${admitted.canonicalSql}`;
  return decided === null ? head : [head, `Verdict on simulation data: ${decided.verdict}`, ...decidedText(decided)].join('\n');
}
