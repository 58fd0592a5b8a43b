import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Instance, InstanceOptions } from '../instance.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Rng } from '../kernel/rng.ts';
import { ApiClient } from './api-client.ts';
import { embeddedTransport } from './embedded-transport.ts';
import { networkTransport } from './network-transport.ts';
import { UsageError } from './outcome.ts';
import { makeOutput, type Output } from './output.ts';
import { type TypedClient, typedClient } from './typed-client.ts';

/** What the command needs of the process around it. */
export interface CliEnvironment {
  readonly config: Config;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Resolves when the process is asked to stop; until it is called, a signal ends the process at once. */
  readonly stopAsked: () => Promise<void>;
  readonly openInstance: (options: InstanceOptions) => Promise<Instance>;
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly data: string;
  readonly server?: string;
  readonly as?: string;
  readonly language: 'en' | 'zh';
}

/** One command's way to the API and its output. */
export interface Session {
  readonly client: ApiClient;
  /** The same, with the types of the OpenAPI document. */
  readonly api: TypedClient;
  readonly output: Output;
  readonly options: GlobalOptions;
}

export function globalOptions(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/** Runs `work` with a client of the server named, or of an embedded instance that lives as long as `work`. */
export async function withSession(environment: CliEnvironment, command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const options = globalOptions(command);
  const output = makeOutput(environment, options.json === true);
  if (options.server !== undefined) {
    if (options.as !== undefined) throw new UsageError('--as is for embedded instances; a server knows you by SLUICE_API_KEY');
    const { apiKey } = environment.config.client;
    if (apiKey === null) throw new UsageError('Set SLUICE_API_KEY to your API key before you use --server');
    const transport = networkTransport(options.server, apiKey.reveal());
    return work({ client: new ApiClient(transport, options.language), api: typedClient(transport, options.language), output, options });
  }
  if (options.as === undefined)
    throw new UsageError('Say who you are with --as USER (merchant-a, operator-1, …), or name a server with --server URL');
  const { as } = options;
  await withInstance(environment, options, async (instance) => {
    const transport = await embeddedTransport(instance, as);
    await work({ client: new ApiClient(transport, options.language), api: typedClient(transport, options.language), output, options });
  });
}

/** Runs `work` with the instance in the data folder, opened for this command alone. */
export async function withInstance(
  environment: CliEnvironment,
  options: GlobalOptions,
  work: (instance: Instance) => Promise<void>,
): Promise<void> {
  const { config, clock, rng } = environment;
  const instance = await environment.openInstance({ dataDir: options.data, config, clock, rng, embedded: true });
  try {
    await work(instance);
  } finally {
    await instance.close();
  }
}
