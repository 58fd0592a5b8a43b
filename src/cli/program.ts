import { Command, CommanderError, Option } from 'commander';
import { PRODUCT_VERSION } from '../kernel/product-version.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addDatasetCommands } from './commands/dataset.ts';
import { addDetectCommand } from './commands/detect.ts';
import { addEgressCommands } from './commands/egress.ts';
import { addGrantCommands } from './commands/grant.ts';
import { addJobCommands } from './commands/job.ts';
import { addKeyCommands } from './commands/key.ts';
import { addKitCommands } from './commands/kit.ts';
import { addLedgerCommands } from './commands/ledger.ts';
import { addMaskCommands } from './commands/mask.ts';
import { addMatterCommands } from './commands/matter.ts';
import { addModelCommands } from './commands/model.ts';
import { addProductCommands } from './commands/product.ts';
import { addProfileCommands } from './commands/profile.ts';
import { addReleaseCommands } from './commands/release.ts';
import { addReportCommand } from './commands/report.ts';
import { addReversibilityCommand } from './commands/reversibility.ts';
import { addServeCommand, addWorkerCommand } from './commands/serve.ts';
import { addSimulationCommands } from './commands/simulate.ts';
import { addSynthCommands } from './commands/synth.ts';
import { addWebhookCommands } from './commands/webhook.ts';
import { addWitnessCommand } from './commands/witness.ts';
import { CliFault, EXIT, Refused, UsageError } from './outcome.ts';
import { problemText } from './output.ts';
import type { CliEnvironment } from './session.ts';

/**
 * Runs one command line and gives its exit status: 0 done, 1 refused, 2 usage, 3 fault. Refusals stand on standard
 * output (RFC 9457 with `--json`), usage and faults on standard error. Never ends the process.
 * Source: formats.md, "Commands".
 */
export async function runCli(argv: readonly string[], environment: CliEnvironment): Promise<number> {
  const program = buildProgram(environment);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return exitStatus(error, environment, argv.includes('--json'));
  }
}

/** Every command with its arguments and options. Runs nothing. */
export function buildProgram(environment: CliEnvironment): Command {
  const program = new Command('sluice')
    .description('A privacy-preserving data sandbox: data usable but not visible.')
    .version(PRODUCT_VERSION)
    .option('--json', 'JSON lines on standard output and nothing else there')
    .option('--data <dir>', 'folder of the embedded instance', './sluice-data')
    .option('--server <url>', 'use a server instead; your API key in SLUICE_API_KEY')
    .option('--as <user>', 'who you are in an embedded instance, such as merchant-a')
    .addOption(new Option('--language <language>', 'of problems').choices(['en', 'zh']).default('en'));
  addServeCommand(program, environment);
  addWorkerCommand(program, environment);
  addDatasetCommands(program, environment);
  addSimulationCommands(program, environment);
  addGrantCommands(program, environment);
  addJobCommands(program, environment);
  addEgressCommands(program, environment);
  addReleaseCommands(program, environment);
  addProductCommands(program, environment);
  addLedgerCommands(program, environment);
  addBackupCommands(program, environment);
  addAuditCommands(program, environment);
  addWitnessCommand(program, environment);
  addKeyCommands(program, environment);
  addReportCommand(program, environment);
  addWebhookCommands(program, environment);
  addProfileCommands(program, environment);
  addMatterCommands(program, environment);
  addSynthCommands(program, environment);
  addMaskCommands(program, environment);
  addModelCommands(program, environment);
  addKitCommands(program, environment);
  addDetectCommand(program, environment);
  addReversibilityCommand(program, environment);
  for (const command of withSubcommands(program)) {
    command
      .showHelpAfterError('(--help shows how it is used)')
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void environment.stdout.write(text),
        writeErr: (text) => void environment.stderr.write(text),
      });
  }
  return program;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function exitStatus(error: unknown, environment: CliEnvironment, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof UsageError) {
    environment.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof Refused) {
    if (error.document !== null)
      environment.stdout.write(`${json ? JSON.stringify(error.document) : problemText(error.document.problems)}\n`);
    return error.status;
  }
  // Messages of unknown errors may quote what the engine or the file system said; their class is enough here.
  const text = error instanceof CliFault ? error.message : `Fault (${error instanceof Error ? error.name : typeof error}${codeOf(error)}).`;
  environment.stderr.write(`${text}\n`);
  return EXIT.fault;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z_0-9]{2,40}$/.test(code) ? ` ${code}` : '';
}
