import type { Command } from 'commander';
import { UsageError } from '../outcome.ts';

/** Commands that formats.md promises for later versions, so that nobody takes their absence for a typing mistake. */
const NOT_YET = ['witness', 'profile', 'backup', 'restore', 'kit', 'mask', 'risk', 'model'] as const;

export function addCommandsNotYet(program: Command, audit: Command): void {
  for (const name of NOT_YET) addNotYet(program, name, name);
  for (const name of ['trace', 'export']) addNotYet(audit, name, `audit ${name}`);
}

function addNotYet(parent: Command, name: string, shown: string): void {
  parent
    .command(name, { hidden: true })
    .argument('[anything...]')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageError(`"${shown}" is not in this version; see CHANGELOG.md for what is`);
    });
}
