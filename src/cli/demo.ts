import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ConfigError, readConfig } from '../config.ts';
import { openInstance } from '../instance.ts';
import { makeNarrator } from './demo/narrator.ts';
import { playDemo } from './demo/story.ts';
import { CliFault, EXIT, Refused } from './outcome.ts';
import { problemText } from './output.ts';

interface Options {
  readonly json?: boolean;
  readonly data?: string;
  readonly scale: number;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('must be a number above 0 and up to 1');
  return value;
}

/**
 * `npm run demo`: the day of the demonstration on a fresh instance. The story goes to standard output, with `--json` to
 * standard error; the last line of standard output is always the summary as JSON.
 */
async function main(): Promise<void> {
  const options = new Command('demo')
    .option('--json', 'only the summary on standard output')
    .option('--data <dir>', 'keep the instance in this folder; default: a temporary one, removed afterwards')
    .option('--scale <share>', 'share of the full city, more than 0 and at most 1', share, 1)
    .exitOverride()
    .parse()
    .opts<Options>();
  const startedAt = performance.now();
  const elapsedMs = (): number => performance.now() - startedAt;
  const dataDir = options.data === undefined ? await mkdtemp(join(tmpdir(), 'sluice-demo-')) : resolve(options.data);
  const narrator = makeNarrator(options.json === true ? process.stderr : process.stdout, elapsedMs);
  const clock = { now: () => new Date() };
  const rng = { bytes: (length: number) => randomBytes(length) };
  try {
    const instance = await openInstance({ dataDir, config: readConfig(), clock, rng, embedded: true });
    try {
      const cityFolder = join(dataDir, 'city-health');
      const summary = await playDemo({ instance, cityFolder, narrator, elapsedMs, today: clock.now(), scale: options.scale });
      narrator.say(
        options.data === undefined
          ? 'the instance is removed; keep one with --data DIR'
          : `look around: npm run -s sluice -- job list --data ${options.data} --as auditor-1`,
      );
      process.stdout.write(`${JSON.stringify(summary)}\n`);
    } finally {
      await instance.close();
    }
  } finally {
    if (options.data === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof CommanderError;
  if (isUsage) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (error instanceof Refused && error.document !== null) process.stderr.write(`${problemText(error.document.problems)}\n`);
  else if (error instanceof CliFault || error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else throw error;
  if (!isUsage) process.exitCode = EXIT.fault;
}
