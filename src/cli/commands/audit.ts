import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exitCodeOf } from '../../audit/log-fault.ts';
import { readTrust } from '../../audit/log-trust.ts';
import { type TileVerification, verifyLogFolder } from '../../instance/log-folder.ts';
import type { AuditVerification } from '../../operations/operations.ts';
import { query } from '../api-client.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions, withSession } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';
import { entriesText } from './audit-entries.ts';
import { addAuditKeeping } from './audit-keeping.ts';
import { addAuditReading } from './audit-reading.ts';

/** Public keys of the log, for who verifies without an instance. */
const TRUST_FILE = 'audit-trust';

interface VerifyOptions {
  readonly tiles?: string;
  readonly trust?: string;
  readonly witnessed?: string;
}

export function addAuditCommands(program: Command, environment: CliEnvironment): void {
  const audit = program.command('audit').description('the log: a Merkle tree that anybody can verify');
  audit
    .command('verify')
    .option('--tiles <dir>', 'verify the files of a log alone, without store or instance')
    .option('--trust <file>', `keys of the log and of its witnesses; default for --tiles: ${TRUST_FILE} beside the folder`)
    .option('--witnessed <file>', 'a checkpoint that a witness kept; the log must continue it')
    .description(
      'status 0 right, 10 changed, 11 other root, 12 cut off, 13 fork, 14 signature, 15 gap or time, 16 outcome missing, 2 could not run',
    )
    .action((options: VerifyOptions, command: Command) => verify(environment, options, command));
  audit
    .command('list')
    .option('--after <seq>', 'entries after this number', wholeNumber, 0)
    .option('--limit <n>', 'at most 1000', wholeNumber, 100)
    .description('entries of the log')
    .action((options: { readonly after: number; readonly limit: number }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const entries = await client.list(`/v1/audit/entries${query({ after: options.after, limit: options.limit })}`);
        if (output.json) for (const entry of entries) output.record(entry, '');
        else output.record(null, entriesText(entries));
      }),
    );
  addAuditReading(audit, environment);
  addAuditKeeping(audit, environment);
}

async function verify(environment: CliEnvironment, options: VerifyOptions, command: Command): Promise<void> {
  const witnessed =
    options.witnessed === undefined ? undefined : await readOr(options.witnessed, 'The witnessed checkpoint cannot be read');
  if (options.tiles !== undefined) {
    const trustFile = options.trust ?? join(options.tiles, '..', TRUST_FILE);
    const trust = readTrust(await readOr(trustFile, 'The keys cannot be read; name them with --trust FILE'));
    if (trust === null) throw new UsageError(`${trustFile} names no keys of a log, or a line of it does not read`);
    const now = environment.clock.now();
    const found = await verifyLogFolder(options.tiles, trust, { witnessed: witnessed === undefined ? [] : [witnessed], now }).catch(() => {
      throw new UsageError(`There is no readable log in ${options.tiles}`);
    });
    return tell(makeOutput(environment, globalOptions(command).json === true), found);
  }
  await withSession(environment, command, async ({ client, output }) => {
    const note = witnessed === undefined ? undefined : Buffer.from(witnessed, 'utf8').toString('base64url');
    const found = await client.get(`/v1/audit/verification${note === undefined ? '' : query({ witnessed: note })}`);
    tell(output, found);
  });
}

function tell(output: ReturnType<typeof makeOutput>, found: AuditVerification | TileVerification): void {
  output.record(found, verificationText(found));
  if (!found.verified) throw new Refused(null, exitCodeOf(found.faults)); // the verification itself has said everything
}

async function readOr(path: string, fault: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${fault}: ${path}`);
  });
}

function verificationText(found: AuditVerification | TileVerification): string {
  if (found.verified) return `The audit log is whole: ${found.entries} entries, checkpoint at ${found.checkpoint?.size ?? 0}.`;
  const faults = found.faults.map((fault) => `  ${fault.seq === null ? 'log' : `entry ${fault.seq}`}: ${fault.kind}`);
  const since =
    found.lastRight === null
      ? 'No earlier checkpoint vouches for any part of it.'
      : `It was last right at ${found.lastRight.size} entries${found.lastRight.at === null ? '' : ` (${found.lastRight.at})`}.`;
  return ['THE AUDIT LOG HAS BEEN CHANGED. Keep the data folder as it is and call the security team.', ...faults, since].join('\n');
}
