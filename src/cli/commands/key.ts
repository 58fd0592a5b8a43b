import type { Command } from 'commander';
import { ACTOR_ROLES, type ActorRole } from '../../identity/actor.ts';
import { problemDocument } from '../../problems/problem.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, type GlobalOptions, globalOptions, withInstance } from '../session.ts';

/**
 * Administration by who sits at the machine of the instance: whoever may read its data folder. No network form yet.
 */
export function addKeyCommands(program: Command, environment: CliEnvironment): void {
  program
    .command('principal')
    .description('who may use the instance')
    .command('add')
    .argument('<id>')
    .requiredOption('--organisation <name>')
    .requiredOption('--role <role...>', ACTOR_ROLES.join(', '))
    .description('register a person or program (at the machine of the instance only)')
    .action(async (id: string, options: { readonly organisation: string; readonly role: readonly string[] }, command: Command) => {
      const roles = options.role.map((role) => {
        if (!isRole(role)) throw new UsageError(`--role must be one of ${ACTOR_ROLES.join(', ')}`);
        return role;
      });
      const global = localOptions(command);
      await withInstance(environment, global, async ({ identity }) => {
        const added = await identity.register(null, { id, organisation: options.organisation, roles });
        if (!added.ok) throw new Refused(problemDocument(added.error, global.language));
        makeOutput(environment, global.json === true).record(added.value, `Registered ${id}. Next: sluice key issue ${id}`);
      });
    });
  program
    .command('key')
    .description('API keys')
    .command('issue')
    .argument('<principal>')
    .description('make an API key; it is shown once (at the machine of the instance only)')
    .action(async (principal: string, _options, command: Command) => {
      const global = localOptions(command);
      await withInstance(environment, global, async ({ identity }) => {
        const issued = await identity.issueKey(null, principal);
        if (!issued.ok) throw new Refused(problemDocument(issued.error, global.language));
        const text = `API key of ${principal}, shown this once:\n${issued.value.key}\nUse it as SLUICE_API_KEY, or as "Authorization: Bearer …".`;
        makeOutput(environment, global.json === true).record(issued.value, text);
      });
    });
}

function isRole(text: string): text is ActorRole {
  return (ACTOR_ROLES as readonly string[]).includes(text);
}

function localOptions(command: Command): GlobalOptions {
  const options = globalOptions(command);
  if (options.server !== undefined) throw new UsageError('This command works at the machine of the instance only: leave out --server');
  return options;
}
