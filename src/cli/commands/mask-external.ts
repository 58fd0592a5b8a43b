import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ExternalDataRecord } from '../../operations/external-data-store.ts';
import { query, segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { tableOfCsv } from '../table-of-csv.ts';
import { textTable } from '../text-table.ts';

interface RegisterOptions {
  readonly table: string;
  readonly name: string;
  readonly source: string;
}

/** `mask external …`: lists of people that others have, which masked datasets are checked against. Source: requirements.md §10.2 (L). */
export function addMaskExternalCommands(mask: Command, environment: CliEnvironment): void {
  const external = mask
    .command('external')
    .description("lists of people that others have (a voters' list): masked datasets are checked against them");
  external
    .command('register')
    .argument('<dataset>')
    .argument('<file>', 'CSV, one person a row; the first line names columns of the table')
    .requiredOption('--table <table>')
    .requiredOption('--name <name>', 'what the list is called')
    .requiredOption('--source <text>', 'where it comes from and on what ground it is kept')
    .description('register a list; its rows are sealed and never shown again')
    .action((dataset: string, file: string, options: RegisterOptions, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const text = await readFile(file, 'utf8').catch(() => {
          throw new UsageError(`There is no file that can be read: ${file}`);
        });
        const { table, name, source } = options;
        const made = await client.post('/v1/external-data', { dataset, table, name, source, people: tableOfCsv(text) });
        output.record(made, listText([made]));
      }),
    );
  external
    .command('list')
    .option('--dataset <dataset>')
    .description('registered lists, newest first')
    .action((options: { readonly dataset?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.list(`/v1/external-data${query({ dataset: options.dataset })}`);
        if (output.json) for (const item of found) output.record(item, '');
        else output.record(null, found.length === 0 ? 'No lists.' : listText(found));
      }),
    );
  external
    .command('withdraw')
    .argument('<id>')
    .requiredOption('--reason <text>')
    .description('check against it no more, and destroy its rows')
    .action((id: string, { reason }: { readonly reason: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const made = await client.post(`/v1/external-data/${segment(id)}/withdrawal`, { reason });
        output.record(made, listText([made]));
      }),
    );
}

function listText(found: readonly ExternalDataRecord[]): string {
  return textTable(
    ['ID', 'NAME', 'TABLE', 'COLUMNS', 'PEOPLE', 'STATE'],
    found.map((item) => [item.id, item.name, `${item.dataset}.${item.table}`, item.columns.join(', '), String(item.people), item.state]),
  );
}
