import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Machine } from '../../governance/machine.ts';
import { MACHINES } from '../../governance/machines.ts';
import type { MatterNotice } from '../../operations/matter-store.ts';
import type { CatalogueEntryView, MatterView } from '../../operations/matter-view.ts';
import { query, segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';

interface StepOptions {
  readonly field?: readonly string[];
  readonly fields?: string;
  readonly reason?: string;
}

/** A command for every kind of proceeding, from its table; and the public catalogue and notices. Source: requirements.md §5. */
export function addMatterCommands(program: Command, environment: CliEnvironment): void {
  for (const machine of MACHINES) addMachine(program, environment, machine);
  program
    .command('catalogue')
    .argument('[words]', 'in names, items or providers')
    .option('--share-type <type>', 'unconditional, conditional or none')
    .description('the published catalogue')
    .action((words: string | undefined, options: { readonly shareType?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const entries = await client.list(`/v1/catalogue${query({ query: words, shareType: options.shareType })}`);
        if (output.json) for (const entry of entries) output.record(entry, '');
        else output.record(null, entries.length === 0 ? 'Nothing is published.' : catalogueText(entries));
      }),
    );
  program
    .command('matter-notice')
    .command('list')
    .description('what you or your organisation should know, newest first')
    .action((_options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const notices = await client.list('/v1/matter-notices');
        if (output.json) for (const notice of notices) output.record(notice, '');
        else output.record(null, notices.length === 0 ? 'No notices.' : noticesText(notices));
      }),
    );
}

function addMachine(program: Command, environment: CliEnvironment, machine: Machine): void {
  const { noun, title } = machine;
  // All proceedings have the same form.
  const root = `/v1/${machine.plural}` as '/v1/onboardings';
  const command = program.command(noun).description(`${title.en} ${title.zh}`);
  command
    .command('list')
    .option('--state <state>')
    .description('those you may see')
    .action((options: { readonly state?: string }, own: Command) =>
      withSession(environment, own, async ({ client, output }) => {
        const found = await client.list(`${root}${query({ state: options.state })}`);
        if (output.json) for (const matter of found) output.record(matter, '');
        else output.record(null, found.length === 0 ? 'None.' : listText(found));
      }),
    );
  command
    .command('show')
    .argument('<id>')
    .description('fields, time limits, steps, and what can come next')
    .action((id: string, _options, own: Command) =>
      withSession(environment, own, async ({ client, output }) => {
        const matter = await client.get(`${root}/${segment(id)}`);
        output.record(matter, matterText(matter));
      }),
    );
  withFields(
    command.command('open').requiredOption('--city <profile>', 'whose rules apply: GZ, NB, QY, QZ, CQ').description('open one'),
  ).action((options: StepOptions & { readonly city: string }, own: Command) =>
    withSession(environment, own, async ({ client, output }) => {
      const matter = await client.post(root, { city: options.city, fields: await fieldsOf(machine, options) });
      output.record(matter, matterText(matter));
    }),
  );
  withFields(command.command('step').argument('<id>').argument('<step>').option('--reason <text>').description('take a step')).action(
    (id: string, step: string, options: StepOptions, own: Command) =>
      withSession(environment, own, async ({ client, output }) => {
        const path = `${root}/${segment(id)}` as const;
        const { revision } = await client.get(path);
        const body = { step, fields: await fieldsOf(machine, options), reason: options.reason };
        const matter = await client.postAsWritten(`${path}/steps`, body, { 'if-match': `"${revision}"` });
        output.record(matter, matterText(matter));
      }),
  );
}

function withFields(command: Command): Command {
  return command
    .option('--field <name=value...>', 'a field; lists with commas; repeat for more')
    .option('--fields <file>', 'JSON object of fields, for longer texts');
}

async function fieldsOf(machine: Machine, options: StepOptions): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = options.fields === undefined ? {} : await readFields(options.fields);
  for (const item of options.field ?? []) {
    const [name = '', ...rest] = item.split('=');
    const kind = Object.hasOwn(machine.fields, name) ? machine.fields[name]?.kind : undefined;
    if (kind === undefined || rest.length === 0)
      throw new UsageError(`--field NAME=VALUE, where NAME is one of ${Object.keys(machine.fields).join(', ')}`);
    fields[name] = fieldValue(kind, rest.join('='));
  }
  return fields;
}

function fieldValue(kind: string, text: string): unknown {
  if (kind === 'flag') return text === 'true';
  if (kind === 'number') return Number(text);
  return ['words', 'names', 'matters'].includes(kind) ? text.split(',').filter((item) => item !== '') : text;
}

async function readFields(file: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // said below
  }
  throw new UsageError(`The fields cannot be read as a JSON object: ${file}`);
}

function listText(matters: readonly MatterView[]): string {
  return textTable(
    ['id', 'state', 'organisation', 'rules', 'next limit', 'updated at'],
    matters.map((item) => [item.id, item.state, item.organisation, item.profile, nextLimit(item), item.updatedAt]),
  );
}

function nextLimit(matter: MatterView): string | null {
  const running = matter.timers.filter((timer) => timer.endedAt === null).toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1))[0];
  if (running === undefined) return null;
  return `${running.name} ${running.dueOn}${running.provisional ? ' (provisional)' : ''}${running.breachedAt === null ? '' : ' LATE'}`;
}

function matterText(matter: MatterView): string {
  const fields = Object.entries(matter.fields).map(([name, value]) => [name, typeof value === 'object' ? value.join(', ') : value]);
  const steps = matter.steps.map((item) => [item.at, item.step, item.from, item.to, item.actor, item.reason]);
  return [
    `${matter.noun} ${matter.id}: ${matter.state} (${matter.profile}, revision ${matter.revision})`,
    fields.length === 0 ? '' : textTable(['field', 'value'], fields),
    matter.timers.length === 0
      ? ''
      : textTable(
          ['limit', 'from', 'until', 'ended', 'late'],
          matter.timers.map((item) => [
            item.name,
            item.startedOn,
            `${item.dueOn}${item.provisional ? ' (provisional)' : ''}`,
            item.endedAt,
            item.breachedAt,
          ]),
        ),
    steps.length === 0 ? '' : textTable(['at', 'step', 'from', 'to', 'by', 'reason'], steps),
    `Next: ${matter.next.join(', ') || 'nothing'}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function catalogueText(entries: readonly CatalogueEntryView[]): string {
  return textTable(
    ['entry', 'name', 'items', 'provider', 'sharing', 'openness', 'updated'],
    entries.map((item) => [
      item.id,
      item.catalogueName,
      item.itemNames.join(', '),
      item.provider,
      item.shareType,
      item.openness,
      item.updateFrequency,
    ]),
  );
}

function noticesText(notices: readonly MatterNotice[]): string {
  return textTable(
    ['at', 'kind', 'what', 'matter', 'state'],
    notices.map((item) => [item.at, item.kind === 'late' ? 'LATE' : item.kind, item.what, `${item.noun} ${item.matter}`, item.state]),
  );
}
