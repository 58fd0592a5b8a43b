import type { Command } from 'commander';
import type { AuditEntryView, AuditVerification } from '../../operations/operations.ts';
import { query } from '../api-client.ts';
import { Refused } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { wholeNumber } from '../whole-number.ts';

export function addAuditCommands(program: Command, environment: CliEnvironment): void {
  const audit = program.command('audit').description('the hash-chained log');
  audit
    .command('verify')
    .description('recompute the whole chain against the checkpoint; status 1 if anything was changed')
    .action((_options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.get<AuditVerification>('/v1/audit/verification');
        output.record(found, verificationText(found));
        if (!found.verified) throw new Refused(null); // the verification itself has said everything
      }),
    );
  audit
    .command('list')
    .option('--after <seq>', 'entries after this number', wholeNumber, 0)
    .option('--limit <n>', 'at most 1000', wholeNumber, 100)
    .description('entries of the log')
    .action((options: { readonly after: number; readonly limit: number }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const entries = await client.list<AuditEntryView>(`/v1/audit/entries${query({ after: options.after, limit: options.limit })}`);
        if (output.json) for (const entry of entries) output.record(entry, '');
        else output.record(null, entriesText(entries));
      }),
    );
}

function verificationText(found: AuditVerification): string {
  if (found.verified) return `The audit log is whole: ${found.entries} entries, checkpoint at ${found.checkpoint?.size ?? 0}.`;
  const faults = found.faults.map((fault) => `  ${fault.seq === null ? 'log' : `entry ${fault.seq}`}: ${fault.kind}`);
  return ['THE AUDIT LOG HAS BEEN CHANGED. Keep the data folder as it is and call the security team.', ...faults].join('\n');
}

function entriesText(entries: readonly AuditEntryView[]): string {
  return textTable(
    ['seq', 'at', 'actor', 'operation', 'object', 'hash'],
    entries.map((entry) => [
      entry.seq,
      entry.at,
      entry.actor,
      entry.operation,
      `${entry.object.kind} ${entry.object.id}`,
      `${entry.hash.slice(0, 12)}…`,
    ]),
  );
}
