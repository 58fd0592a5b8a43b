import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readAll, segment } from '../api-client.ts';
import { CliFault } from '../outcome.ts';
import { textTable } from '../text-table.ts';
import type { Cast } from './cast.ts';
import type { Narrator } from './narrator.ts';

/** The source department loads its files; gives the name of the dataset. */
export async function loadCity(cast: Cast, declarationFile: string, narrator: Narrator): Promise<string> {
  narrator.chapter('The source department loads its data');
  const declaration = JSON.parse(await readFile(declarationFile, 'utf8')) as Record<string, unknown>;
  let task = await cast.source.post('/v1/loads', { declaration, localFolder: dirname(declarationFile) });
  let step = '';
  while (task.state === 'running') {
    if (task.step !== step) narrator.say(`loading: ${task.step}, ${task.percent} %`);
    step = task.step;
    task = await cast.source.get(`/v1/loads/${segment(task.id)}?waitMs=500`);
  }
  if (task.version === undefined)
    throw new CliFault(`The city was not loaded: ${(task.problems ?? []).map((item) => item.code).join(', ')}`);
  narrator.say(
    `sealed as version ${task.version.version}: ${task.version.rows} rows, read-only, digest ${task.version.digest.slice(0, 16)}…`,
  );
  return task.dataset;
}

/** An operator grants the scenario, and makes simulation data of the same shape from the declaration alone. */
export async function openToMerchant(cast: Cast, dataset: string, rows: number, endsOn: string, narrator: Narrator): Promise<void> {
  narrator.chapter('An operator opens the data to a merchant – to be used, not seen');
  const view = await cast.operator1.get(`/v1/datasets/${segment(dataset)}`);
  const names = (view.tables as readonly { readonly name: string }[]).map((table) => table.name);
  const tables = Object.fromEntries(names.map((name) => [name, '*' as const]));
  await cast.operator1.post('/v1/grants', { merchant: 'merchant-a', dataset, scenario: 'Planning of hospital services', tables, endsOn });
  narrator.say(`merchant-a may query ${names.join(', ')} for one scenario until ${endsOn}`);
  const simulation = await cast.operator1.post('/v1/simulations', { dataset, rows, seed: 'demo' });
  narrator.say(`simulation ${simulation.label}: ${simulation.tables.map((item) => `${item.table} ${item.rows}`).join(', ')}`);
}

/** The merchant looks at rows nobody has lived. */
export async function exploreSimulation(cast: Cast, dataset: string, narrator: Narrator): Promise<void> {
  narrator.chapter('The merchant explores simulation data');
  const [simulation] = await cast.merchant.list(`/v1/simulations?dataset=${segment(dataset)}`);
  const table = simulation?.tables.find((item) => item.table === 'residents') ?? simulation?.tables[0];
  if (simulation === undefined || table === undefined) throw new CliFault('There is no simulation to explore.');
  const csv = await readAll(await cast.merchant.download(`/v1/simulations/${segment(simulation.id)}/tables/${segment(table.table)}`));
  const [header = '', ...lines] = csv.toString('utf8').split('\n', 5);
  narrator.say(`${table.table}: invented people with right check digits; the first rows:`);
  narrator.show(
    textTable(
      header.split(','),
      lines.map((line) => line.split(',')),
    ),
  );
}
