import { type Command, Option } from 'commander';
import { checkCommand } from '../model/check-command.ts';
import { type ScoreOptions, scoreCommand } from '../model/score-command.ts';
import { listCommand, showCommand, trainCommand } from '../model/train-command.ts';
import { readSql } from '../read-sql.ts';
import { type CliEnvironment, globalOptions, withSession } from '../session.ts';

/** `model`: models learnt from specifications, and what can be said of a model file without an instance. Source: formats.md, "Commands". */
export function addModelCommands(program: Command, environment: CliEnvironment): void {
  const model = program.command('model').description('models');
  model
    .command('train')
    .requiredOption('--spec <file>', 'specification (JSON)')
    .addOption(new Option('--target <target>', 'simulation data first, then real').choices(['sim', 'real']).makeOptionMandatory())
    .option('--out <folder>', 'write the files of a model of simulation data there')
    .option('--no-wait', 'return at once')
    .description('learn a model inside the enclave and check whether it may leave')
    .action(
      (
        options: { readonly spec: string; readonly target: 'sim' | 'real'; readonly wait: boolean; readonly out?: string },
        command: Command,
      ) => withSession(environment, command, (session) => trainCommand(session, options)),
    );
  model
    .command('score')
    .addOption(new Option('--onnx <file>', 'the model').conflicts('wasm'))
    .option('--wasm <file>', 'or code: a WebAssembly module that exports score')
    .requiredOption('--sql <file>', 'query over score(…), or - for standard input')
    .option('--dataset <dataset>', 'needed where you may see several')
    .addOption(new Option('--target <target>', 'simulation data first, then real').choices(['sim', 'real']).default('sim'))
    .option('--no-wait', 'return at once')
    .description('ask a query about the scores of a model; scores stay inside')
    .action((options: ScoreOptions, command: Command) =>
      withSession(environment, command, async (session) => scoreCommand(session, options, await readSql(options.sql, environment))),
    );
  model
    .command('show')
    .argument('<id>')
    .option('--out <folder>', 'write the files of a model of simulation data there')
    .option('--page <file>', 'write the report with its pictures there, as one HTML page')
    .description('state and release check of a model')
    .action((id: string, options: { readonly out?: string; readonly page?: string }, command: Command) =>
      withSession(environment, command, (session) => showCommand(session, id, options)),
    );
  model
    .command('list')
    .option('--dataset <dataset>')
    .description('models you may see')
    .action(({ dataset }: { readonly dataset?: string }, command: Command) =>
      withSession(environment, command, (session) => listCommand(session, dataset)),
    );
  model
    .command('check')
    .argument('<file>', 'ONNX file')
    .description('whether a file can be scored here, and the release rules that need nothing but the file')
    .action((file: string, _, command: Command) => checkCommand(environment, globalOptions(command), file));
}
