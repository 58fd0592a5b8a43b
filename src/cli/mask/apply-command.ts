import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { readFileColumns } from '../../instance/file-columns.ts';
import { type Hierarchy, readHierarchy } from '../../masking/hierarchy.ts';
import { applyPolicy, type MaskedColumn } from '../../masking/policy/apply-policy.ts';
import { type FilePolicy, readFilePolicy } from '../../masking/policy/mask-policy.ts';
import { csvText } from '../../synthetic/csv-lines.ts';
import { UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readText, refuse } from '../synth/input-files.ts';
import { readCsvHead } from './csv-head.ts';
import { writeAtomically } from './write-atomically.ts';

export interface ApplyCommandOptions {
  readonly policy: string;
  readonly in: string;
  readonly out: string;
  readonly key?: string;
}

const KEY_BYTES = 32;

/**
 * `mask apply`: the columns of a CSV file by a policy, row for row. Without `--key` a key is drawn and thrown away, so that nobody can go back from pseudonyms, and two runs
 * cannot be joined. Source: formats.md, "Commands"; docs/reference/masking.md.
 */
export async function applyCommand(environment: CliEnvironment, global: GlobalOptions, options: ApplyCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const policy = readFilePolicy(await readJson(options.policy));
  if (!policy.ok) return refuse(policy.error, global);
  const hierarchies = await hierarchiesOf(policy.value, options.policy, global);
  const master = options.key === undefined ? environment.rng.bytes(KEY_BYTES) : await readKey(options.key);
  const head = await readCsvHead(options.in);
  const read = await readFileColumns(environment.config, environment.rng, {
    path: options.in,
    shown: basename(options.in),
    headers: head.headers,
    delimiter: head.delimiter,
  });
  if (!read.ok) return refuse(read.error, global);
  const masked = applyPolicy(policy.value, read.value.columns, { rng: environment.rng, master, hierarchies });
  if (!masked.ok) return refuse(masked.error, global);
  const header = masked.value.map(({ column }) => column);
  const columns = masked.value.map(({ values }) => values);
  await writeAtomically(options.out, csvText(header, columns, read.value.rows));
  const summary = {
    policy: policy.value.policy,
    version: policy.value.version,
    rows: read.value.rows,
    key: options.key === undefined ? 'singleUse' : 'given',
    releasable: masked.value.every(({ statement }) => statement === 'kept' || statement.releasable),
    columns: masked.value.map(describe),
    dropped: head.headers.filter((name) => !header.includes(name)),
  };
  output.record(summary, summaryText(summary, options.out));
}

function describe({ column, statement, unrecognised, leastAnonymitySet }: MaskedColumn) {
  if (statement === 'kept')
    return {
      column,
      operator: 'keep',
      reversible: true,
      by: 'everybody',
      releasable: true,
      joinable: true,
      unrecognised,
      leastAnonymitySet,
    };
  const { operator, reversible, by, releasable, joinable } = statement;
  return { column, operator, reversible, by, releasable, joinable, unrecognised, leastAnonymitySet };
}

function summaryText(
  summary: { readonly rows: number; readonly releasable: boolean; readonly columns: readonly ReturnType<typeof describe>[] },
  out: string,
): string {
  return [
    `${summary.rows} rows written to ${out}`,
    ...summary.columns.map(
      (item) =>
        `  ${item.column}: ${item.operator}${item.reversible ? `, reversible by ${item.by}` : ''}${item.unrecognised > 0 ? `, ${item.unrecognised} values of an unknown format masked whole` : ''}`,
    ),
    ...(summary.releasable ? [] : ['NOT TO BE RELEASED: the key goes back from it.']),
  ].join('\n');
}

async function hierarchiesOf(policy: FilePolicy, file: string, global: GlobalOptions): Promise<ReadonlyMap<string, Hierarchy>> {
  const found = new Map<string, Hierarchy>();
  for (const [column, spec] of Object.entries(policy.columns)) {
    if (spec.operator !== 'generalise' || !('hierarchy' in spec)) continue;
    const path = isAbsolute(spec.hierarchy) ? spec.hierarchy : join(dirname(file), spec.hierarchy);
    const read = readHierarchy(await readText(path, `The hierarchy of ${column}`), column);
    if (!read.ok) return refuse(read.error, global);
    found.set(column, read.value);
  }
  return found;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file, 'The policy');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`The policy is not JSON: ${file}`);
  }
}

/** A file of at least 32 bytes, or of 64 hexadecimal digits. */
async function readKey(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch(() => {
    throw new UsageError(`The key cannot be read: ${file}`);
  });
  const text = bytes.toString('latin1').trim();
  const key = /^([0-9a-f]{2}){32,}$/i.test(text) ? Buffer.from(text, 'hex') : bytes;
  if (key.length < KEY_BYTES) throw new UsageError('A key has at least 32 bytes, or 64 hexadecimal digits');
  return key;
}
