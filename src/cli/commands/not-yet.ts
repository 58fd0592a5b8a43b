import type { Command } from 'commander';
import { UsageError } from '../outcome.ts';

/** Commands that formats.md promises, each as its words; `addCommandsNotYet` keeps those that are not there yet. */
const PROMISED = ['model score'] as const;

/** Says of every promised command that is not there that it comes later, so that nobody takes its absence for a typing mistake. */
export function addCommandsNotYet(program: Command): void {
  for (const words of PROMISED) {
    const [noun = '', verb] = words.split(' ');
    const present = program.commands.find((command) => command.name() === noun);
    if (verb === undefined && present === undefined) addNotYet(program, noun, words);
    if (verb !== undefined && present !== undefined && !present.commands.some((command) => command.name() === verb)) {
      addNotYet(present, verb, words);
    }
  }
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
