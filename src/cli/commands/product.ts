import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { egressListText, resultText } from '../view-text.ts';

/** JSON of a file that the asker names. */
async function readDefinition(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no such file: ${file}`);
  });
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new UsageError(`${file} is not JSON`);
  }
}

/** `name=value`; whole numbers are numbers. */
function valuesOf(texts: readonly string[]): Record<string, string | number> {
  const pairs = texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`Write "${text}" as NAME=VALUE`);
    const value = text.slice(at + 1);
    return [text.slice(0, at), /^-?\d{1,15}$/.test(value) ? Number(value) : value] as const;
  });
  return Object.fromEntries(pairs);
}

/** Interfaces that answer after their release. Source: requirements.md §10.3 (api, O). */
export function addProductCommands(program: Command, environment: CliEnvironment): void {
  const product = program.command('product').description('interfaces that answer after their release');
  product
    .command('api')
    .argument('<file>', 'JSON: dataset, template, parameters, callsPerDay, callsPerMinute')
    .description('ask for the release of an interface')
    .action((file: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.postAsWritten('/v1/products/apis', await readDefinition(file));
        output.record(view, egressListText([view]));
      }),
    );
  product
    .command('call')
    .argument('<release>')
    .option('--value <name=value...>', 'one for each parameter')
    .description('call a released interface')
    .action((release: string, options: { readonly value?: readonly string[] }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const values = valuesOf(options.value ?? []);
        const view = await client.post(`/v1/products/${segment(release)}/calls`, { values });
        output.record(view, `${resultText(view.table)}\n${view.caution.en}`);
      }),
    );
  product
    .command('verification')
    .argument('<file>', 'JSON: dataset, table, keyColumn, compareColumn, basis, batchMinimum, keysPerDay')
    .description('ask for the release of a verification service')
    .action((file: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.postAsWritten('/v1/products/verifications', await readDefinition(file));
        output.record(view, egressListText([view]));
      }),
    );
  product
    .command('verify')
    .argument('<release>')
    .argument('<file>', 'JSON: reference of the basis, items with key and claim')
    .description('verify a batch of keys: yes, no or unknown')
    .action((release: string, file: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const body = await readDefinition(file);
        const view = await client.postAsWritten(`/v1/products/${segment(release)}/verifications`, body);
        output.record(view, `answers: ${view.answers.join(', ')}`);
      }),
    );
  for (const verb of ['stop', 'start'] as const) {
    product
      .command(verb)
      .argument('<release>')
      .option('--reason <text>', 'why', '')
      .description(verb === 'stop' ? 'stop a product at once' : 'let a stopped product answer again')
      .action((release: string, { reason }: { readonly reason: string }, command: Command) =>
        withSession(environment, command, async ({ client, output }) => {
          const body = { isStopped: verb === 'stop', reason };
          const view = await client.post(`/v1/products/${segment(release)}/stop-switch`, body);
          output.record(view, view.isStopped ? `${release} is stopped` : `${release} answers again`);
        }),
      );
  }
}
