import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { segment } from '../api-client.ts';
import { Refused, UsageError } from '../outcome.ts';
import { refusalOf } from '../refusal.ts';
import { type CliEnvironment, type Session, withSession } from '../session.ts';
import { datasetsText, datasetText, loadText } from '../view-text.ts';

export function addDatasetCommands(program: Command, environment: CliEnvironment): void {
  const dataset = program.command('dataset').description('data of source departments');
  dataset
    .command('load')
    .argument('<declaration>', 'JSON file; its data files lie beside it')
    .description('load real data as a new version')
    .action((file: string, _options, command: Command) => withSession(environment, command, (session) => load(session, file)));
  dataset
    .command('list')
    .description('datasets you may know of')
    .action((_options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list('/v1/datasets');
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, datasetsText(views));
      }),
    );
  dataset
    .command('show')
    .argument('<dataset>')
    .description('declaration and versions')
    .action((name: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/datasets/${segment(name)}`);
        output.record(view, datasetText(view));
      }),
    );
  dataset
    .command('withdraw')
    .argument('<dataset>')
    .argument('<version>', 'such as v1')
    .option('--reason <text>', 'why', '')
    .option('--erase', 'destroy the sealed data for good', false)
    .description('take a version out of use')
    .action((name: string, version: string, options: { readonly reason: string; readonly erase: boolean }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const path = `/v1/datasets/${segment(name)}/versions/${segment(version)}/withdrawal` as const;
        const view = await client.post(path, { reason: options.reason, erase: options.erase });
        output.record(view, `${view.dataset} ${view.version}: ${view.state}`);
      }),
    );
}

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

async function load(session: Session, file: string): Promise<void> {
  const { client, output } = session;
  const declaration = await readDeclaration(file);
  const folder = dirname(resolve(file));
  if (!client.readsLocalFolders) await uploadFiles(session, declaration, folder);
  const body = client.readsLocalFolders ? { declaration, localFolder: folder } : { declaration };
  let task = await client.post('/v1/loads', body);
  let shown = '';
  while (task.state === 'running') {
    const progress = `${task.step} ${task.percent} %`;
    if (progress !== shown) output.note(`loading ${task.dataset}: ${progress}`);
    shown = progress;
    task = await client.get(`/v1/loads/${segment(task.id)}?waitMs=700`);
  }
  output.record(task, loadText(task));
  if (task.state !== 'done')
    throw new Refused(refusalOf(task.problems ?? [], session.options.language, `/v1/loads/${task.id}`, 'load.failed'));
}

async function readDeclaration(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    throw new UsageError(`The declaration cannot be read as a UTF-8 text file: ${file}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new UsageError(`The declaration is not a JSON object: ${file}`);
}

/** Files the declaration names go to the inbox first; a missing one is left for the loader to name. */
async function uploadFiles({ client, output }: Session, declaration: Readonly<Record<string, unknown>>, folder: string): Promise<void> {
  const tables = declaration['tables'];
  if (typeof tables !== 'object' || tables === null) return;
  for (const body of Object.values(tables) as readonly unknown[]) {
    const name: unknown = typeof body === 'object' && body !== null ? (body as { file?: unknown }).file : undefined;
    if (typeof name !== 'string' || !PLAIN_NAME.test(name)) continue;
    const path = join(folder, name);
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    );
    if (size === null) continue;
    output.note(`uploading ${name} (${size} bytes)`);
    await client.upload(`/v1/inbox/${name}`, size, createReadStream(path));
  }
}
