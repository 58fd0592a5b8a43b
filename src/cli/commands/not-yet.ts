import type { Command } from 'commander';
import { UsageError } from '../outcome.ts';

/** Commands that formats.md promises for later versions, so that nobody takes their absence for a typing mistake. */
const NOT_YET = ['profile', 'backup', 'restore', 'detect', 'reversibility', 'kit', 'mask', 'risk', 'model'] as const;

export function addCommandsNotYet(program: Command): void {
  for (const name of NOT_YET) addNotYet(program, name);
}

function addNotYet(parent: Command, name: string): void {
  parent
    .command(name, { hidden: true })
    .argument('[anything...]')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageError(`"${name}" is not in this version; see CHANGELOG.md for what is`);
    });
}
