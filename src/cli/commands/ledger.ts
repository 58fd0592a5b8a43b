import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { LedgerReplayView } from '../../operations/operations.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, type Session, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';

type Failing = LedgerReplayView['failing'][number];

/** `ledger replay`. Source: formats.md, "Commands"; gate.md §7 (replay). */
export function addLedgerCommands(program: Command, environment: CliEnvironment): void {
  const ledger = program.command('ledger').description('what was released stays safe together');
  ledger
    .command('replay')
    .requiredOption('--policy <file>', 'JSON: k, dominance {units, share}, pShare; not weaker than the policy in force')
    .option('--dataset <dataset>', 'this dataset only')
    .description('releases that a stricter policy would not let stand; changes nothing')
    .action((options: { readonly policy: string; readonly dataset?: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const policy = await readPolicy(options.policy);
        const datasets = options.dataset === undefined ? await allDatasets(session) : [options.dataset];
        for (const dataset of datasets) await replay(session, dataset, policy);
      }),
    );
}

async function allDatasets({ client }: Session): Promise<readonly string[]> {
  return (await client.list('/v1/datasets')).map((view) => view.dataset);
}

async function readPolicy(file: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch {
    throw new UsageError(`The policy cannot be read as a JSON file: ${file}`);
  }
}

async function replay({ client, output }: Session, dataset: string, policy: unknown): Promise<void> {
  const failing: Failing[] = [];
  let [done, after]: [number, number | null] = [0, 0];
  while (after !== null) {
    const stretch: LedgerReplayView = await client.postAsWritten('/v1/ledger/replay', { dataset, policy, after });
    done += stretch.replayed;
    failing.push(...stretch.failing);
    output.note(`replaying ${dataset}: ${done} of ${done + stretch.remaining} entries`);
    after = stretch.next;
  }
  if (output.json) for (const item of failing) output.record(item, '');
  else output.record(null, replayText(dataset, done, failing));
}

function replayText(dataset: string, done: number, failing: readonly Failing[]): string {
  if (failing.length === 0) return `${dataset}: all of ${done} released entries would stand.`;
  return textTable(
    ['release', 'job', 'dataset', 'rule', 'entries', 'clashes with'],
    failing.map((item) => [
      item.release ?? '—',
      item.job,
      item.dataset,
      item.rule,
      runsOf(item.entries),
      [runsOf(item.against), ...item.releases].join(' · '),
    ]),
  );
}

/** Numbers with those that follow one another as `from–to`. */
function runsOf(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from} ${to}` : `${from}–${to}`)).join(' ');
}
