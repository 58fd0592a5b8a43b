import type { Command } from 'commander';
import { checkCommand } from '../model/check-command.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';

/** `model`: what can be said of a model file without an instance. Source: formats.md, "Commands". */
export function addModelCommands(program: Command, environment: CliEnvironment): void {
  const model = program.command('model').description('models');
  model
    .command('check')
    .argument('<file>', 'ONNX file')
    .description('whether a file can be scored here, and the release rules that need nothing but the file')
    .action((file: string, _, command: Command) => checkCommand(environment, globalOptions(command), file));
}
