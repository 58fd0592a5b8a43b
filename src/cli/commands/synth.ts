import type { Command } from 'commander';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { fitCommand } from '../synth/fit-command.ts';
import { generateCommand } from '../synth/generate-command.ts';
import { recogniseCommand } from '../synth/recognise-command.ts';
import { sampleCommand } from '../synth/sample-command.ts';
import { scoreCommand } from '../synth/score-command.ts';
import { wholeNumber } from '../whole-number.ts';
import { positive } from './fit.ts';

/** `synth`: simulation data over files, without an instance. Source: formats.md, "Commands". */
export function addSynthCommands(program: Command, environment: CliEnvironment): void {
  const synth = program.command('synth').description('simulation data over files, without an instance');
  synth
    .command('generate')
    .requiredOption('--schema <file>', 'dataset declaration')
    .option('--rows <n>', 'rows of the largest table', wholeNumber)
    .option('--seed <s>', 'the same seed gives the same bytes')
    .option('--query <file>', 'SQL whose constants and ranges some rows satisfy')
    .option('--realistic', 'identifiers of regions that exist, which may be those of real people; logged in the manifest', false)
    .option('--check', 'make the files of the manifest in the folder again and compare', false)
    .requiredOption('--out <dir>', 'folder for the tables, manifest.json and declaration.json')
    .description('simulation data from the declaration alone (L0)')
    .action((options, command: Command) => generateCommand(environment, globalOptions(command), options));
  synth
    .command('fit')
    .requiredOption('--schema <file>', 'dataset declaration; columns with a domain or bounds are modelled')
    .requiredOption('--epsilon <number>', 'privacy budget', positive)
    .option('--delta <number>', 'probability that the budget does not hold', positive, 1e-9)
    .option('--target <column>', 'label that models will learn: every marginal is conditioned on it')
    .option('--unit <name>', 'whose privacy is kept; default: the first unit type declared, else each row')
    .option('--bins <n>', 'most cells of a column', wholeNumber)
    .option('--independent', 'one-way marginals only', false)
    .option('--sign <file>', 'Ed25519 private key (PEM) that signs the model')
    .requiredOption('--out <file>', 'model (JSON) to write')
    .description('fit a model under differential privacy to --data FILE: CSV or Parquet, or the folder of several tables')
    .action((options, command: Command) => {
      // `--data` is an option of the whole program, so it never reaches a command of its own.
      if (command.getOptionValueSourceWithGlobals('data') !== 'cli') throw new UsageError('Name the data to fit with --data FILE');
      const global = globalOptions(command);
      return fitCommand(environment, global, { ...options, data: global.data });
    });
  synth
    .command('sample')
    .requiredOption('--artefact <file>', 'model that `synth fit` wrote')
    .requiredOption('--rows <n>', 'rows of its first table', wholeNumber)
    .requiredOption('--seed <s>', 'the same seed gives the same rows')
    .option('--verify <file>', 'Ed25519 public key (PEM) that must have signed the model')
    .requiredOption('--out <file>', 'CSV to write; with several tables a folder')
    .description('draw rows from a model, as many as you like')
    .action((options, command: Command) => sampleCommand(environment, globalOptions(command), options));
  synth
    .command('recognise')
    .argument('<file>', 'text of any form, UTF-8: a leaked table, a mail, a log')
    .requiredOption('--seed <s...>', 'seeds of the sets that it may come from')
    .description('whether identifiers in a file carry the watermark of a simulation set')
    .action((file: string, { seed }: { readonly seed: readonly string[] }, command: Command) =>
      recogniseCommand(environment, globalOptions(command), file, seed),
    );
  synth
    .command('score')
    .requiredOption('--real <file>', 'real rows: CSV or Parquet; with several tables the folder of their declared files')
    .requiredOption('--synthetic <file>', 'simulated rows, the same')
    .requiredOption('--schema <file>', 'dataset declaration')
    .option('--bins <n>', 'most cells of a column', wholeNumber)
    .option('--compat', "each side's own bins for pairs, as SDMetrics' reports do", false)
    .option('--strong-pairs', 'leave weak pairs out of the mean, as SDMetrics does since 0.27', false)
    .option('--report <file>', 'also write a page with pictures (HTML)')
    .option('--target <column>', 'train on simulated rows, test on real ones')
    .option('--audit <epsilon>', 'play the membership game against the fit with this budget', positive)
    .description('how close simulated rows are to real ones')
    .action((options, command: Command) => scoreCommand(environment, globalOptions(command), options));
}
