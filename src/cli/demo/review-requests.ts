import { segment } from '../api-client.ts';
import type { EgressView, JobView } from '../api-paths.ts';
import { fetchReleaseFile } from '../commands/release.ts';
import { CliFault } from '../outcome.ts';
import type { Cast } from './cast.ts';
import type { Narrator } from './narrator.ts';

const path = <const N extends string>(id: string, noun: N) => `/v1/egress-requests/${segment(id)}/${noun}` as const;

/** Operators look at every request: honest ones are approved by two, except the last, which both find too fine. */
export async function reviewRequests(cast: Cast, honest: readonly JobView[], narrator: Narrator): Promise<readonly EgressView[]> {
  narrator.chapter('Two operators, neither of them the author, look at what would leave');
  const jobs = honest.map((job) => job.id);
  const waiting = (await cast.operator1.list('/v1/egress-requests')).filter((item) => item.state === 'REVIEW').reverse();
  const approved: EgressView[] = [];
  let rejected = 0;
  for (const request of waiting) {
    const seen = await cast.operator1.get(`/v1/egress-requests/${segment(request.id)}`);
    narrator.say(`${seen.id}: ${seen.preview?.rows.length ?? 0} rows, withheld cells ${seen.withheldBand}`);
    const isLastHonest = seen.job === jobs.at(-1) && approved.length > 0;
    if (!jobs.includes(seen.job) || isLastHonest) {
      await cast.operator1.post(path(seen.id, 'rejections'), { reason: 'Does not serve the granted scenario.' });
      narrator.say('  operator-1 rejects: it does not serve the granted scenario');
      rejected += 1;
      continue;
    }
    await cast.operator1.post(path(seen.id, 'approvals'), { reason: 'Aggregates only, fits the scenario.' });
    approved.push(await cast.operator2.post(path(seen.id, 'approvals'), { reason: 'Agreed.' }));
    narrator.say('  operator-1 and operator-2 approve');
  }
  if (approved.length === 0) throw new CliFault('No request came to review; nothing can be released.');
  narrator.say(`${approved.length} approved, ${rejected} rejected`);
  return approved;
}

/** Filing, release, and what the merchant then holds in hand. */
export async function releaseOne(cast: Cast, request: EgressView, receipt: string, narrator: Narrator): Promise<void> {
  narrator.chapter('The supervisor files, the result leaves');
  await cast.supervisor.post(path(request.id, 'filings'), { receipt });
  narrator.say(`filing receipt ${receipt} recorded`);
  const release = await cast.operator1.post(path(request.id, 'releases'));
  narrator.say(`released as ${release.id}: ${release.files.map((file) => file.name).join(', ')}`);
  const data = release.files.find((file) => file.name.endsWith('.csv'));
  if (data === undefined) return;
  const csv = await fetchReleaseFile(cast.merchant, release.id, data.name);
  const lines = csv.toString('utf8').trimEnd().split(/\r?\n/);
  narrator.say(`merchant-a downloads ${data.name} (${lines.length - 1} rows):`);
  narrator.show(lines.slice(0, 8).join('\n'));
}
