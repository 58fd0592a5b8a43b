import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { readWitnesses, type WitnessPlace } from '../audit/log-trust.ts';
import { printKey } from '../audit/note-key.ts';
import { OUTCOME_DEADLINE_MS } from '../audit/open-intents.ts';
import type { AuditPort } from '../operations/audit-store.ts';
import { askWitnesses } from './witness-client.ts';

const MINUTE_MS = 60_000;

/** What a serving instance does for its log by itself, once a minute. */
export interface AuditUpkeep {
  start(): void;
  stop(): Promise<void>;
  /** One round now: heartbeat, incidents, witnesses. */
  round(): Promise<void>;
  /** Asks the witnesses alone. */
  witness(): Promise<void>;
}

/**
 * Heartbeat, so that silence is seen; an incident for every intent whose outcome never came; cosignatures of the
 * witnesses that `audit/witnesses` names. What fails goes to `onFault` and is tried again the next minute; the actions
 * themselves are stopped by the log, not here. Source: models-and-audit.md §2.3, §2.4.
 */
export async function auditUpkeep(audit: AuditPort, dir: string, onFault: (fault: unknown) => void): Promise<AuditUpkeep> {
  const { witnesses, quorum, ca } = await configuredWitnesses(dir);
  await writeTrust(dir, await audit.keys(), witnesses, quorum);
  const sizes = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  const witness = async (): Promise<void> => {
    if (witnesses.length === 0) return;
    const { refused, cosigned } = await askWitnesses(audit, witnesses, sizes, ca);
    if (refused.length > 0) onFault(new Error('A witness refused a checkpoint of this log'));
    if (cosigned.length < quorum) onFault(new Error('Fewer witnesses than the quorum cosigned'));
  };
  const round = async (): Promise<void> => {
    await audit.append({ operation: 'instance.heartbeat', actor: SYSTEM_ACTOR, object: 'instance', outcome: 'done', facts: {} });
    for (const { seq, operation, object } of await audit.overdueIntents(OUTCOME_DEADLINE_MS)) {
      const facts = { intent: seq, of: operation };
      await audit.append({ operation: 'incident.outcome_missing', actor: SYSTEM_ACTOR, object, outcome: 'failed', trace: object, facts });
    }
    // Whoever searches does not wait for what a busy day wrote.
    await audit.search({ terms: [], from: null, to: null, before: null, limit: 1 });
    await witness();
  };
  return {
    round,
    witness,
    start() {
      timer ??= setInterval(() => {
        running = running.then(round).catch(onFault);
      }, MINUTE_MS).unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      timer = null;
      await running;
    },
  };
}

interface Configured {
  readonly witnesses: readonly WitnessPlace[];
  readonly quorum: number;
  readonly ca?: string;
}

/** `audit/witnesses`, and `audit/witnesses-ca.pem` where witnesses have certificates of their own authority. */
async function configuredWitnesses(dir: string): Promise<Configured> {
  const read = readWitnesses((await textOf(join(dir, 'audit', 'witnesses'))) ?? '');
  if (read === null) throw new Error('audit/witnesses: a line is neither "witness KEY URL" nor "quorum K", or the quorum is too high');
  const ca = await textOf(join(dir, 'audit', 'witnesses-ca.pem'));
  return ca === null ? read : { ...read, ca };
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
}

/** Lays the public keys beside the data, for who verifies log and receipts without an instance. */
async function writeTrust(dir: string, keys: readonly string[], witnesses: readonly WitnessPlace[], quorum: number): Promise<void> {
  const lines = [...keys.map((key) => `log ${key}`), ...witnesses.map(({ key }) => `witness ${printKey(key)}`), `quorum ${quorum}`];
  await writeFile(join(dir, 'audit-trust'), `${lines.join('\n')}\n`, { mode: 0o644 });
}
