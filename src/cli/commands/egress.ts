import type { Command } from 'commander';
import type { AffiliationView } from '../../operations/egress-interface.ts';
import { query, segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { egressListText, egressText, releaseText } from '../view-text.ts';

/** Steps with a reason and nothing else: verb, noun of the route, what it does, and the reason recorded where none is given. */
const STEPS = [
  { verb: 'withdraw', noun: 'withdrawals', description: 'take your own request back', unsaid: 'no remark' },
  { verb: 'recall', noun: 'recalls', description: 'call a released result back', unsaid: '' },
  { verb: 'clear', noun: 'clearances', description: 'let a request that is held for linkage go to review', unsaid: '' },
  { verb: 'appeal', noun: 'appeals', description: 'appeal against the rejection of your request', unsaid: '' },
] as const;

interface Spoken {
  readonly reason: string;
}

interface VoteOptions extends Spoken {
  readonly grounds?: string;
  readonly waive?: readonly string[];
  readonly pass?: readonly string[];
  readonly fail?: readonly string[];
  readonly file?: readonly string[];
}

/** Posts one step of a request and prints where it then stands. */
async function step(environment: CliEnvironment, command: Command, id: string, noun: string, body: unknown): Promise<void> {
  await withSession(environment, command, async ({ client, output }) => {
    // Every step has its own body, made where it is asked for, and the same answer.
    const path = `/v1/egress-requests/${segment(id)}/${noun}` as `/v1/egress-requests/${string}/approvals`;
    const view = await client.postAsWritten(path, body);
    output.record(view, egressListText([view]));
  });
}

/** Review, filing and release of what wants to leave. Source: formats.md, "Commands" (egress). */
export function addEgressCommands(program: Command, environment: CliEnvironment): void {
  const egress = program.command('egress').description('requests to let a result out');
  addReading(egress, environment);
  addVotes(egress, environment);
  addExchange(egress, environment);
  for (const item of STEPS) {
    egress
      .command(item.verb)
      .argument('<id>')
      .option('--reason <text>', 'why', item.unsaid)
      .description(item.description)
      .action((id: string, { reason }: Spoken, command: Command) => step(environment, command, id, item.noun, { reason }));
  }
  addRecordsAndRelease(egress, environment);
  addAffiliation(egress, environment);
}

function addReading(egress: Command, environment: CliEnvironment): void {
  egress
    .command('list')
    .option('--state <state>')
    .description('requests you may see')
    .action((options: { readonly state?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list(`/v1/egress-requests${query({ state: options.state })}`);
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, egressListText(views));
      }),
    );
  egress
    .command('show')
    .argument('<id>')
    .description('one request; reviewers also see what would leave')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/egress-requests/${segment(id)}`);
        output.record(view, egressText(view));
      }),
    );
}

function addVotes(egress: Command, environment: CliEnvironment): void {
  const votes = [
    { verb: 'approve', noun: 'approvals', description: 'vote for the release', unsaid: 'no remark' },
    { verb: 'reject', noun: 'rejections', description: 'vote against the release; on disclosure grounds it ends the request', unsaid: '' },
  ] as const;
  for (const vote of votes) {
    const command = egress.command(vote.verb).argument('<id>').option('--reason <text>', 'why', vote.unsaid);
    if (vote.verb === 'reject') command.option('--grounds <grounds>', 'disclosure (default), purpose, compliance or quality');
    command
      .option('--waive <rule=reason...>', 'why a soft finding does no harm')
      .option('--pass <object/domain=evidence...>', 'state a cell of the compliance check to be passed')
      .option('--fail <object/domain=evidence...>', 'state a cell of the compliance check to be failed')
      .option('--file <name=approve|reject...>', 'vote on each file of the content')
      .description(vote.description)
      .action((id: string, options: VoteOptions, self: Command) => step(environment, self, id, vote.noun, voteBody(options)));
  }
}

function voteBody(options: VoteOptions): unknown {
  const cells = (result: 'pass' | 'fail', texts: readonly string[] = []) =>
    pairs(texts).map(([cell, evidence]) => {
      const [object = '', domain = ''] = cell.split('/');
      return { object, domain, result, evidence };
    });
  const checklist = [...cells('pass', options.pass), ...cells('fail', options.fail)];
  return {
    reason: options.reason,
    ...(options.grounds === undefined ? {} : { grounds: options.grounds }),
    ...(options.waive === undefined ? {} : { waivers: pairs(options.waive).map(([rule, reason]) => ({ rule, reason })) }),
    ...(options.file === undefined ? {} : { files: pairs(options.file).map(([name, vote]) => ({ name, vote })) }),
    ...(checklist.length === 0 ? {} : { checklist }),
  };
}

function pairs(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`Write "${text}" as NAME=TEXT`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

function addExchange(egress: Command, environment: CliEnvironment): void {
  egress
    .command('return')
    .argument('<id>')
    .option('--reason <text>', 'why', '')
    .option('--question <text...>', 'what the merchant has to answer')
    .description('send back to the merchant')
    .action((id: string, options: Spoken & { readonly question?: readonly string[] }, command: Command) =>
      step(environment, command, id, 'returns', { reason: options.reason, questions: options.question ?? [] }),
    );
  egress
    .command('resubmit')
    .argument('<id>')
    .option('--answer <text...>', 'answers to the questions, in their order')
    .description('answer, and open a new round of your returned request')
    .action((id: string, options: { readonly answer?: readonly string[] }, command: Command) =>
      step(environment, command, id, 'resubmissions', { answers: options.answer ?? [] }),
    );
  egress
    .command('comment')
    .argument('<id>')
    .requiredOption('--text <text>', 'what there is to say')
    .option('--private', 'for people inside the domain only')
    .description('comment on a request')
    .action((id: string, options: { readonly text: string; readonly private?: boolean }, command: Command) =>
      step(environment, command, id, 'comments', { text: options.text, visibility: options.private === true ? 'private' : 'public' }),
    );
}

function addRecordsAndRelease(egress: Command, environment: CliEnvironment): void {
  egress
    .command('assess')
    .argument('<id>')
    .requiredOption('--reference <number>', 'number of the assessment')
    .description('record a risk assessment')
    .action((id: string, options: { readonly reference: string }, command: Command) =>
      step(environment, command, id, 'assessments', { reference: options.reference }),
    );
  egress
    .command('file')
    .argument('<id>')
    .requiredOption('--receipt <number>', 'receipt of the filing')
    .description('record the filing with the supervisor')
    .action((id: string, options: { readonly receipt: string }, command: Command) =>
      step(environment, command, id, 'filings', { receipt: options.receipt }),
    );
  egress
    .command('decide-appeal')
    .argument('<id>')
    .option('--uphold', 'review it again')
    .option('--dismiss', 'it stays rejected')
    .option('--reason <text>', 'why', '')
    .description('decide an appeal')
    .action((id: string, options: Spoken & { readonly uphold?: boolean; readonly dismiss?: boolean }, command: Command) => {
      if ((options.uphold === true) === (options.dismiss === true)) throw new UsageError('Say either --uphold or --dismiss');
      return step(environment, command, id, 'appeal-decisions', { isUpheld: options.uphold === true, reason: options.reason });
    });
  egress
    .command('release')
    .argument('<id>')
    .description('check everything again and write the release package')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.post(`/v1/egress-requests/${segment(id)}/releases`);
        output.record(view, releaseText(view));
      }),
    );
}

interface AffiliateOptions extends Spoken {
  readonly from?: string;
  readonly to?: string;
  readonly end?: boolean;
}

function addAffiliation(egress: Command, environment: CliEnvironment): void {
  egress
    .command('affiliate')
    .argument('<organisation>')
    .argument('<affiliate>')
    .option('--from <day>', 'first day, YYYY-MM-DD (default: always)')
    .option('--to <day>', 'last day (default: none)')
    .option('--end', 'write the last day of one that has none (default: today)')
    .option('--reason <text>', 'why', '')
    .description('declare two organisations to belong together: neither reviews what the other lets out')
    .action((organisation: string, affiliate: string, { from, to, end, reason }: AffiliateOptions, command: Command) => {
      if (end === true && from !== undefined) throw new UsageError('--from stands when it is declared; say --end with --to alone');
      return withSession(environment, command, async ({ client, output }) => {
        const body = {
          organisation,
          affiliate,
          reason,
          ...(from === undefined ? {} : { validFrom: from }),
          ...(to === undefined ? {} : { validTo: to }),
        };
        const view = end === true ? await client.post('/v1/affiliations/ends', body) : await client.post('/v1/affiliations', body);
        output.record(view, affiliationText(view));
      });
    });
  egress
    .command('affiliates')
    .argument('<organisation>')
    .description('organisations that belong with one, today and before')
    .action((organisation: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/affiliations${query({ organisation })}`);
        output.record(view, affiliationText(view));
      }),
    );
}

function affiliationText({ organisation, affiliates, terms }: AffiliationView): string {
  const today = affiliates.length === 0 ? 'nobody' : affiliates.join(', ');
  const lines = terms.map(
    (term) => `  ${term.organisation} and ${term.affiliate}: ${term.validFrom ?? 'always'} to ${term.validTo ?? 'this day'}`,
  );
  return [`${organisation} belongs with ${today}`, ...lines].join('\n');
}
