import type { Command } from 'commander';
import type { LogLine } from '../../http/plugins/access-log.ts';
import { makeOutput } from '../output.ts';
import { type CliEnvironment, globalOptions } from '../session.ts';
import { wholeNumber } from '../whole-number.ts';

export function addServeCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('serve')
    .option('--port <port>', 'default: SLUICE_PORT or 8080; 0 takes a free one', wholeNumber)
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
        const address = await instance.listen({ host: options.host, port: options.port });
        output.record(
          { event: 'listening', address },
          `Sluice listens on ${address} (isolation: ${instance.isolation}). API: ${address}/openapi.json`,
        );
        await stopped;
        log({ at: clock.now().toISOString(), level: 'info', event: 'stopping' });
      } finally {
        await instance.close();
      }
    });
}
