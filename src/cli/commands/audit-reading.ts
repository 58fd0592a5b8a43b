import type { Command } from 'commander';
import { TERM_KINDS } from '../../audit/search-terms.ts';
import type { Signal } from '../../audit/signals.ts';
import type { AuditTraceView } from '../../operations/operations.ts';
import { query, segment } from '../api-client.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { wholeNumber } from '../whole-number.ts';
import { entriesText } from './audit-entries.ts';

/** Options of `audit search`: the terms of the log, without the ends of lineage links, which `trace` follows. */
const TERMS = TERM_KINDS.filter((kind) => kind !== 'from' && kind !== 'to');

/** Searching, tracing, signals and sealed query texts. */
export function addAuditReading(audit: Command, environment: CliEnvironment): void {
  addSearch(audit, environment);
  audit
    .command('trace')
    .argument('<id>', 'job, request, release, grant, load, dataset, dataset@version, or SHA-256 of a released file')
    .description('back to the sources and forward to every recipient')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.get(`/v1/audit/traces/${segment(id)}`);
        output.record(found, traceText(found));
      }),
    );
  audit
    .command('signals')
    .option('--days <n>', 'how far back', wholeNumber, 30)
    .description('what a person should look at, with the reason')
    .action((options: { readonly days: number }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const signals = await client.list(`/v1/audit/signals${query({ days: options.days })}`);
        if (output.json) for (const signal of signals) output.record(signal, '');
        else output.record(null, signals.length === 0 ? 'No signals.' : signals.map(signalText).join('\n'));
      }),
    );
  addOpenings(audit, environment);
}

function addSearch(audit: Command, environment: CliEnvironment): void {
  const search = audit.command('search').description('entries that have all of this, newest first');
  for (const term of TERMS) search.option(`--${term} <value>`);
  search
    .option('--from <time>', 'ISO 8601')
    .option('--to <time>', 'ISO 8601')
    .option('--before <seq>', 'only entries before this number', wholeNumber)
    .option('--limit <n>', 'at most 1000', wholeNumber, 100)
    .option('--save <name>', 'keep this search under a name')
    .option('--saved <name>', 'use a search that was kept')
    .action((options: Readonly<Record<string, string | number | undefined>>, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Record<
          string,
          string | number
        >;
        const found = await client.get(`/v1/audit/search${query(given)}`);
        if (output.json) for (const entry of found.entries) output.record(entry, '');
        else output.record(null, entriesText(found.entries));
      }),
    );
}

function addOpenings(audit: Command, environment: CliEnvironment): void {
  const texts = audit.command('query').description('texts of queries; literals need two people');
  texts
    .command('show')
    .argument('<job>')
    .description('the text without its literals')
    .action((job: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.get(`/v1/audit/queries/${segment(job)}`);
        output.record(found, `${found.shape}\n(shape ${found.digest})`);
      }),
    );
  texts
    .command('request')
    .argument('<job>')
    .requiredOption('--reason <text>')
    .description('ask for the literals')
    .action((job: string, options: { readonly reason: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const opening = await client.post('/v1/audit/openings', { job, reason: options.reason });
        output.record(opening, `Opening ${opening.id}: another person must approve it.`);
      }),
    );
  texts
    .command('approve')
    .argument('<opening>')
    .description('agree to what another person asked for')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const opening = await client.post(`/v1/audit/openings/${segment(id)}/approval`);
        output.record(opening, `Opening ${opening.id} approved for ${opening.requestedBy}.`);
      }),
    );
  texts
    .command('open')
    .argument('<opening>')
    .description('the whole query, once approved; for who asked')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const opening = await client.post(`/v1/audit/openings/${segment(id)}/text`);
        output.record(opening, opening.text ?? '');
      }),
    );
}

function traceText(found: AuditTraceView): string {
  const steps = found.steps.map(
    ({ node, distance }) => `${distance < 0 ? '↑' : distance > 0 ? '↓' : '•'} ${'  '.repeat(Math.abs(distance))}${node}`,
  );
  const rest = found.isComplete ? [] : ['There is more than a trace shows.'];
  const table = textTable(
    ['seq', 'at', 'actor', 'operation', 'object'],
    found.entries.map(({ seq, at, actor, operation, object }) => [seq, at, actor, operation, `${object.kind} ${object.id}`]),
  );
  return [...steps, ...rest, '', table].join('\n');
}

function signalText({ kind, subject, dataset, reason, entries }: Signal): string {
  const where = dataset === null ? '' : ` on ${dataset}`;
  const window = reason.windowHours === null ? '' : ` within ${reason.windowHours} h`;
  return `${kind}: ${subject}${where}. ${reason.counted} ${reason.what}${window} (threshold ${reason.threshold}); entries ${entries.join(', ')}`;
}
