import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../src/http/app.ts';
import type { LogLine } from '../../../src/http/plugins/access-log.ts';
import type { Rates } from '../../../src/http/plugins/rate-limit.ts';
import type { App } from '../../../src/http/routes/route-context.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import { err } from '../../../src/kernel/result.ts';
import type { AccountDoor } from '../../../src/operations/account-door.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import type { AnswerStore, KeptAnswer, RequestMark } from '../../../src/operations/answer-store.ts';
import type { Operations } from '../../../src/operations/operations.ts';
import { problem } from '../../../src/problems/problem.ts';
import { type Call, fakeOperations } from './fake-operations.ts';

const NO_ACCOUNTS: AccountDoor = {
  enrol: async () => err([problem('account.enrolment_refused', {})]),
  signIn: async () => err([problem('account.sign_in_refused', {})]),
  session: async () => null,
  signOut: async () => undefined,
  certificateHolder: async () => null,
};

/** Answers in memory, with the rules of the store. */
export function memoryAnswers(): AnswerStore {
  const kept = new Map<string, { readonly mark: RequestMark; readonly answer?: KeptAnswer | null }>();
  const idOf = (mark: RequestMark): string => `${mark.principal} ${mark.key}`;
  return {
    async begin(mark) {
      const found = kept.get(idOf(mark));
      if (found === undefined) {
        kept.set(idOf(mark), { mark });
        return { kind: 'none' };
      }
      if (found.mark.fingerprint !== mark.fingerprint) return { kind: 'other' };
      if (found.answer === undefined) return { kind: 'unsettled' };
      return found.answer === null ? { kind: 'secret' } : { kind: 'answered', answer: found.answer };
    },
    async settle(mark, answer) {
      kept.set(idOf(mark), { mark, answer });
    },
  };
}

export const KEYS: Readonly<Record<string, Actor>> = {
  'merchant-key-0000000': { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] },
  'operator-key-0000000': { id: 'operator-1', organisation: 'operator-co', roles: ['operator'] },
  'source-key-for-the-network-0000000000': { id: 'source-1', organisation: 'source-department', roles: ['source'] },
  'source-key-000000000': { id: 'source-1', organisation: 'source-department', roles: ['source'] },
};
export const OPERATOR = { authorization: 'Bearer operator-key-0000000' };
export const MERCHANT = { authorization: 'Bearer merchant-key-0000000' };
export const SOURCE = { authorization: 'Bearer source-key-000000000' };

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly calls: Call[];
  readonly log: LogLine[];
  readonly inboxFolder: string;
}

export async function testApp(
  changes: Partial<Operations> = {},
  options: {
    readonly allowLocalFolders?: boolean;
    readonly inboxFileLimitBytes?: number;
    readonly handlerTimeoutMs?: number;
    readonly answers?: AnswerStore;
    readonly accounts?: AccountDoor;
    readonly isBehindTls?: boolean;
    readonly clientCertificates?: boolean;
    readonly trustedProxies?: readonly string[];
    readonly clock?: Clock;
    readonly isHealthy?: () => Promise<boolean>;
    readonly rates?: Rates;
  } = {},
): Promise<TestApp> {
  const { operations, calls } = fakeOperations(changes);
  const log: LogLine[] = [];
  const inboxFolder = await mkdtemp(join(tmpdir(), 'sluice-inbox-'));
  let seed = 0;
  const app = await buildApp({
    operations,
    authenticate: async (key) => KEYS[key] ?? null,
    clock: options.clock ?? { now: () => new Date('2026-01-01T00:00:00.000Z') },
    clientCertificates: options.clientCertificates ?? false,
    trustedProxies: options.trustedProxies ?? [],
    rng: { bytes: (length) => new Uint8Array(length).fill(seed++) },
    log: (line) => log.push(line),
    accounts: options.accounts ?? NO_ACCOUNTS,
    isBehindTls: options.isBehindTls ?? false,
    answers: options.answers ?? memoryAnswers(),
    isHealthy: options.isHealthy ?? (async () => true),
    rates: options.rates ?? null,
    inboxFolder,
    allowLocalFolders: options.allowLocalFolders ?? false,
    limits: {
      bodyLimitBytes: 4096,
      inboxFileLimitBytes: options.inboxFileLimitBytes ?? 100_000,
      handlerTimeoutMs: options.handlerTimeoutMs ?? 5000,
      longHandlerTimeoutMs: 5000,
    },
  });
  return {
    app,
    calls,
    log,
    inboxFolder,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await rm(inboxFolder, { recursive: true });
    },
  };
}
