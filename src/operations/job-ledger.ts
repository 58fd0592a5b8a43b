import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { kinFamilies } from '../catalog/kin-families.ts';
import { MOST_BASIS } from '../egress/ledger/combinations.ts';
import { MOST_UNITS_SPANNED } from '../egress/ledger/family-span.ts';
import type { LedgerIndex } from '../egress/ledger/ledger-index.ts';
import type { Sketch } from '../egress/ledger/sketch.ts';
import { encodeSketch } from '../egress/ledger/sketch-bytes.ts';
import { decimalText, parseDecimal } from '../kernel/decimal.ts';
import { err, ok } from '../kernel/result.ts';
import {
  type JobContext,
  type LedgerPort,
  type LedgerRow,
  type LedgerVerdict,
  type LedgerView,
  type NewEntry,
  type RegisteredFigure,
  rowSetQueries,
  settleRows,
} from '../pipeline.ts';
import type { OperationsPorts } from './data-ports.ts';
import { attemptOf } from './job-states.ts';
import { ledgerIndex, writeWithLedger } from './ledger-memory.ts';
import type { LedgerEntry } from './ledger-store.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';

/** Thrown where the job may not go on: it was cancelled while it ran. */
class JobEnded extends Error {}

/**
 * The ledger of a job's dataset. Check and reservation are one write transaction, alone in the instance also across
 * processes, so that two jobs never slip past each other; what is reserved is released or dropped with the job.
 * Source: gate.md §7 (atomic).
 */
export function jobLedger(ports: OperationsPorts, job: JobRecord, context: JobContext): LedgerPort {
  return {
    async settle(rows) {
      const settled = await writeWithLedger(ports.store, job.dataset, async (tx) => {
        const now = await tx.jobs.get(job.id);
        if (now?.state !== 'REAL_RUNNING' || attemptOf(now) !== attemptOf(job)) return err(null);
        await dropUndecided(ports, tx);
        const view = await viewFor(await ledgerIndex(ports.store, tx, job.dataset), tx, job, rows, context);
        const { verdicts, entries } = settleRows(rows, view, context.policy);
        await tx.ledger.reserve(await records(tx, job, context, entries), reserveEvent(job, context, { verdicts, entries }));
        return ok(verdicts);
      });
      if (!settled.ok) throw new JobEnded('The job ended while it ran');
      return settled.value;
    },
  };
}

/** Reservations wait so long for a decision; then they are free for others, and their job has to run again. Source: gate.md §7. */
const UNDECIDED_DAYS = 7;
const DAY_MS = 86_400_000;

async function dropUndecided(ports: OperationsPorts, tx: StoreTransaction): Promise<void> {
  const before = new Date(ports.clock.now().getTime() - UNDECIDED_DAYS * DAY_MS).toISOString();
  for (const { job, dataset } of await tx.ledger.undecided(before)) {
    const event: AuditEvent = {
      operation: 'ledger.expire',
      actor: SYSTEM_ACTOR,
      object: job,
      outcome: 'done',
      trace: job,
      facts: { dataset },
    };
    await tx.ledger.settle(job, 'dropped', event);
  }
}

/** Everything that the statement may ask for, read beforehand: deciding waits for nothing. */
async function viewFor(
  index: LedgerIndex,
  tx: StoreTransaction,
  job: JobRecord,
  rows: readonly LedgerRow[],
  { policy: { k }, version, dataset }: JobContext,
): Promise<LedgerView> {
  const wanted = new Set<number>();
  const kin = kinFamilies(dataset, version.profile);
  const unitsOf = (unitType: string): number =>
    Math.max(0, ...version.profile.units.filter((item) => item.unitType === unitType).map((item) => item.units));
  // The figures of a statement are of few families.
  const newest = new Map<string, readonly number[]>();
  const ofFamily = (unitType: string, family: string): readonly number[] => {
    const name = JSON.stringify([unitType, family]);
    const known = newest.get(name) ?? index.family(unitType, family, MOST_BASIS, kin);
    newest.set(name, known);
    return known;
  };
  const ofAll = new Map<string, readonly number[]>();
  const mixed = (unitType: string): readonly number[] => {
    const known = ofAll.get(unitType) ?? index.mixed(unitType, MOST_BASIS);
    ofAll.set(unitType, known);
    return known;
  };
  const spanned = (unitType: string, family: string): readonly number[] =>
    unitsOf(unitType) > MOST_UNITS_SPANNED ? [] : index.family(unitType, family, Number.POSITIVE_INFINITY, kin);
  for (const figure of rows.flatMap((row) => row.figures)) {
    const { namespace, family, sketches } = figure;
    for (const { unitType, sketch } of sketches) {
      for (const seq of index.near(unitType, namespace, sketch, k)) wanted.add(seq);
      if (namespace !== 'linear') continue;
      for (const seq of ofFamily(unitType, family)) wanted.add(seq);
      for (const seq of spanned(unitType, family)) wanted.add(seq);
      for (const seq of mixed(unitType)) wanted.add(seq);
    }
    for (const { unitType, sketch, namespaces, family: own } of rowSetQueries(figure)) {
      for (const apart of namespaces) for (const seq of index.near(unitType, apart, sketch, k)) wanted.add(seq);
      for (const seq of ofFamily(unitType, own)) wanted.add(seq);
    }
  }
  const figures = new Map<number, RegisteredFigure>();
  const add = (entry: LedgerEntry): void => {
    figures.set(entry.seq, registered(entry, job, index.decoded.of(entry.seq, entry.sketch)));
  };
  for (const entry of await tx.ledger.entries(job.dataset, [...wanted])) add(entry);
  const found = (seqs: readonly number[]): readonly RegisteredFigure[] => seqs.flatMap((seq) => figures.get(seq) ?? []);
  return {
    near: (unitType, namespace, sketch, near) => found(index.near(unitType, namespace, sketch, near)),
    family: (unitType, family) => found(ofFamily(unitType, family)),
    kin,
    mixed: (unitType) => found(mixed(unitType)),
    shelf: index.shelf,
    span: (unitType, family) => found(spanned(unitType, family)),
  };
}

function registered(
  { seq, state, family, job: of, cell, body }: LedgerEntry,
  job: JobRecord,
  decoded: Sketch | undefined,
): RegisteredFigure {
  if (decoded === undefined || (state !== 'released' && state !== 'reserved')) throw new Error('A ledger entry cannot be read');
  const { figure, answered, key, isMagnitude } = body;
  const total = body.isTotal && figure !== null ? parseDecimal(String(figure)) : undefined;
  if (body.isTotal && figure !== null && total === undefined) throw new Error('A ledger entry cannot be read');
  return {
    seq,
    family,
    // What the job reserved before is as good as out: its reader gets all of it or nothing.
    state: of === job.id ? 'released' : state,
    row: `${of}/${cell}`,
    isMagnitude,
    sketch: decoded,
    total: total ?? null,
    value: body.isTotal ? null : figure,
    answered,
    labels: key,
  };
}

async function records(
  tx: StoreTransaction,
  job: JobRecord,
  context: JobContext,
  entries: readonly NewEntry[],
): Promise<Parameters<StoreTransaction['ledger']['reserve']>[0]> {
  let ordinal = (await tx.ledger.ofJob(job.id)).length;
  return entries.flatMap(({ row, figure, labels, gate, answered }) =>
    figure.sketches.map(({ unitType, sketch }) => ({
      dataset: job.dataset,
      version: context.version.version,
      job: job.id,
      ordinal: ordinal++,
      cell: row ?? -1,
      unitType,
      namespace: figure.namespace,
      family: figure.family,
      sketch: encodeSketch(storable(sketch)),
      body: {
        gate,
        key: labels,
        term: figure.term,
        isTotal: figure.namespace === 'linear',
        isMagnitude: figure.isMagnitude,
        isOneSigned: figure.isOneSigned,
        units: figure.units,
        policy: context.policy,
        figure: figure.namespace === 'linear' ? (figure.total === null ? null : decimalText(figure.total)) : figure.value,
        answered,
      },
    })),
  );
}

/** Of a sum of lanes only the buckets that are certainly in use are kept. */
function storable(sketch: Sketch): Sketch {
  return { ...sketch, mask: sketch.sure };
}

/** Of the units of a dataset, as many independent sums may be known. Source: models-and-audit.md M25. */
const ROOM_SHARE = 0.1;
const MOST_BESIDE = 200;

/** How many independent sums the scarcest kind of unit bears; 0 where the data has no units. */
function roomOf({ version }: JobContext): number {
  const most = new Map<string, number>();
  for (const { unitType, units } of version.profile.units) most.set(unitType, Math.max(most.get(unitType) ?? 0, units));
  return most.size === 0 ? 0 : Math.floor(Math.min(...most.values()) * ROOM_SHARE);
}

function reserveEvent(
  job: JobRecord,
  context: JobContext,
  { verdicts, entries }: { readonly verdicts: readonly (readonly LedgerVerdict[])[]; readonly entries: readonly NewEntry[] },
): AuditEvent {
  const rules = new Set(verdicts.flat().flatMap((verdict) => (verdict.kind === 'keep' ? [] : [verdict.reason.rule])));
  const beside = new Set(verdicts.flat().flatMap((verdict) => (verdict.kind === 'keep' ? [] : (verdict.reason.beside ?? []))));
  return {
    operation: 'ledger.reserve',
    actor: SYSTEM_ACTOR,
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts: {
      dataset: job.dataset,
      datasetVersion: context.version.version,
      rules: [...rules].sort(),
      figures: entries.filter(({ figure }) => figure.namespace === 'linear').length,
      room: roomOf(context),
      beside: [...beside]
        .sort((a, b) => a - b)
        .slice(0, MOST_BESIDE)
        .map((seq) => `entry-${seq}`),
    },
  };
}
