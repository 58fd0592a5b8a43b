import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { SensitiveWish } from '../../masking/anonymity/anonymise.ts';
import { closenessWish, diversityWish } from '../mask/wishes.ts';
import { UsageError } from '../outcome.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';
import { positive } from './fit.ts';
import { followJob } from './job.ts';

interface DatasetOptions {
  readonly spec?: string;
  readonly table?: string;
  readonly k?: number;
  readonly l: readonly SensitiveWish[];
  readonly t: readonly SensitiveWish[];
  readonly suppress?: number;
  readonly carry: readonly string[];
  readonly algorithm?: string;
  readonly basis?: string;
  readonly wait: boolean;
}

/** `mask dataset` and `mask subject`: masked datasets of an instance. Source: issue "Masking" (masked datasets, consent). */
export function addMaskDatasetCommands(mask: Command, environment: CliEnvironment): void {
  mask
    .command('dataset')
    .argument('<dataset>')
    .option('--spec <file>', 'all of it as JSON: table, k, wishes, suppress, algorithm, carry, basis')
    .option('--table <table>')
    .option('--k <n>', 'people that every row shares its looks with', wholeNumber)
    .option('--l <wish>', 'l-diversity: 3:COLUMN, entropy-3:COLUMN, recursive-C-L:COLUMN', collect(diversityWish), [])
    .option('--t <wish>', 't-closeness: 0.2:COLUMN, ordered-0.2:COLUMN', collect(closenessWish), [])
    .option('--suppress <share>', 'share of rows that may be taken out', positive)
    .option('--carry <column>', 'pass this column on by its policy; repeat for more; default: those of role sensitive', collect(String), [])
    .addOption(new Option('--algorithm <name>', 'global recoding, or cuts at medians').choices(['lattice', 'mondrian']))
    .addOption(new Option('--basis <basis>', 'mask, or consent: rows of subjects who consented alone').choices(['mask', 'consent']))
    .option('--no-wait', 'return at once')
    .description('make a masked dataset of the real data by the policy in force; it leaves as an egress request of its own')
    .action((dataset: string, options: DatasetOptions, command: Command) =>
      withSession(environment, command, async (session) => {
        const job = await session.client.postAsWritten('/v1/masked-datasets', { ...(await specOf(options)), dataset });
        await followJob(session, job, options.wait);
      }),
    );
  mask
    .command('subject')
    .argument('<dataset>')
    .argument('<file>', 'file that holds the value of the unit, such as a resident ID')
    .description('the keyed hash by which a record of consent names its subject')
    .action((dataset: string, file: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const made = await client.post('/v1/consent-subjects', {
          dataset,
          subject: (await textOf(file)).trim(),
        });
        output.record(made, made.subjectHash);
      }),
    );
}

async function specOf({ spec, wait: _wait, l, t, carry, ...options }: DatasetOptions): Promise<Readonly<Record<string, unknown>>> {
  const given = spec === undefined ? {} : asObject(await textOf(spec));
  const wishes = [...l, ...t];
  return { ...given, ...options, ...(wishes.length === 0 ? {} : { wishes }), ...(carry.length === 0 ? {} : { carry }) };
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below: what stands in the file is not repeated.
  }
  throw new UsageError('The specification is not a JSON object');
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file that can be read: ${file}`);
  });
}

function collect<T>(read: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  return (text, before) => [...before, read(text)];
}
