import { type Command, Option } from 'commander';
import { type CliEnvironment, withSession } from '../session.ts';
import { settled } from '../typed-client.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly format: 'json' | 'csv' | 'html';
}

/** `sluice report NAME --from DAY --to DAY`: on standard output, as JSON, CSV or a printable page. Source: requirements.md §9. */
export function addReportCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('report')
    .argument('<name>', 'egress, onboarding, use, demand, quality, contribution or disclosure')
    .requiredOption('--from <day>', 'first day, YYYY-MM-DD in Asia/Shanghai')
    .requiredOption('--to <day>', 'last day')
    .addOption(new Option('--format <format>', 'form of the report').choices(['json', 'csv', 'html']).default('json'))
    .description('a periodic report over the records (operators, supervisors, auditors, authorities)')
    .action(async (name: string, { from, to, format }: Options, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const params = { path: { name }, query: { from, to, format } };
        const text = String(await settled(api.GET('/v1/reports/{name}', { params, parseAs: 'text' })));
        output.record(format === 'json' ? (JSON.parse(text) as object) : { name, format, text }, text);
      }),
    );
}
