import { buildApp } from '../../src/http/app.ts';
import type { LogLine } from '../../src/http/plugins/access-log.ts';
import type { App } from '../../src/http/routes/route-context.ts';
import { accountOperations } from '../../src/operations/account-operations.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { memoryAnswers } from '../unit/http/test-app.ts';
import type { TestInstance } from './operations-instance.ts';

/** The door of an instance, to be asked without a port: whoever comes is `asker()`; `onFault` gets what it could not answer. */
export async function openDoor(instance: TestInstance, asker: () => Actor | null, onFault: (line: LogLine) => void): Promise<App> {
  const { store, clock, rng } = instance.ports;
  return buildApp({
    operations: instance.operations,
    authenticate: async () => asker(),
    accounts: accountOperations({ store, clock, rng }),
    answers: memoryAnswers(),
    isHealthy: async () => true,
    rates: null,
    clock,
    rng,
    log: (line) => {
      if (line.event === 'fault') onFault(line);
    },
    inboxFolder: `${instance.folder}/inbox`,
    allowLocalFolders: false,
    limits: { bodyLimitBytes: 100_000, inboxFileLimitBytes: 1000, handlerTimeoutMs: 20_000, longHandlerTimeoutMs: 20_000 },
  });
}
