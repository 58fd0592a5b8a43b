import type { Command } from 'commander';
import { makeBackupKey, readBackupKey } from '../../instance/backup-key.ts';
import { restoreInstance } from '../../instance/restore.ts';
import { problemDocument } from '../../problems/problem.ts';
import { CliFault, Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, type GlobalOptions, globalOptions, withInstance } from '../session.ts';

/** `backup`, `restore`, `ledger reconcile`: for who sits at the machine of the instance. Source: formats.md, "Commands"; ADR 0024. */
export function addBackupCommands(program: Command, environment: CliEnvironment): void {
  const backup = program
    .command('backup')
    .option('--out <folder>', 'where the file goes')
    .option('--second <folder>', 'a second copy, on another disk or machine')
    .option('--key <file>', 'backup key, made with "backup new-key"; keep it apart from the backups')
    .description('everything the instance is, in one encrypted file')
    .action((options: BackupOptions, command: Command) => runBackup(environment, options, command));
  backup
    .command('new-key')
    .argument('<file>', 'new file, readable by you alone')
    .description('make a backup key')
    .action(async (path: string, _options: unknown, command: Command) => {
      await makeBackupKey(path, environment.rng).catch(() => {
        throw new UsageError(`${path} cannot be made; name a file that is not there yet`);
      });
      const text = `Backup key in ${path}. Without it no backup can be read; keep copies of it apart from the backups.`;
      makeOutput(environment, globalOptions(command).json === true).record({ key: path }, text);
    });
  program
    .command('restore')
    .argument('<file>', 'a backup')
    .requiredOption('--key <file>', 'the key it was made with')
    .description('make the instance of --data (empty, or not there yet) from a backup; its ledgers stay shut until "ledger reconcile"')
    .action((file: string, options: { readonly key: string }, command: Command) => runRestore(environment, file, options, command));
  program.commands
    .find((command) => command.name() === 'ledger')
    ?.command('reconcile')
    .requiredOption('--tiles <folder>', '"audit" folder of the instance that was lost, or its newest copy')
    .option('--witnessed <file...>', 'checkpoints that witnesses kept')
    .requiredOption('--reason <text>', 'why these files are the newest there are')
    .description('after a restore: open the ledgers of datasets of which no release was forgotten')
    .action((options: ReconcileOptions, command: Command) => runReconcile(environment, options, command));
}

interface BackupOptions {
  readonly out?: string;
  readonly second?: string;
  readonly key?: string;
}

interface ReconcileOptions {
  readonly tiles: string;
  readonly witnessed?: readonly string[];
  readonly reason: string;
}

async function runBackup(environment: CliEnvironment, options: BackupOptions, command: Command): Promise<void> {
  const { out, second } = options;
  if (out === undefined || options.key === undefined) throw new UsageError('Say where: sluice backup --out FOLDER --key FILE');
  const key = await keyOf(options.key);
  const global = localOptions(command);
  await withInstance(environment, global, async (instance) => {
    const made = await instance.backup(key, second === undefined ? [out] : [out, second]);
    const text = `Backed up ${made.size} log entries and what belongs to them, ${made.bytes} bytes:\n${made.files.join('\n')}`;
    makeOutput(environment, global.json === true).record(made, text);
  });
}

async function runRestore(environment: CliEnvironment, file: string, options: { readonly key: string }, command: Command): Promise<void> {
  const key = await keyOf(options.key);
  const global = localOptions(command);
  const { config, clock, rng } = environment;
  const databaseUrl = config.databaseUrl?.reveal();
  const restored = await restoreInstance({ file, dir: global.data, key, databaseUrl, clock, rng }).catch((fault: unknown) => {
    throw new CliFault(`Nothing was restored. ${fault instanceof Error ? fault.message : 'The backup cannot be read'}.`);
  });
  const next = 'Its ledgers are shut. Next: sluice ledger reconcile --tiles FOLDER --reason TEXT';
  const text = `Restored ${global.data} as it was at ${restored.at}, with ${restored.size} log entries.\n${next}`;
  makeOutput(environment, global.json === true).record(restored, text);
}

async function runReconcile(environment: CliEnvironment, options: ReconcileOptions, command: Command): Promise<void> {
  const global = localOptions(command);
  await withInstance(environment, global, async (instance) => {
    const { tiles, witnessed = [], reason } = options;
    const found = await instance.reconcileLedger({ tiles, witnessedFiles: witnessed, reason });
    if (!found.ok) throw new Refused(problemDocument(found.error, global.language));
    const { shut, forgotten, from, size } = found.value;
    const rest =
      shut.length === 0
        ? 'Nothing was forgotten: all ledgers are open.'
        : `${forgotten.length} jobs over real data are in none of the records; these datasets stay shut: ${shut.join(', ')}.`;
    makeOutput(environment, global.json === true).record(found.value, `Read entries ${from + 1} to ${size} of the log. ${rest}`);
  });
}

async function keyOf(path: string): Promise<Uint8Array> {
  const key = await readBackupKey(path).catch(() => null);
  if (key === null)
    throw new UsageError(`${path} is no backup key that only you can read (mode 0600); make one with "sluice backup new-key"`);
  return key;
}

function localOptions(command: Command): GlobalOptions {
  const options = globalOptions(command);
  if (options.server !== undefined) throw new UsageError('This command works at the machine of the instance only: leave out --server');
  return options;
}
