import { type Command, Option } from 'commander';
import { type CliEnvironment, withSession } from '../session.ts';
import { settled } from '../typed-client.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly format: 'json' | 'csv' | 'html';
}

/** `sluice report NAME --from DAY --to DAY`: on standard output, as JSON, CSV or a printable page. Source: requirements.md §9. */
export function addReportCommand(program: Command, environment: CliEnvironment): void {
  const report = program.command('report');
  addSchedules(report, environment);
  report
    .argument('<name>', 'egress, onboarding, use, demand, quality, contribution or disclosure')
    .option('--from <day>', 'first day, YYYY-MM-DD in Asia/Shanghai')
    .option('--to <day>', 'last day')
    .addOption(new Option('--format <format>', 'form of the report').choices(['json', 'csv', 'html']).default('json'))
    .description('a periodic report over the records (operators, supervisors, auditors, authorities)')
    .action(async (name: string, { from, to, format }: Options, command: Command) => {
      // Not required of the commands below this one, which commander would ask for them too.
      if (from === undefined || to === undefined) return command.error("error: give '--from <day>' and '--to <day>'");
      return withSession(environment, command, async ({ api, output }) => {
        const params = { path: { name }, query: { from, to, format } };
        const text = String(await settled(api.GET('/v1/reports/{name}', { params, parseAs: 'text' })));
        output.record(format === 'json' ? (JSON.parse(text) as object) : { name, format, text }, text);
      });
    });
}

/** What the instance makes by itself, and what it made. Source: requirements.md §9; QZ-3.1.8c. */
function addSchedules(report: Command, environment: CliEnvironment): void {
  report
    .command('schedule')
    .argument('<name>', 'a report, or usage-log')
    .addOption(new Option('--every <rhythm>', 'how often').choices(['month', 'quarter', 'year']).default('month'))
    .option('--dataset <name>', 'of a usage-log: the dataset that it is about')
    .description('have a report made after each month, quarter or year; its readers find a notice')
    .action(async (name: string, { every, dataset }: ScheduleOptions, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const body = { report: name, rhythm: every, ...(dataset === undefined ? {} : { dataset }) };
        const made = await settled(api.POST('/v1/report-schedules', { body }));
        output.record(made, `Schedule ${made.id}: ${made.report}, every ${made.rhythm}. What it makes: sluice report kept`);
      }),
    );
  report
    .command('schedules')
    .description('what is made by itself')
    .action(async (_options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const { items } = await settled(api.GET('/v1/report-schedules'));
        for (const item of items)
          output.record(item, `${item.id}  ${item.state}  ${item.report}  every ${item.rhythm}  ${item.dataset ?? ''}`);
      }),
    );
  report
    .command('unschedule')
    .argument('<id>')
    .description('make it no more; what was made stays')
    .action(async (id: string, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const ended = await settled(api.POST('/v1/report-schedules/{id}/end', { params: { path: { id } } }));
        output.record(ended, `Ended ${ended.id}.`);
      }),
    );
  report
    .command('kept')
    .argument('[id]', 'one of them; without it a list')
    .description('what was made on schedule; --format as above, usage logs of a department included')
    .action(async (id: string | undefined, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const { format } = command.optsWithGlobals<Options>();
        if (id === undefined) {
          const { items } = await settled(api.GET('/v1/kept-reports'));
          for (const item of items) output.record(item, `${item.id}  ${item.report}  ${item.from} to ${item.to}  ${item.dataset ?? ''}`);
          return;
        }
        const params = { path: { id }, query: { format } };
        const text = String(await settled(api.GET('/v1/kept-reports/{id}', { params, parseAs: 'text' })));
        output.record(format === 'json' ? (JSON.parse(text) as object) : { id, format, text }, text);
      }),
    );
}

interface ScheduleOptions {
  readonly every: 'month' | 'quarter' | 'year';
  readonly dataset?: string;
}
