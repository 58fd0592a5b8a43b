import type { Kysely } from 'kysely';
import type { AuditEntry } from '../audit/entry.ts';
import { auditEntry } from '../audit/entry.ts';
import type { AuditEvent } from '../audit/event.ts';
import { lineageLinks } from '../audit/lineage.ts';
import type { LogRecord } from '../audit/log-fault.ts';
import { leafHash } from '../audit/merkle-hash.ts';
import { consistencyProof, inclusionProof } from '../audit/merkle-proof.ts';
import { printKey } from '../audit/note-key.ts';
import { openIntents, operationIn } from '../audit/open-intents.ts';
import { readNote } from '../audit/signed-note.ts';
import { printReceipt } from '../audit/tlog-proof.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok } from '../kernel/result.ts';
import type { AuditPort } from '../operations/audit-store.ts';
import type { AuditEntryView, AuditSearchFilter } from '../operations/operations.ts';
import type { KeyStore, StorePort } from '../operations/ports.ts';
import { auditIndex } from './audit-index.ts';
import { classesOf, prunableEntries, standingHolds } from './audit-keeping.ts';
import type { AuditLog } from './audit-log.ts';
import { readQueryTexts } from './audit-queries.ts';
import { recordsAfter, recordsOf } from './audit-records.ts';
import type { TileFolder } from './audit-tiles.ts';
import { verifyStore } from './audit-verification.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Database } from './schema.ts';

const MAX_ENTRIES = 1000;
const GROUP_ENTRIES = 64;
const MOST_LINKED = 20_000;

/** What the port is made of. */
export interface AuditParts {
  readonly reader: Kysely<Database>;
  readonly writer: Kysely<Database>;
  readonly log: AuditLog;
  readonly checkpoints: CheckpointFile;
  readonly tiles: TileFolder;
  /** Of tiles and checkpoint. */
  readonly folder: string;
  /** SQLite file of the records; null where they are on PostgreSQL. */
  readonly path: string | null;
  readonly clock: Clock;
  readonly keys: KeyStore;
  readonly write: StorePort['write'];
}

/** The log as use cases see it. Source: models-and-audit.md §2.4. */
export function auditPort(parts: AuditParts): AuditPort {
  const { reader, log, checkpoints, tiles, folder, clock } = parts;
  const index = auditIndex(parts.writer, reader);
  const intents = openIntents();
  let looked = 0;
  const viewsOf = async (seqs: readonly number[]) => {
    const records = new Map((await recordsOf(reader, seqs)).map((record) => [record.seq, record]));
    return seqs.flatMap((seq) => {
      const record = records.get(seq);
      return record === undefined ? [] : (entryView(record, checkpoints.algorithm) ?? []);
    });
  };
  return {
    append: groupedAppend(parts.write),
    async entries({ after, limit }) {
      const records = await recordsAfter(reader, after, Math.min(MAX_ENTRIES, Math.max(0, limit)));
      return records.flatMap((record) => entryView(record, checkpoints.algorithm) ?? []);
    },
    async verify(witnessed = []) {
      const heads = witnessed.map((note) => checkpoints.check(note));
      const found = await verifyStore(reader, {
        checkpoints,
        folder,
        path: parts.path,
        seen: log.tree.seen(),
        witnessed: heads.filter((head) => head !== null),
        now: clock.now(),
      });
      const { entries, root, lastRight, checkpoint } = found;
      const unread = heads.includes(null) ? [{ seq: null, kind: 'checkpoint-invalid' as const }] : [];
      const faults = [...unread, ...found.faults];
      const head = checkpoint && { size: checkpoint.size, hash: Buffer.from(checkpoint.root).toString('hex') };
      return { verified: faults.length === 0, entries, faults, checkpoint: head, root, lastRight };
    },
    async checkpoint() {
      await log.cover();
      return (await checkpoints.text()) ?? '';
    },
    async receipt(seq) {
      const { size } = await log.cover();
      const [record] = await recordsAfter(reader, seq - 1, 1);
      if (record?.seq !== seq || record.body === null || seq > size) return null;
      const path = await inclusionProof(checkpoints.algorithm, seq - 1, size, tiles.read);
      const checkpoint = (await checkpoints.text()) ?? '';
      return printReceipt({ index: seq - 1, path, checkpoint, entry: Buffer.from(record.body, 'utf8') });
    },
    async keys() {
      return checkpoints.keys.map(printKey);
    },
    signText: (text) => checkpoints.signText(text),
    async search(query) {
      await index.catchUp();
      return viewsOf(await index.find(query));
    },
    async links(end, nodes) {
      await index.catchUp();
      const wanted = new Set(nodes);
      const terms = nodes.map((term) => ({ kind: end, term }));
      const records = await recordsOf(reader, await index.withAny(terms, MOST_LINKED));
      const links = records.flatMap(({ body }) => (body === null ? [] : lineageLinks(JSON.parse(body) as AuditEntry)));
      return links.filter((link) => wanted.has(link[end]));
    },
    async about(ids, limit) {
      await index.catchUp();
      return viewsOf(
        await index.withAny(
          ids.map((term) => ({ kind: 'object', term })),
          limit,
        ),
      );
    },
    async searches(owner) {
      const rows = await reader
        .selectFrom('audit_searches')
        .select(['name', 'filter'])
        .where('owner', '=', owner)
        .orderBy('name')
        .execute();
      return rows.map(({ name, filter }) => ({ name, filter: JSON.parse(filter) as AuditSearchFilter }));
    },
    queries: readQueryTexts(reader, parts.keys),
    holds: () => standingHolds(reader),
    async prunable(ground, limit) {
      const { size } = await log.cover();
      const seqs = (await prunableEntries(reader, ground, limit)).filter((seq) => seq <= size);
      return { seqs, classes: await classesOf(reader, seqs) };
    },
    dropBundles: (seqs) => tiles.dropBundles(seqs.map((seq) => seq - 1)),
    async overdueIntents(deadlineMs) {
      for (;;) {
        const records = await recordsAfter(reader, looked, MAX_ENTRIES);
        for (const { seq, body } of records)
          if (body !== null) intents.take(operationIn(body), body, seq, (JSON.parse(body) as AuditEntry).at);
        looked = records.at(-1)?.seq ?? looked;
        if (records.length < MAX_ENTRIES) break;
      }
      const late = new Set(intents.overdue(clock.now(), deadlineMs));
      return intents.list().filter(({ seq }) => late.has(seq));
    },
    async consistency(oldSize) {
      const { size } = await log.cover();
      const proof = oldSize > size ? [] : await consistencyProof(checkpoints.algorithm, oldSize, size, tiles.read);
      return { proof, checkpoint: (await checkpoints.text()) ?? '', size };
    },
    addSignatures: (text, lines) => checkpoints.addSignatures(text, readNote(`${text}\n${lines}`)?.signatures ?? []),
  };
}

/**
 * Appends that come while one is being written are written together, up to 64 in one transaction; one that comes
 * alone waits for nobody. A malformed event is refused before it can stand in a group.
 */
function groupedAppend(write: StorePort['write']): AuditPort['append'] {
  interface Waiting {
    readonly event: AuditEvent;
    readonly done: () => void;
    readonly failed: (fault: unknown) => void;
  }
  const queue: Waiting[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      const group = queue.splice(0, GROUP_ENTRIES);
      try {
        await write(async (tx) => {
          for (const { event } of group) await tx.audit.append({ ...event });
          return ok(null);
        });
        for (const { done } of group) done();
      } catch (fault) {
        for (const { failed } of group) failed(fault);
      }
    }
    isRunning = false;
  };
  return (event) => {
    auditEntry(event, 1, new Date(0));
    return new Promise((done, failed) => {
      queue.push({ event, done, failed });
      if (!isRunning) void run();
    });
  };
}

/** An entry as it is shown; null where its text was pruned. */
function entryView({ seq, body }: LogRecord, algorithm: 'sha256' | 'sm3'): AuditEntryView | null {
  if (body === null) return null;
  const { at, actor, operation, object, facts, outcome, trace } = JSON.parse(body) as AuditEntry;
  const hash = Buffer.from(leafHash(algorithm, Buffer.from(body, 'utf8'))).toString('hex');
  const more = trace === undefined ? {} : { trace };
  return { seq, at, actor: actor.id, organisation: actor.organisation, operation, object, outcome, facts, hash, ...more };
}
