import type { Command } from 'commander';
import type { LogLine } from '../../http/plugins/access-log.ts';
import type { Instance } from '../../instance.ts';
import { CliFault } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { portNumber } from '../whole-number.ts';

export function addServeCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('serve')
    .option('--port <port>', 'default: SLUICE_PORT or 8080; 0 takes a free one', portNumber)
    .option('--host <address>', 'default: SLUICE_HOST or 127.0.0.1')
    .description('serve the HTTP API until asked to stop')
    .action(async (options: { readonly port?: number; readonly host?: string }, command: Command) => {
      const global = globalOptions(command);
      const output = makeOutput(environment, global.json === true);
      const { config, clock, rng } = environment;
      const log = (line: LogLine): void => void environment.stderr.write(`${JSON.stringify(line)}\n`);
      const instance = await environment.openInstance({ dataDir: global.data, config, clock, rng, embedded: false, log });
      try {
        const stopped = environment.stopAsked();
        const address = await listen(instance, { host: options.host, port: options.port });
        await instance.recordStart();
        output.record(
          { event: 'listening', address },
          `Sluice listens on ${address} (isolation: ${instance.isolation}). API: ${address}/openapi.json`,
        );
        const first = await instance.accounts.bootstrap();
        if (first !== null)
          output.record({ event: 'bootstrap', token: first.token, expiresAt: first.expiresAt }, bootstrapText(address, first.token));
        await stopped;
        log({ at: clock.now().toISOString(), level: 'info', event: 'stopping' });
        await instance.recordStop();
      } finally {
        await instance.close();
      }
    });
}

/** A process that runs jobs which the API processes of the same instance put in line. */
export function addWorkerCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('worker')
    .description('run queued jobs of an instance on PostgreSQL until asked to stop; serves nothing')
    .action(async (_options: unknown, command: Command) => {
      const global = globalOptions(command);
      const output = makeOutput(environment, global.json === true);
      const { clock, rng } = environment;
      if (environment.config.databaseUrl === null) throw new CliFault(WITHOUT_DATABASE);
      const config = { ...environment.config, runsJobs: true };
      const log = (line: LogLine): void => void environment.stderr.write(`${JSON.stringify(line)}\n`);
      const instance = await environment.openInstance({ dataDir: global.data, config, clock, rng, embedded: false, log });
      try {
        const stopped = environment.stopAsked();
        await instance.recordStart();
        output.record({ event: 'working', isolation: instance.isolation }, `Sluice runs jobs (isolation: ${instance.isolation}).`);
        await stopped;
        log({ at: clock.now().toISOString(), level: 'info', event: 'stopping' });
        await instance.recordStop();
      } finally {
        await instance.close();
      }
    });
}

const WITHOUT_DATABASE =
  'Workers of their own need records that several processes share: set SLUICE_DATABASE_URL. Without it "sluice serve" runs the jobs itself.';

/** Told at the start while nobody has an account or an API key; each start makes the token before it worthless. */
function bootstrapText(address: string, token: string): string {
  return [
    'Nobody has an account yet. This token makes the first operator, once, within 72 hours:',
    token,
    `POST ${address}/v1/accounts {"token": …, "principal": NAME, "organisation": ORGANISATION, "password": …}`,
  ].join('\n');
}

/** Reasons of the system that a person can do something about; the rest stays a fault of its class. */
const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use. Name another with --port, or 0 for a free one.',
  EACCES: 'This user may not open that port. Name one above 1023 with --port.',
  EADDRNOTAVAIL: 'This machine does not have that address. Name another with --host.',
  ENOTFOUND: 'There is no such address. Name another with --host.',
};

async function listen(instance: Instance, at: Parameters<Instance['listen']>[0]): Promise<string> {
  try {
    return await instance.listen(at);
  } catch (error) {
    const advice = LISTEN_FAULTS[String((error as NodeJS.ErrnoException).code)];
    throw advice === undefined ? error : new CliFault(advice);
  }
}
