import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AnonymiseCommandOptions, anonymiseCommand } from '../mask/anonymise-command.ts';
import { type ApplyCommandOptions, applyCommand } from '../mask/apply-command.ts';
import { type RiskCommandOptions, riskCommand } from '../mask/risk-command.ts';
import { closenessWish, diversityWish, presenceWish } from '../mask/wishes.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';
import { addMaskDatasetCommands } from './mask-dataset.ts';
import { addMaskExternalCommands } from './mask-external.ts';
import { addMaskPolicyCommands } from './mask-policy.ts';

/** `mask` and `risk`: masking and re-identification risk over files, without an instance. Source: formats.md, "Commands". */
export function addMaskCommands(program: Command, environment: CliEnvironment): void {
  const mask = program.command('mask').description('masking over files without an instance, and policies of an instance');
  addMaskPolicyCommands(mask, environment);
  addMaskDatasetCommands(mask, environment);
  addMaskExternalCommands(mask, environment);
  mask
    .command('apply')
    .requiredOption('--policy <file>', 'masking policy (JSON): an operator for every column')
    .requiredOption('--in <file>', 'CSV to mask')
    .requiredOption('--out <file>', 'CSV to write')
    .option('--key <file>', 'master key of 32 bytes or more; default: one that is thrown away')
    .description('mask the columns of a file')
    .action((options: ApplyCommandOptions, command: Command) => applyCommand(environment, globalOptions(command), options));
  mask
    .command('anonymize')
    .requiredOption('--schema <file>', 'declaration; columns of role quasiId are generalised')
    .requiredOption('--k <n>', 'units that every released row shares its looks with', wholeNumber)
    .option('--l <wish>', 'l-diversity: 3:COLUMN, entropy-3:COLUMN, recursive-C-L:COLUMN', collect(diversityWish), [])
    .option('--t <wish>', 't-closeness: 0.2:COLUMN, ordered-0.2:COLUMN, hierarchical-0.2:COLUMN', collect(closenessWish), [])
    .option('--suppress <share>', 'share of rows that may be taken out', share, 0)
    .option('--hierarchies <dir>', 'folder of hierarchy files COLUMN.csv')
    .option('--keep <column>', 'pass this column on as it is; somebody answers for it', collect(String), [])
    .option('--presence <least,most>', 'δ-presence: how likely anybody of --population-data may be in the file', presenceWish)
    .option('--population-data <file>', 'everybody who might be in the file, a row each')
    .option('--threshold <share>', 'risk above which a row counts as at risk', share, 0.2)
    .addOption(new Option('--algorithm <name>', 'global recoding, or cuts at medians').choices(['lattice', 'mondrian']).default('lattice'))
    .requiredOption('--in <file>', 'CSV or Parquet to read')
    .requiredOption('--out <file>', 'CSV to write')
    .description('make a masked dataset: k-anonymity, l-diversity, t-closeness')
    .action((options: AnonymiseCommandOptions, command: Command) => anonymiseCommand(environment, globalOptions(command), options));
  program
    .command('risk')
    .description('re-identification risk over files, without an instance')
    .command('report')
    .requiredOption('--schema <file>', 'declaration; risk is measured on columns of role quasiId')
    .requiredOption('--in <file>', 'CSV or Parquet to read')
    .option('--population <n>', 'units in the population; default: those of the file, which is the careful reading', wholeNumber)
    .option('--population-data <file>', 'the population itself, for the risk from journalists and marketers')
    .option('--weight <column>', 'sampling weights, for individual risk')
    .option('--suda', 'count special uniques (SUDA2)', false)
    .option('--threshold <share>', 'risk above which a row counts as at risk', share, 0.2)
    .option('--accepted <share>', 'highest risk that grade 3 accepts; default: what the profile says, else 0.05', share)
    .option('--profile <city>', 'city whose profile says which risk is accepted')
    .option('--report <file>', 'also write a page with pictures and plain words (HTML)')
    .option('--sign <file>', 'Ed25519 private key (PEM) that signs the report')
    .description('how easily people are found in a file')
    .action((options: RiskCommandOptions, command: Command) => riskCommand(environment, globalOptions(command), options));
}

function collect<T>(read: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => [...before, read(text)];
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('must be a share, 0 to 1');
  return value;
}
