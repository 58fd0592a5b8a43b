import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askKit, KIT_FILES } from '../../instance/kit-workbench.ts';
import type { SimulationKit, SimulationView } from '../../operations/simulation-interface.ts';
import { kitReadme, schemaSql, starterQueries } from '../../synthetic/kit-text.ts';
import { simulationDeclaration } from '../../synthetic/simulation-declaration.ts';
import { query, segment } from '../api-client.ts';
import { downloadSet } from '../commands/simulate.ts';
import { UsageError } from '../outcome.ts';
import type { CliEnvironment, Session } from '../session.ts';

export interface KitOptions {
  readonly dataset: string;
  readonly folder: string;
  readonly simulation?: string;
  readonly rows: number;
  readonly seed: string;
}

/**
 * Writes a kit: everything that a merchant needs to develop without the server, none of it real. Never into a folder that holds
 * anything. The query to start from is one that admission takes, asked on the kit itself.
 * Source: formats.md, "Commands" (`kit DATASET`); requirement GZ-21a.
 */
export async function writeKit(session: Session, environment: CliEnvironment, options: KitOptions): Promise<void> {
  const { folder } = options;
  const held = await readdir(folder).catch(() => []);
  if (held.length > 0) throw new UsageError(`The folder is not empty: ${folder}`);
  const view = await setFor(session, options);
  const kit = (await session.client.get(`/v1/simulations/${segment(view.id)}/kit`)) as unknown as SimulationKit;
  await mkdir(folder, { recursive: true });
  await downloadSet(session, view, 'csv', join(folder, KIT_FILES.tables));
  await downloadSet(session, view, 'duckdb', folder);
  const { dataset, simulation, schemaDigest, version, policy, grant } = kit;
  const facts = { format: kit.format, simulation, schemaDigest, version, policy, grant };
  await writeFile(join(folder, KIT_FILES.facts), `${JSON.stringify(facts, null, 2)}\n`);
  await writeFile(join(folder, KIT_FILES.schema), `${JSON.stringify(simulationDeclaration(dataset), null, 2)}\n`);
  await writeFile(join(folder, 'schema.sql'), schemaSql(dataset));
  const { label, seed } = simulation;
  await writeFile(join(folder, 'README.md'), kitReadme({ dataset: dataset.name, label, seed, live: grant.live }));
  const starter = await starterQuery(environment, folder, kit);
  await writeFile(join(folder, 'query.sql'), starter);
  const written = { dataset: dataset.name, simulation: view.id, label, out: folder };
  session.output.record(written, `Kit of ${dataset.name} in ${folder} (${label}). Next: sluice kit check ${folder}`);
}

async function setFor({ client, output }: Session, options: KitOptions): Promise<SimulationView> {
  if (options.simulation !== undefined) return client.get(`/v1/simulations/${segment(options.simulation)}`);
  const sets = await client.list(`/v1/simulations${query({ dataset: options.dataset })}`);
  const found = sets.find((set) => set.state === 'PUBLISHED') ?? sets.find((set) => set.state === 'CHECKED' || set.state === 'GENERATED');
  if (found !== undefined) return found;
  output.note(`No simulation set is in use; making one of ${options.rows} rows.`);
  const { dataset, rows, seed } = options;
  return client.post('/v1/simulations', { dataset, rows, seed });
}

async function starterQuery(environment: CliEnvironment, folder: string, { dataset, grant }: SimulationKit): Promise<string> {
  const candidates = starterQueries(dataset, grant.tables);
  for (const sql of candidates) {
    const asked = await askKit(environment, folder, { sql, run: false });
    if (asked.ok) return `${sql};\n`;
  }
  return `-- No query of the simplest form is admitted here: schema.json says what each column is for.\n`;
}
