import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { SimulationView } from '../../operations/operations.ts';
import { query, segment } from '../api-client.ts';
import { CliFault } from '../outcome.ts';
import { type CliEnvironment, type Session, withSession } from '../session.ts';
import { simulationsText } from '../view-text.ts';
import { wholeNumber } from '../whole-number.ts';

export function addSimulationCommands(program: Command, environment: CliEnvironment): void {
  program
    .command('simulate')
    .argument('<dataset>')
    .requiredOption('--rows <n>', 'rows of the largest table', wholeNumber)
    .requiredOption('--seed <s>', 'the same seed gives the same data')
    .option('--out <dir>', 'also write the tables as CSV files to this folder')
    .description('make simulation data from the declaration alone')
    .action((dataset: string, options: { readonly rows: number; readonly seed: string; readonly out?: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const { client, output } = session;
        const view = await client.post<SimulationView>('/v1/simulations', { dataset, rows: options.rows, seed: options.seed });
        if (options.out !== undefined) await downloadTables(session, view, options.out);
        output.record(view, simulationsText([view]));
      }),
    );
  program
    .command('simulation')
    .description('simulation data')
    .command('list')
    .argument('<dataset>')
    .action((dataset: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list<SimulationView>(`/v1/simulations${query({ dataset })}`);
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, simulationsText(views));
      }),
    );
}

async function downloadTables({ client, output }: Session, view: SimulationView, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { table } of view.tables) {
    if (/[/\\\0]|^\.+$/.test(table)) throw new CliFault('The server named a table that is no file name.');
    const csv = await client.download(`/v1/simulations/${segment(view.id)}/tables/${segment(table)}`);
    await pipeline(Readable.from(csv, { objectMode: false }), createWriteStream(join(folder, `${table}.csv`)));
    output.note(`wrote ${join(folder, `${table}.csv`)}`);
  }
}
