import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { serveWitness } from '../../instance/witness-server.ts';
import { CliFault, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { portNumber } from '../whole-number.ts';

interface WitnessOptions {
  readonly dir: string;
  readonly name: string;
  readonly log: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** A small process of its own, at a security team or a supervisor: no store, no instance. Source: C2SP tlog-witness. */
export function addWitnessCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('witness')
    .requiredOption('--dir <dir>', 'folder of its key and of what it remembers')
    .requiredOption('--name <name>', 'name of its key, such as witness.example/security')
    .option(
      '--log <key>',
      'verifier key of a log it may sign for; again for more',
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', '0 takes a free one', portNumber, 8081)
    .option('--tls-cert <file>', 'certificate (PEM) to serve HTTPS with; together with --tls-key')
    .option('--tls-key <file>', 'its private key (PEM)')
    .description('sign checkpoints of logs that only ever grow (C2SP witness), until asked to stop')
    .action(async (options: WitnessOptions, command: Command) => {
      const { dir, name, log, host, port } = options;
      const tls = await tlsOf(options);
      const started = serveWitness({
        folder: dir,
        name,
        logs: log,
        host,
        port,
        clock: environment.clock,
        ...(tls === null ? {} : { tls }),
      });
      const server = await started.catch((error: unknown) => {
        if (error instanceof RangeError) throw new UsageError(`${error.message}.`);
        throw new CliFault('The witness could not start: see that the folder can be written and the port is free.');
      });
      try {
        const output = makeOutput(environment, globalOptions(command).json === true);
        const { address, key } = server;
        output.record({ event: 'listening', address, key }, `The witness listens on ${address}. Its key: ${key}`);
        await environment.stopAsked();
      } finally {
        await server.close();
      }
    });
}

async function tlsOf({ tlsCert, tlsKey }: WitnessOptions): Promise<{ readonly cert: string; readonly key: string } | null> {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) throw new UsageError('TLS needs both --tls-cert and --tls-key');
  const read = (path: string): Promise<string> =>
    readFile(path, 'utf8').catch(() => {
      throw new UsageError(`There is no such file: ${path}`);
    });
  return { cert: await read(tlsCert), key: await read(tlsKey) };
}
