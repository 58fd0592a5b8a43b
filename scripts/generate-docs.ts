import { mkdir, readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { buildProgram } from '../src/cli/program.ts';
import { EGRESS_TRANSITIONS } from '../src/egress/review-states.ts';
import { buildApp } from '../src/http/app.ts';
import { JOB_TRANSITIONS } from '../src/operations/job-states.ts';
import { SIMULATION_TRANSITIONS } from '../src/operations/simulation-states.ts';
import { commandsPage } from './command-page.ts';
import { proceedingsPage } from './proceedings-page.ts';
import { configPage, modelsPage, permissionsPage, problemsPage, rolesPage, statesPage } from './reference-pages.ts';
import { requirementsPage } from './requirements/requirements-page.ts';
import { problemFacts, settings } from './source-reader.ts';

const FOLDER = 'docs/reference';

interface Page {
  readonly name: string;
  readonly text: string;
}

const EGRESS_INTRO =
  'What is not listed is impossible. No arrow is ever taken because time ran out. Each arrow writes its audit event in the same transaction.';
const JOB_INTRO = 'What is not listed is impossible. A job that runs when its process ends has failed, and is submitted again.';
const SIMULATION_INTRO =
  'What is not listed is impossible. A stale set never comes back: what it was made for is gone. Jobs and downloads take sets that are neither stale nor withdrawn.';

function statePages(): readonly Page[] {
  const egress = EGRESS_TRANSITIONS.map((item) => ({
    from: item.from,
    to: item.to,
    label: item.owners.join(', '),
    cells: [item.owners.join(', '), item.guards.join(', '), `\`${item.audit}\``],
  }));
  const job = JOB_TRANSITIONS.map((item) => ({ from: item.from, to: item.to, label: item.why, cells: [item.why] }));
  const simulation = SIMULATION_TRANSITIONS.map((item) => ({
    from: item.from,
    to: item.to,
    label: item.owner,
    cells: [item.owner, item.guards.join(', '), `\`${item.audit}\``],
  }));
  return [
    { name: 'egress-states.md', text: statesPage('States of an egress request', EGRESS_INTRO, ['who', 'needs', 'audit event'], egress) },
    { name: 'job-states.md', text: statesPage('States of a job', JOB_INTRO, ['why'], job) },
    {
      name: 'simulation-states.md',
      text: statesPage('States of a simulation set', SIMULATION_INTRO, ['who', 'needs', 'audit event'], simulation),
    },
  ];
}

/** What the typed client of the command line is checked against (src/cli/typed-client.ts). */
const TYPES_HEAD = '/** Made from openapi.json by "npm run docs". */\n';

/** Reached by no route while the document is made: nothing is asked of it. */
const UNUSED = new Proxy({}, { get: () => undefined }) as never;

async function openApiPage(): Promise<readonly Page[]> {
  const app = await buildApp({
    operations: UNUSED,
    authenticate: async () => null,
    clock: { now: () => new Date(0) },
    rng: { bytes: (length: number) => new Uint8Array(length) },
    log: () => undefined,
    answers: UNUSED,
    accounts: UNUSED,
    isHealthy: async () => true,
    rates: null,
    inboxFolder: '',
    allowLocalFolders: false,
    limits: { bodyLimitBytes: 1024, inboxFileLimitBytes: 1024, handlerTimeoutMs: 1000, longHandlerTimeoutMs: 1000 },
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  // Examples are for readers; as comments they would be most of the file.
  const plain = JSON.parse(JSON.stringify(document, (key, value) => (key === 'example' || key === 'examples' ? undefined : value)));
  const types = astToString(await openapiTS(plain as OpenAPI3));
  return [
    { name: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` },
    { name: 'openapi.d.ts', text: `${TYPES_HEAD}${types}` },
  ];
}

/** Every generated page, from the code as it stands. Writes nothing. */
async function pages(): Promise<readonly Page[]> {
  return [
    { name: 'problems.md', text: problemsPage(problemFacts()) },
    { name: 'permissions.md', text: permissionsPage() },
    { name: 'roles.md', text: rolesPage() },
    { name: 'config.md', text: configPage(settings()) },
    { name: 'models.md', text: modelsPage() },
    { name: 'commands.md', text: commandsPage(buildProgram(UNUSED)) },
    ...statePages(),
    { name: 'requirements.md', text: requirementsPage() },
    { name: 'proceedings.md', text: proceedingsPage() },
    ...(await openApiPage()),
  ];
}

/** Writes the pages, or with `--check` fails on any that differs from what would be written. */
async function main(check: boolean): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  let stale = 0;
  for (const page of await pages()) {
    const file = `${FOLDER}/${page.name}`;
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === page.text) continue;
    stale += 1;
    if (check) console.log(`docs: ${file} is ${present === undefined ? 'missing' : 'out of date'}; run "npm run docs"`);
    else await writeFile(file, page.text);
  }
  if (check && stale > 0) process.exitCode = 1;
  else console.log(`docs: ${check ? 'all pages are current' : `${stale} pages written`}`);
}

await main(process.argv.includes('--check'));
