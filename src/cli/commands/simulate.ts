import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { SimulationView } from '../../operations/operations.ts';
import { SIMULATION_FORMATS, type SimulationFormat } from '../../operations/simulation-interface.ts';
import { query, segment } from '../api-client.ts';
import { CliFault } from '../outcome.ts';
import { readSql } from '../read-sql.ts';
import { type CliEnvironment, type Session, withSession } from '../session.ts';
import { resultText, simulationsText } from '../view-text.ts';
import { wholeNumber } from '../whole-number.ts';
import { addFitCommands } from './fit.ts';

interface SimulateOptions {
  readonly rows: number;
  readonly seed: string;
  readonly model?: string;
  readonly query?: string;
  readonly out?: string;
  readonly realistic?: boolean;
}

/** `simulate` and `simulation`: making, looking, publishing, taking away. Source: formats.md, "Commands"; requirement GZ-7a. */
export function addSimulationCommands(program: Command, environment: CliEnvironment): void {
  program
    .command('simulate')
    .argument('<dataset>')
    .requiredOption('--rows <n>', 'rows of the largest table', wholeNumber)
    .requiredOption('--seed <s>', 'the same seed gives the same data')
    .option('--model <release>', 'sample from the fitted model that was released under this id (L1) instead of the declaration alone')
    .option('--query <file>', 'SQL whose conditions some rows satisfy, so that it finds something')
    .option('--realistic', 'identifiers such as people have instead of impossible ones (operators; on record)')
    .option('--out <dir>', 'also write the tables as CSV files to this folder')
    .description('make simulation data from the declaration alone')
    .action((dataset: string, { rows, seed, model, query: file, out, realistic }: SimulateOptions, command: Command) =>
      withSession(environment, command, async (session) => {
        const sql = file === undefined ? undefined : await readSql(file, environment);
        const mode = realistic === true ? 'realistic' : undefined;
        const making = session.client.post('/v1/simulations', { dataset, rows, seed, model, sql, mode });
        const view = await toldOf(session, dataset, making);
        if (out !== undefined) await downloadSet(session, view, 'csv', out);
        session.output.record(view, simulationsText([view]));
      }),
    );
  const simulation = program.command('simulation').description('simulation data');
  simulation
    .command('list')
    .argument('<dataset>')
    .description('sets of a dataset, newest first')
    .action((dataset: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list(`/v1/simulations${query({ dataset })}`);
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, simulationsText(views));
      }),
    );
  addSetCommand(simulation, environment, 'show', 'one set with its state', ({ client }, path) => client.get(path));
  addSetCommand(
    simulation,
    environment,
    'check',
    'make the set again from its seed and compare every byte (operators)',
    ({ client }, path) => client.post(`${path}/check`),
  );
  addSetCommand(simulation, environment, 'publish', 'publish a set, checking it first where nobody has (operators)', ({ client }, path) =>
    client.post(`${path}/publication`),
  );
  addSetCommand(simulation, environment, 'withdraw', 'take a set out of use for good (operators)', ({ client }, path, reason) =>
    client.post(`${path}/withdrawal`, { reason }),
  ).requiredOption('--reason <text>', 'why');
  addRowCommands(simulation, environment);
  addFitCommands(simulation, environment);
}

const TOLD_EACH_MS = 1000;

/** Says on standard error how far the making of a set is, until it is made. */
async function toldOf(session: Session, dataset: string, making: Promise<SimulationView>): Promise<SimulationView> {
  const { client, output } = session;
  const ended = new AbortController();
  const tell = async (): Promise<void> => {
    let shown = -1;
    while (!ended.signal.aborted) {
      await sleep(TOLD_EACH_MS, undefined, { signal: ended.signal, ref: false });
      const sets = await client.list(`/v1/simulations/under-way${query({ dataset })}`);
      const percent = sets.at(-1)?.percent ?? shown;
      if (percent !== shown) output.note(`simulating ${dataset}: ${percent} %`);
      shown = percent;
    }
  };
  // Who cannot be told of progress is told of the end.
  const telling = tell().catch(() => undefined);
  try {
    return await making;
  } finally {
    ended.abort();
    await telling;
  }
}

function addSetCommand(
  simulation: Command,
  environment: CliEnvironment,
  verb: string,
  description: string,
  ask: (session: Session, path: `/v1/simulations/${string}`, reason: string) => Promise<SimulationView>,
): Command {
  return simulation
    .command(verb)
    .argument('<id>')
    .description(description)
    .action((id: string, options: { readonly reason?: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const view = await ask(session, `/v1/simulations/${segment(id)}`, options.reason ?? '');
        session.output.record(view, simulationsText([view]));
      }),
    );
}

function addRowCommands(simulation: Command, environment: CliEnvironment): void {
  simulation
    .command('preview')
    .argument('<id>')
    .argument('<table>')
    .option('--rows <n>', 'at most 100', wholeNumber, 20)
    .description('the first rows of one table')
    .action((id: string, table: string, { rows }: { readonly rows: number }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const path = `/v1/simulations/${segment(id)}/tables/${segment(table)}/preview${query({ rows })}` as const;
        const shown = await client.get(path);
        output.record(shown, resultText(shown));
      }),
    );
  simulation
    .command('download')
    .argument('<id>')
    .addOption(new Option('--format <format>', 'csv and parquet: a file per table').choices(SIMULATION_FORMATS).default('csv'))
    .requiredOption('--out <dir>', 'folder for the files')
    .description('download a set')
    .action((id: string, { format, out }: { readonly format: SimulationFormat; readonly out: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const view = await session.client.get(`/v1/simulations/${segment(id)}`);
        await downloadSet(session, view, format, out);
        session.output.record(view, `${simulationsText([view])}\nwritten to ${out}`);
      }),
    );
}

/** Writes the files of a set to `folder`: a file per table, or one DuckDB file. Throws where the server names no plain file. */
export async function downloadSet(
  { client, output }: Pick<Session, 'client' | 'output'>,
  view: SimulationView,
  format: SimulationFormat,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = `/v1/simulations/${segment(view.id)}`;
  const save = async (from: string, name: string): Promise<void> => {
    if (/[/\\\0]|^\.+$/.test(name)) throw new CliFault('The server named a table that is no file name.');
    const chunks = await client.download(from);
    await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(join(folder, name)));
    output.note(`wrote ${join(folder, name)}`);
  };
  if (format === 'duckdb') return save(`${path}/database`, `${view.dataset}.duckdb`);
  for (const { table } of view.tables) await save(`${path}/tables/${segment(table)}${query({ format })}`, `${table}.${format}`);
}
