import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { MaskPolicyRecord } from '../../operations/mask-policy-store.ts';
import { query, segment } from '../api-client.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { textTable } from '../text-table.ts';

/** `mask policy …`: policies of datasets in an instance. Source: issue "Masking" (policies, versioned and approved by two owners). */
export function addMaskPolicyCommands(mask: Command, environment: CliEnvironment): void {
  const policy = mask.command('policy').description('masking policies of an instance: label × role × purpose → operator');
  policy
    .command('propose')
    .argument('<file>', 'policy (JSON): policy, dataset, rules')
    .description('propose a version; it holds once data authority and secrecy side agreed')
    .action((file: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const made = await client.postAsWritten('/v1/mask-policies', await readPolicy(file));
        output.record(made, policyText(made));
      }),
    );
  for (const decision of ['approve', 'reject'] as const)
    policy
      .command(decision)
      .argument('<id>')
      .requiredOption('--reason <text>')
      .description(`${decision} a proposed version, as one of its two owners`)
      .action((id: string, { reason }: { readonly reason: string }, command: Command) =>
        withSession(environment, command, async ({ client, output }) => {
          const made = await client.post(`/v1/mask-policies/${segment(id)}/decision`, { decision, reason });
          output.record(made, policyText(made));
        }),
      );
  policy
    .command('list')
    .option('--dataset <dataset>')
    .description('versions, newest first')
    .action((options: { readonly dataset?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.list(`/v1/mask-policies${query({ dataset: options.dataset })}`);
        if (output.json) for (const item of found) output.record(item, '');
        else output.record(null, found.length === 0 ? 'No policies.' : listText(found));
      }),
    );
  policy
    .command('show')
    .argument('<id>')
    .description('rules of a version, and who agreed to it')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const found = await client.get(`/v1/mask-policies/${segment(id)}`);
        output.record(found, policyText(found));
      }),
    );
}

async function readPolicy(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The policy cannot be read: ${file}`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`The policy is not JSON: ${file}`);
  }
}

function listText(found: readonly MaskPolicyRecord[]): string {
  return textTable(
    ['ID', 'POLICY', 'DATASET', 'STATE', 'APPROVED BY'],
    found.map((item) => [item.id, `${item.policy}@${item.version}`, item.dataset, item.state, sidesOf(item)]),
  );
}

function sidesOf({ decisions }: MaskPolicyRecord): string {
  const approved = decisions.filter(({ decision }) => decision === 'approve').map(({ owner }) => owner);
  return approved.length === 0 ? 'nobody yet' : approved.join(', ');
}

function policyText(item: MaskPolicyRecord): string {
  const rows = item.rules.map(({ label, role, purpose, operator }) => [label, role, purpose, operator.operator]);
  return [
    `${item.id}: ${item.policy}@${item.version} of ${item.dataset}, ${item.state}; approved by ${sidesOf(item)}`,
    textTable(['LABEL', 'ROLE', 'PURPOSE', 'OPERATOR'], rows),
  ].join('\n');
}
