import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../src/cli/program.ts';
import { readConfig } from '../../src/config.ts';
import { openInstance } from '../../src/instance.ts';
import { SAME_RNG } from '../support/same-rng.ts';

export const CLOCK = { now: () => new Date() };
export const RNG = SAME_RNG;

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of standard output. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface RunningCli {
  readonly stdout: PassThrough;
  stop(): void;
  readonly ended: Promise<Run>;
}

/** The command as a process would run it, with the real instance behind it. */
export function startCli(
  argv: readonly string[],
  options: { readonly stdin?: string; readonly environment?: Record<string, string> } = {},
): RunningCli {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const written = { stdout: '', stderr: '' };
  stdout.on('data', (chunk) => (written.stdout += String(chunk)));
  stderr.on('data', (chunk) => (written.stderr += String(chunk)));
  const stop = Promise.withResolvers<void>();
  const status = runCli(argv, {
    config: readConfig(options.environment ?? {}),
    clock: CLOCK,
    rng: RNG,
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout,
    stderr,
    stopAsked: () => stop.promise,
    openInstance,
  });
  const ended = status.then(async (code): Promise<Run> => {
    await new Promise((resolve) => setImmediate(resolve));
    const lines = argv.includes('--json') && written.stdout !== '' ? written.stdout.trimEnd().split('\n') : [];
    return { status: code, ...written, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  });
  return { stdout, stop: () => stop.resolve(), ended };
}

export const cli = (argv: readonly string[], options?: Parameters<typeof startCli>[1]): Promise<Run> => startCli(argv, options).ended;
