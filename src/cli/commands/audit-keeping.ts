import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat } from '../../audit/export-formats.ts';
import type { AuditExportView } from '../../operations/operations.ts';
import { type ApiClient, query, segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { sendSyslog } from '../syslog-sender.ts';
import { wholeNumber } from '../whole-number.ts';

interface ExportOptions {
  readonly format: ExportFormat;
  readonly out?: string;
  readonly syslog?: string;
  readonly ca?: string;
  readonly state?: string;
}

const ENDINGS: Readonly<Record<ExportFormat, string>> = { ocsf: 'ocsf.jsonl', csv: 'csv', syslog: 'syslog' };

/** Exports, pruning, holds, receipts. */
export function addAuditKeeping(audit: Command, environment: CliEnvironment): void {
  audit
    .command('export')
    .addOption(new Option('--format <format>').choices(EXPORT_FORMATS).default('ocsf'))
    .option('--out <dir>', 'folder of files FIRST-LAST, each with a signed note; goes on after the last one there')
    .option('--syslog <host:port>', 'send RFC 5424 messages over TLS instead')
    .option('--ca <file>', 'certificate (PEM) that the receiver must be signed by')
    .option('--state <file>', 'where the number of the last entry sent is kept')
    .description('the log for another system: OCSF JSON lines, CSV, syslog; incremental and resumable')
    .action((options: ExportOptions, command: Command) => exportLog(environment, options, command));
  audit
    .command('receipt')
    .argument('<seq>', 'number of the entry', wholeNumber)
    .description('proof that an entry is in the log (C2SP tlog-proof)')
    .action((seq: number, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.get(`/v1/audit/receipts/${String(seq)}`);
        output.record(found, found.receipt.trimEnd());
      }),
    );
  audit
    .command('prune')
    .description('drop texts whose time is up; hashes stay, and an entry says so')
    .action((_options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.post('/v1/audit/prunings');
        output.record(found, `${found.entries} entries lost their text.`);
      }),
    );
  addHolds(audit, environment);
}

function addHolds(audit: Command, environment: CliEnvironment): void {
  audit
    .command('hold')
    .argument('<subject>', 'an id, or * for everything')
    .requiredOption('--reason <text>')
    .description('keep texts from being pruned')
    .action((subject: string, options: { readonly reason: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const hold = await client.post('/v1/audit/holds', { subject, reason: options.reason });
        output.record(hold, `Hold ${hold.id} on ${hold.subject}.`);
      }),
    );
  audit
    .command('unhold')
    .argument('<hold>')
    .requiredOption('--reason <text>')
    .description('end a hold')
    .action((id: string, options: { readonly reason: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const standing = (await client.post(`/v1/audit/holds/${segment(id)}/release`, options)).items;
        output.record({ standing }, `${standing.length} holds stand.`);
      }),
    );
}

async function exportLog(environment: CliEnvironment, options: ExportOptions, command: Command): Promise<void> {
  await withSession(environment, command, async ({ client, output }) => {
    const sent = options.syslog === undefined ? await exportFiles(client, options) : await exportSyslog(client, options);
    output.record(sent, sent.entries === 0 ? 'Nothing new.' : `Entries up to ${sent.last}: ${sent.entries} exported.`);
  });
}

/** What one run exports at most ends where the log stood when it began: exporting is itself an entry. */
async function* stretches(client: ApiClient, format: ExportFormat, after: number): AsyncGenerator<AuditExportView> {
  for (let from = after; ; ) {
    const found = await client.get(`/v1/audit/exports${query({ format, after: from, limit: 1000 })}`);
    if (found.last === 0) return;
    yield found;
    if (found.last - found.first < 999) return;
    from = found.last;
  }
}

async function exportFiles(client: ApiClient, { format, out }: ExportOptions) {
  if (out === undefined) throw new UsageError('Name a folder with --out DIR, or a receiver with --syslog HOST:PORT');
  await mkdir(out, { recursive: true });
  const ending = ENDINGS[format];
  const there = (await readdir(out)).flatMap((name) => (name.endsWith(`.${ending}`) ? [Number(/^\d+-(\d+)\./.exec(name)?.[1] ?? 0)] : []));
  let last = Math.max(0, ...there);
  let entries = 0;
  for await (const found of stretches(client, format, last)) {
    const path = join(out, `${found.first}-${found.last}.${ending}`);
    // The note first: a file without its note would be taken for exported.
    await writeWhole(`${path}.note`, found.note);
    await writeWhole(path, found.text);
    entries += found.last - found.first + 1;
    last = found.last;
  }
  return { entries, last };
}

async function exportSyslog(client: ApiClient, { syslog = '', ca, state }: ExportOptions) {
  const receiver = /^([A-Za-z0-9.-]+):(\d{1,5})$/.exec(syslog);
  if (receiver === null || ca === undefined || state === undefined)
    throw new UsageError('--syslog takes HOST:PORT and needs --ca FILE and --state FILE');
  const authority = await readFile(ca, 'utf8').catch(() => {
    throw new UsageError(`The certificate cannot be read: ${ca}`);
  });
  let last = Number(await readFile(state, 'utf8').catch(() => '0'));
  if (!Number.isSafeInteger(last)) throw new UsageError(`${state} holds no number`);
  let entries = 0;
  for await (const found of stretches(client, 'syslog', last)) {
    await sendSyslog({ host: receiver[1] ?? '', port: Number(receiver[2]), ca: authority }, found.text);
    await writeWhole(state, String(found.last));
    entries += found.last - found.first + 1;
    last = found.last;
  }
  return { entries, last };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await writeFile(file, text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
