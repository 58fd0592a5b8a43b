import type { Command } from 'commander';
import { type CliEnvironment, withSession } from '../session.ts';
import { settled } from '../typed-client.ts';

/** Notices sent to an address of one's own. Source: tracker issue 5 (notices by signed webhook). */
export function addWebhookCommands(program: Command, environment: CliEnvironment): void {
  const webhook = program.command('webhook').description('send your notices to an address, signed');
  webhook
    .command('add')
    .argument('<url>')
    .option('--kind <kind...>', 'kinds of notices, such as release.recalled; default: all')
    .description('send notices there from now on; the secret that signs them is shown once')
    .action(async (url: string, options: { readonly kind?: readonly string[] }, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const made = await settled(api.POST('/v1/webhooks', { body: { url, kinds: [...(options.kind ?? [])] } }));
        output.record(made, `Webhook ${made.id}. Its secret, shown this once:\n${made.secret}\nTry it: sluice webhook ping ${made.id}`);
      }),
    );
  webhook
    .command('list')
    .description('your webhooks')
    .action(async (_options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const { items } = await settled(api.GET('/v1/webhooks'));
        for (const item of items) output.record(item, `${item.id}  ${item.state}  ${item.kinds.join(' ') || 'all kinds'}  ${item.url}`);
      }),
    );
  webhook
    .command('ping')
    .argument('<id>')
    .description('send a signed notice that says nothing')
    .action(async (id: string, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const pinged = await settled(api.POST('/v1/webhooks/{id}/pings', { params: { path: { id } } }));
        output.record(pinged, `In line. What came of it: sluice webhook deliveries ${id}`);
      }),
    );
  webhook
    .command('deliveries')
    .argument('<id>')
    .description('what was sent, what waits, and what came of it')
    .action(async (id: string, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const { items } = await settled(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id } } }));
        for (const item of items) {
          const came = item.status === undefined ? (item.failure ?? '') : `${item.status} ${item.failure ?? ''}`;
          output.record(item, `${item.createdAt}  ${item.kind}  ${item.state}  attempts ${item.attempts}  ${came}`);
        }
      }),
    );
  webhook
    .command('end')
    .argument('<id>')
    .description('send nothing there any more')
    .action(async (id: string, _options: unknown, command: Command) =>
      withSession(environment, command, async ({ api, output }) => {
        const ended = await settled(api.POST('/v1/webhooks/{id}/end', { params: { path: { id } } }));
        output.record(ended, `Ended ${ended.id}.`);
      }),
    );
}
