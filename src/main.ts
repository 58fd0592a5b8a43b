import { randomBytes } from 'node:crypto';
import { runCli } from './cli/program.ts';
import { ConfigError, readConfig } from './config.ts';
import { openInstance } from './instance.ts';

// Who reads what is printed may stop (`| head`): the command goes on to its end, and what it did stands on record.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  const config = readConfig();
  process.exitCode = await runCli(process.argv.slice(2), {
    config,
    clock: { now: () => new Date() },
    rng: { bytes: (length) => randomBytes(length) },
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    stopAsked: () =>
      new Promise((stop) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
      }),
    openInstance,
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.faults.join('\n')}\n`);
  process.exitCode = 2;
}
