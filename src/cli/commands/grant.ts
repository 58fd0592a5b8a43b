import { type Command, InvalidArgumentError } from 'commander';
import type { Grant } from '../../catalog/grant.ts';
import { query } from '../api-client.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';
import { modeText } from '../view-text.ts';

type GrantedTables = Readonly<Record<string, '*' | readonly string[]>>;

interface CreateOptions {
  readonly merchant: string;
  readonly dataset: string;
  readonly scenario: string;
  readonly table: GrantedTables;
  readonly endsOn: string;
  readonly basis?: string;
  readonly mode?: unknown;
}

export function addGrantCommands(program: Command, environment: CliEnvironment): void {
  const grant = program.command('grant').description('what a merchant may query');
  grant
    .command('create')
    .requiredOption('--merchant <merchant>')
    .requiredOption('--dataset <dataset>')
    .requiredOption('--scenario <text>', 'what the data are used for')
    .requiredOption('--table <table>', 'NAME for all columns, NAME=a,b for some; repeat for more tables', grantedTable, {})
    .requiredOption('--ends-on <date>', 'last day, such as 2027-12-31')
    .option('--basis <id>', 'the agreement or laboratory it rests on: the grant ends with it')
    .option('--mode <json>', 'a mode stricter than that of the dataset, such as {"kind":"rounded","to":"five"}', givenMode)
    .description('let a merchant query tables of a dataset')
    .action((options: CreateOptions, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const { merchant, dataset, scenario, table, endsOn, mode, basis } = options;
        const stricter = mode === undefined ? {} : { mode };
        const made = await client.postAsWritten('/v1/grants', { merchant, dataset, scenario, tables: table, endsOn, basis, ...stricter });
        output.record(made, grantsText([made]));
      }),
    );
  grant
    .command('list')
    .option('--dataset <dataset>')
    .description('grants you may see')
    .action((options: { readonly dataset?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const grants = await client.list(`/v1/grants${query({ dataset: options.dataset })}`);
        if (output.json) for (const item of grants) output.record(item, '');
        else output.record(null, grants.length === 0 ? 'No grants.' : grantsText(grants));
      }),
    );
}

function givenMode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('write a JSON object');
  }
}

function grantedTable(text: string, before: GrantedTables): GrantedTables {
  const [name = '', ...rest] = text.split('=');
  const columns = rest.join('=').split(',');
  if (name === '' || (rest.length > 0 && columns.includes(''))) throw new InvalidArgumentError('write NAME or NAME=column,column');
  return { ...before, [name]: rest.length === 0 || (columns.length === 1 && columns[0] === '*') ? '*' : columns };
}

function grantsText(grants: readonly Grant[]): string {
  return textTable(
    ['grant', 'merchant', 'dataset', 'scenario', 'tables', 'ends on', 'mode'],
    grants.map((item) => [
      item.id,
      item.merchant,
      item.dataset,
      item.scenario,
      Object.entries(item.tables)
        .map(([table, columns]) => (columns === '*' ? table : `${table}(${columns.join(', ')})`))
        .join(' '),
      item.endsOn,
      item.mode === undefined ? 'of the dataset' : modeText(item.mode),
    ]),
  );
}
