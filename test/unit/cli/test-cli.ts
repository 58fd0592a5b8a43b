import { PassThrough, Readable } from 'node:stream';
import { runCli } from '../../../src/cli/program.ts';
import { readConfig } from '../../../src/config.ts';
import type { Instance } from '../../../src/instance.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { Rng } from '../../../src/kernel/rng.ts';
import type { Operations } from '../../../src/operations/operations.ts';
import type { Call } from '../http/fake-operations.ts';
import { testApp } from '../http/test-app.ts';

export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

const SESSIONS: Readonly<Record<string, string>> = { 'merchant-a': 'merchant-key-0000000', 'source-1': 'source-key-000000000' };

/** One command line against the real HTTP layer over fake operations. */
export async function cli(
  argv: readonly string[],
  options: {
    readonly changes?: Partial<Operations>;
    readonly stdin?: string;
    readonly environment?: Record<string, string>;
    readonly rng?: Rng;
  } = {},
): Promise<CliRun> {
  await using server = await testApp(options.changes ?? {}, { allowLocalFolders: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const instance = {
    app: server.app,
    isolation: 'process',
    sessionKey: async (principal: string) => SESSIONS[principal] ?? null,
    identity: { issueKey: async () => ok({ id: 'k', key: 'slk_k_s' }) },
    close: async () => undefined,
  } as unknown as Instance;
  const status = await runCli(argv, {
    config: readConfig(options.environment ?? {}),
    clock: { now: () => new Date('2026-01-01T00:00:00.000Z') },
    rng: options.rng ?? { bytes: (length) => new Uint8Array(length) },
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdout,
    stderr,
    stopAsked: async () => undefined,
    openInstance: async () => instance,
  });
  return { status, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? ''), calls: server.calls };
}
