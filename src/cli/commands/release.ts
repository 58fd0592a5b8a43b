import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { readTrust } from '../../audit/log-trust.ts';
import { areApproved, namedChain, type ReceiptSubject, verifyPackageReceipts } from '../../audit/package-receipts.ts';
import { MANIFEST_NAME, type PackageVerification, verifyPackage } from '../../egress/manifest.ts';
import type { CopyTraceView, ReleaseView } from '../../operations/operations.ts';
import { query, readAll, segment } from '../api-client.ts';
import { CliFault, Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions, type Session, withSession } from '../session.ts';
import { tableOfFile } from '../table-of-file.ts';
import { releaseText } from '../view-text.ts';

/** Where an instance lays the public half of its release key, for who checks packages. */
export const RELEASE_KEY_FILE = 'release-public-key.pem';
/** … and the keys of the log, for receipts. */
const TRUST_FILE = 'audit-trust';
const PEM_BLOCK = /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----/g;
/** Names the chain of a release and who took part. */
const CRITERIA_NAME = 'criteria.json';

export function addReleaseCommands(program: Command, environment: CliEnvironment): void {
  const release = program.command('release').description('results that left the domain');
  release
    .command('show')
    .argument('<id>')
    .description('files and digests of a release')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/releases/${segment(id)}`);
        output.record(view, releaseText(view));
      }),
    );
  release
    .command('download')
    .argument('<id>')
    .requiredOption('--out <dir>', 'folder for the files')
    .description('download the package of a release')
    .action((id: string, options: { readonly out: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const view = await downloadRelease(session, id, options.out);
        session.output.record(view, `${releaseText(view)}\nwritten to ${options.out}`);
      }),
    );
  addTraceAndNotices(release, environment);
  release
    .command('verify')
    .argument('<path>', 'folder of a package, or one of its files')
    .option('--key <file>', `public key (PEM); default: ${RELEASE_KEY_FILE} in the data folder`)
    .option('--trust <file>', 'keys of the log and its witnesses; default: audit-trust in the data folder')
    .description('check a package without any instance: signature, digests, nothing added or missing, receipts of the approvals')
    .action(async (path: string, options: { readonly key?: string; readonly trust?: string }, command: Command) => {
      const global = globalOptions(command);
      const trustFile = options.trust ?? join(global.data, TRUST_FILE);
      const found = await verifyFolder(path, options.key ?? join(global.data, RELEASE_KEY_FILE), trustFile);
      makeOutput(environment, global.json === true).record(found, verificationText(found));
      if (!found.verified) throw new Refused(null);
    });
}

function addTraceAndNotices(release: Command, environment: CliEnvironment): void {
  release
    .command('trace')
    .argument('<file>', 'a copy that turned up: CSV with its header, JSON (also data.json of a package) or Parquet')
    .requiredOption('--dataset <dataset>', 'dataset that it is from')
    .description('whose copy a table of rows is, by the watermark in it')
    .action((file: string, options: { readonly dataset: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const table = await tableOfFile(environment.config, file, globalOptions(command).language);
        const view = await client.post('/v1/releases/traces', { dataset: options.dataset, table });
        output.record(view, traceText(view));
      }),
    );
  release
    .command('notices')
    .description('recalls and returns that concern you')
    .action((_options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list('/v1/notices');
        if (output.json) for (const view of views) output.record(view, '');
        else
          output.record(
            null,
            views.length === 0 ? 'No notices.' : views.map((view) => `${view.at} ${view.kind} ${view.object}`).join('\n'),
          );
      }),
    );
}

function traceText(view: CopyTraceView): string {
  if (view.suspects.length === 0) return `No mark of the ${view.compared} releases compared.`;
  return view.suspects
    .map((item) => `${item.release}, given to ${item.recipient}: ${item.matched} of ${item.marked} marked rows`)
    .join('\n');
}

/** Writes the files of a release to `folder` and gives its description. */
export async function downloadRelease({ client }: Pick<Session, 'client'>, id: string, folder: string): Promise<ReleaseView> {
  const view = await client.get(`/v1/releases/${segment(id)}`);
  await mkdir(folder, { recursive: true });
  for (const { name } of view.files) {
    if (basename(name) !== name || name.startsWith('.')) throw new CliFault('The server named a file that is no file name.');
    await writeFile(join(folder, name), await fetchReleaseFile(client, id, name));
  }
  return view;
}

/** One file of a release: a token that serves once, then the file for it. */
export async function fetchReleaseFile(client: Session['client'], release: string, name: string): Promise<Buffer> {
  const { token } = await client.post(`/v1/releases/${segment(release)}/download-tokens`, { name });
  return readAll(await client.download(`/v1/releases/${segment(release)}/files/${segment(name)}${query({ token })}`));
}

/** A package's own check, and that of the receipts in it. */
interface FolderVerification {
  readonly verified: boolean;
  readonly release: string | null;
  readonly faults: readonly { readonly file: string; readonly fault: string }[];
  /** Approvals that the log proves. */
  readonly approvals: readonly { readonly by: string; readonly at: string; readonly seq: number }[];
}

async function verifyFolder(path: string, keyFile: string, trustFile: string): Promise<FolderVerification> {
  const key = await readFile(keyFile, 'utf8').catch(() => {
    throw new UsageError(`The public key cannot be read: ${keyFile}. Name it with --key FILE.`);
  });
  const found = await lstat(path).catch(() => {
    throw new UsageError(`There is no such file or folder: ${path}`);
  });
  const folder = found.isDirectory() ? path : dirname(path);
  const entries = await readdir(folder, { withFileTypes: true });
  if (!entries.some((entry) => entry.name === MANIFEST_NAME))
    throw new UsageError(`No ${MANIFEST_NAME} beside ${basename(path)}: this is no release package`);
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) files.set(entry.name, entry.isFile() ? await readFile(join(folder, entry.name)) : new Uint8Array());
  try {
    // One key a block: the one in use first, then those of before.
    const checks = (key.match(PEM_BLOCK) ?? [key]).map((block) => verifyPackage(files, block));
    const checked = checks.find((item) => item.verified) ?? checks[0];
    if (checked === undefined) throw new TypeError('No key');
    return await withReceipts(checked, files, trustFile);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${keyFile} is not a public key in PEM form`);
  }
}

/** Receipts must each prove an approval of this content; together everyone whom the signed chain names, two at least. */
async function withReceipts(
  found: PackageVerification,
  files: ReadonlyMap<string, Uint8Array>,
  trustFile: string,
): Promise<FolderVerification> {
  const receipts = new Map([...files].filter(([name]) => name.endsWith('.tlog-proof')));
  if (!found.verified) return { ...found, approvals: [] };
  const few = { file: CRITERIA_NAME, fault: 'too-few-approvals' };
  if (receipts.size === 0) return { ...found, verified: false, faults: [few], approvals: [] };
  const text = await readFile(trustFile, 'utf8').catch(() => {
    throw new UsageError(`The keys of the log cannot be read: ${trustFile}. Name them with --trust FILE.`);
  });
  const trust = readTrust(text);
  if (trust === null) throw new UsageError(`${trustFile} names no keys of a log, or a line of it does not read`);
  const subject = JSON.parse(Buffer.from(files.get(MANIFEST_NAME) ?? '').toString('utf8')) as ReceiptSubject;
  const checked = verifyPackageReceipts(receipts, subject, trust);
  const approvals = checked.flatMap(({ entry }) => entry ?? []);
  const lacking = areApproved(checked, namedChain(files.get(CRITERIA_NAME))) ? [] : [few];
  const faults = [...checked.flatMap(({ name, fault }) => (fault === null ? [] : [{ file: name, fault }])), ...lacking];
  return { verified: faults.length === 0, release: found.release, faults, approvals };
}

function verificationText(found: FolderVerification): string {
  const approved = found.approvals.map(({ by, at }) => `\n  approved by ${by} at ${at}, on record`).join('');
  if (found.verified)
    return `The package of release ${found.release ?? ''} is whole and signed by this key.${approved}\nWhether it has been recalled only the instance knows.`;
  return ['THE PACKAGE IS NOT WHAT WAS RELEASED.', ...found.faults.map((item) => `  ${item.file}: ${item.fault}`)].join('\n');
}
