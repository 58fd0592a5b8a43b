import type { Command } from 'commander';
import { readBackupKey } from '../../instance/backup-key.ts';
import { problemDocument } from '../../problems/problem.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions, withInstance } from '../session.ts';

interface Options {
  readonly backup: string;
  readonly backupKey: string;
}

const COMMANDS = [
  {
    name: 'rotate-master',
    purpose: 'master',
    description: 'put a new master key in use, after a backup; what was sealed still opens (at the machine, no server running)',
    done: (rewrapped: number) => `A new master key is in use; ${rewrapped} sealed results and models were closed under it.`,
  },
  {
    name: 'rotate-signing',
    purpose: 'release',
    description:
      'put a new key in use that signs releases, after a backup; older packages still verify (at the machine, no server running)',
    done: () => 'A new key signs releases. Hand out release-public-key.pem again: it holds the earlier keys too.',
  },
] as const;

/** `key rotate-master`, `key rotate-signing`: a backup first, then the key. Source: tracker issue 5 (rotation); ADR 0033. */
export function addKeyRotationCommands(key: Command, environment: CliEnvironment): void {
  for (const { name, purpose, description, done } of COMMANDS) {
    key
      .command(name)
      .requiredOption('--backup <folder>', 'where the backup goes that is made first')
      .requiredOption('--backup-key <file>', 'backup key, made with "backup new-key"')
      .description(description)
      .action(async (options: Options, command: Command) => {
        const global = globalOptions(command);
        if (global.server !== undefined) throw new UsageError('This command works at the machine of the instance only: leave out --server');
        const secret = await readBackupKey(options.backupKey).catch(() => null);
        if (secret === null)
          throw new UsageError('--backup-key is no backup key that only you can read; make one with "sluice backup new-key"');
        await withInstance(environment, global, async (instance) => {
          const made = await instance.backup(secret, [options.backup]);
          const turned = await instance.turnKey(purpose);
          if (!turned.ok) throw new Refused(problemDocument(turned.error, global.language));
          const record = { ...turned.value, backup: made.files };
          makeOutput(environment, global.json === true).record(record, `${done(turned.value.rewrapped)} Backup: ${made.files.join(', ')}`);
        });
      });
  }
}
