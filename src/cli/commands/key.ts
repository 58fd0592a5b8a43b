import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ACTOR_ROLES, type ActorRole } from '../../identity/actor.ts';
import { problemDocument } from '../../problems/problem.ts';
import { query } from '../api-client.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, type GlobalOptions, globalOptions, withInstance, withSession } from '../session.ts';
import { settled } from '../typed-client.ts';
import { wholeNumber } from '../whole-number.ts';
import { addKeyRotationCommands } from './key-rotation.ts';

/**
 * Who may use the instance: people by who sits at its machine (whoever may read its data folder), keys by who holds them.
 */
export function addKeyCommands(program: Command, environment: CliEnvironment): void {
  const principal = program.command('principal').description('who may use the instance');
  addCertificate(principal, environment);
  addInvitation(program, environment);
  principal
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
  const key = program.command('key').description('API keys');
  addKeyOverApi(key, environment);
  addKeyRotationCommands(key, environment);
  key
    .command('issue')
    .argument('<principal>')
    .description('the first key of somebody who has none; it is shown once (at the machine of the instance only)')
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

/** Accounts of people and certificates of programs, by who sits at the machine of the instance. */
function addInvitation(program: Command, environment: CliEnvironment): void {
  program
    .command('account')
    .description('built-in accounts')
    .command('invite')
    .argument('<principal>')
    .description('a token that makes the account of somebody registered, or makes it anew (at the machine of the instance only)')
    .action(async (principal: string, _options: unknown, command: Command) => {
      const global = localOptions(command);
      await withInstance(environment, global, async ({ accounts }) => {
        const invited = await accounts.invite(principal);
        if (!invited.ok) throw new Refused(problemDocument(invited.error, global.language));
        const { token, expiresAt } = invited.value;
        const text = `Invitation of ${principal}, good once until ${expiresAt}, shown this once:\n${token}`;
        makeOutput(environment, global.json === true).record(invited.value, text);
      });
    });
}

function addCertificate(principal: Command, environment: CliEnvironment): void {
  principal
    .command('certificate')
    .argument('<id>')
    .requiredOption('--file <pem>', 'the client certificate')
    .description('let a client certificate stand for somebody (at the machine of the instance only)')
    .action(async (id: string, options: { readonly file: string }, command: Command) => {
      const global = localOptions(command);
      const fingerprint = keyDigestOf(await readFile(options.file));
      if (fingerprint === null) throw new UsageError('--file must hold a certificate as PEM or DER');
      await withInstance(environment, global, async ({ accounts }) => {
        const added = await accounts.addCertificate({ principal: id, fingerprint });
        if (!added.ok) throw new Refused(problemDocument(added.error, global.language));
        makeOutput(environment, global.json === true).record({ principal: id, fingerprint }, `The certificate stands for ${id}.`);
      });
    });
}

function keyDigestOf(bytes: Buffer): string | null {
  try {
    return createHash('sha256')
      .update(new X509Certificate(bytes).publicKey.export({ format: 'der', type: 'spki' }))
      .digest('hex');
  } catch {
    return null;
  }
}

interface Issued {
  readonly id: string;
  readonly key: string;
  readonly principal: string;
  readonly expiresAt: string;
}

const issuedText = ({ id, key, principal, expiresAt }: Issued): string =>
  `API key ${id} of ${principal}, valid until ${expiresAt}, shown this once:\n${key}`;

/** Keys by who holds them, over the API. */
function addKeyOverApi(key: Command, environment: CliEnvironment): void {
  key
    .command('create')
    .option('--for <principal>', 'a merchant (operators only); default: yourself')
    .requiredOption('--label <text>', 'what you call it')
    .option('--scope <scope...>', 'actions such as job.read, or nouns such as job; default: as far as your roles')
    .option('--days <n>', 'how long it lives', wholeNumber)
    .description('make an API key; it is shown once')
    .action(async (options: CreateOptions, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const { for: principal, label, scope, days } = options;
        const body = { principal, label, days, ...(scope === undefined ? {} : { scopes: [...scope] }) };
        const issued = await settled(api.POST('/v1/keys', { body }));
        output.record(issued, issuedText(issued));
      }),
    );
  key
    .command('list')
    .option('--for <principal>', 'a merchant (operators only); default: yourself')
    .description('API keys with their last use; never the keys themselves')
    .action(async (options: { readonly for?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        for (const item of await client.list(`/v1/keys${query({ principal: options.for })}`)) {
          const { id, state, label, expiresAt, lastUsedAt, scopes } = item;
          const limits = scopes === undefined ? 'all that the roles permit' : scopes.join(' ');
          output.record(item, `${id}  ${state}  until ${expiresAt}  last used ${lastUsedAt ?? 'never'}  ${limits}  ${label}`);
        }
      }),
    );
  key
    .command('rotate')
    .argument('<id>')
    .option('--overlap-hours <n>', 'how long the old one goes on; 0 ends it at once', wholeNumber, 24)
    .description('put a new key in the place of one; it is shown once')
    .action(async (id: string, options: { readonly overlapHours: number }, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const body = { overlapHours: options.overlapHours };
        const issued = await settled(api.POST('/v1/keys/{id}/rotation', { params: { path: { id } }, body }));
        output.record(issued, issuedText(issued));
      }),
    );
  key
    .command('revoke')
    .argument('<id>')
    .description('end a key at once and for good')
    .action(async (id: string, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const revoked = await settled(api.POST('/v1/keys/{id}/revocation', { params: { path: { id } } }));
        output.record(revoked, `Revoked ${revoked.id}.`);
      }),
    );
}

interface CreateOptions {
  readonly for?: string;
  readonly label: string;
  readonly scope?: readonly string[];
  readonly days?: number;
}

function isRole(text: string): text is ActorRole {
  return (ACTOR_ROLES as readonly string[]).includes(text);
}

function localOptions(command: Command): GlobalOptions {
  const options = globalOptions(command);
  if (options.server !== undefined) throw new UsageError('This command works at the machine of the instance only: leave out --server');
  return options;
}
