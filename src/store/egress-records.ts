import type { Kysely, Selectable } from 'kysely';
import { err, ok } from '../kernel/result.ts';
import type { EgressState } from '../operations/operations.ts';
import type { EgressBody, EgressRecord, StoreTransaction, StoreView, VoteRecord } from '../operations/ports.ts';
import { problem } from '../problems/problem.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import { cutToStretch } from './stretch.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readEgress(db: Kysely<Database>, fields: SealedFields): StoreView['egress'] {
  return {
    async get(id) {
      const row = await db.selectFrom('egress_requests').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : egressRecord(row, fields);
    },
    async list(filter) {
      let query = db.selectFrom('egress_requests').selectAll();
      if (filter.merchant !== undefined) query = query.where('merchant', '=', filter.merchant);
      if (filter.job !== undefined) query = query.where('job', '=', filter.job);
      if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
      if (filter.dataset !== undefined) query = query.where('dataset', '=', filter.dataset);
      const rows = await cutToStretch(query, 'egress_requests', filter).execute();
      return Promise.all(rows.map((row) => egressRecord(row, fields)));
    },
    async votes(egress) {
      const rows = await db.selectFrom('votes').selectAll().where('egress', '=', egress).orderBy('ordinal').execute();
      return rows.map(voteRecord);
    },
  };
}

export function writeEgress(writing: Writing): StoreTransaction['egress'] {
  const { tx, at, fields } = writing;
  const reads = readEgress(tx, fields);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      const ordinal = await writing.record(event);
      const created: EgressRecord = { ...record, createdAt: at, updatedAt: at };
      await tx
        .insertInto('egress_requests')
        .values({ ...(await egressRow(created, fields)), ordinal })
        .execute();
      return created;
    },
    async transition(id, step, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('egress request');
      const after: EgressRecord = { ...before, ...step.patch, state: step.to, updatedAt: at };
      const { state, round, content_digest, body, updated_at } = await egressRow(after, fields);
      const { numUpdatedRows } = await tx
        .updateTable('egress_requests')
        .set({ state, round, content_digest, body, updated_at })
        .where('id', '=', id)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('egress request', before.state);
      await writing.record(event);
      return ok(after);
    },
    async vote(vote, event) {
      requireAbout(event, vote.egress);
      const request = await reads.get(vote.egress);
      if (request === null) return notFound('egress request');
      // S6 once more where no path of the code can go around it: not the author, nobody of his organisation.
      if (vote.voter === request.merchant || vote.organisation === request.organisation)
        return err([problem('access.separation_of_duties', { rule: 'S6' })]);
      const votes = await reads.votes(vote.egress);
      const voted = votes.some((each) => each.round === vote.round && each.voter === vote.voter);
      if (voted) return conflict('egress request', request.state);
      const ordinal = await writing.record(event);
      const { egress, round, voter, organisation, step, reason, contentDigest, grounds, files, checklist, waivers } = vote;
      const body = JSON.stringify({ grounds, files, checklist, waivers });
      const row = { egress, round, voter, ordinal, organisation, vote: vote.vote, reason, step, body, at };
      await tx
        .insertInto('votes')
        .values({ ...row, content_digest: contentDigest })
        .execute();
      return ok({ ...vote, at });
    },
  };
}

/** Findings name withheld cells, and people who saw the content wrote the comments: both are sealed. */
type StoredBody = Omit<EgressBody, 'findings' | 'comments'> & { readonly sealedFindings?: string; readonly sealedComments?: string };

function findingsOf(request: string): string {
  return `findings/${request}`;
}

function commentsOf(request: string): string {
  return `comments/${request}`;
}

async function egressRow(record: EgressRecord, fields: SealedFields): Promise<Omit<Database['egress_requests'], 'ordinal'>> {
  const { id, job, dataset, merchant, organisation, state, round, productKind, contentDigest, createdAt, updatedAt, ...rest } = record;
  const { findings, comments, ...open } = rest;
  const sealed = {
    ...(findings === undefined ? {} : { sealedFindings: await fields.seal(findings, findingsOf(id)) }),
    ...(comments === undefined ? {} : { sealedComments: await fields.seal(comments, commentsOf(id)) }),
  };
  const body: StoredBody = { ...open, ...sealed };
  return {
    id,
    job,
    dataset,
    merchant,
    organisation,
    state,
    round,
    product_kind: productKind,
    content_digest: contentDigest,
    body: JSON.stringify(body),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

async function egressRecord(row: Selectable<Database['egress_requests']>, fields: SealedFields): Promise<EgressRecord> {
  const { sealedFindings, sealedComments, ...open } = JSON.parse(row.body) as StoredBody;
  const findings = sealedFindings === undefined ? undefined : await fields.open(sealedFindings, findingsOf(row.id));
  return {
    ...open,
    ...(findings === undefined ? {} : { findings: findings as NonNullable<EgressBody['findings']> }),
    ...(sealedComments === undefined
      ? {}
      : { comments: (await fields.open(sealedComments, commentsOf(row.id))) as NonNullable<EgressBody['comments']> }),
    id: row.id,
    job: row.job,
    dataset: row.dataset,
    merchant: row.merchant,
    organisation: row.organisation,
    state: row.state as EgressState,
    round: row.round,
    productKind: row.product_kind as EgressRecord['productKind'],
    contentDigest: row.content_digest,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function voteRecord(row: Selectable<Database['votes']>): VoteRecord {
  const body = JSON.parse(row.body) as Partial<Pick<VoteRecord, 'grounds' | 'files' | 'checklist' | 'waivers'>>;
  return {
    egress: row.egress,
    round: row.round,
    voter: row.voter,
    organisation: row.organisation,
    vote: row.vote as VoteRecord['vote'],
    reason: row.reason,
    contentDigest: row.content_digest,
    at: row.at,
    step: row.step as VoteRecord['step'],
    grounds: body.grounds ?? null,
    files: body.files ?? [],
    checklist: body.checklist ?? [],
    waivers: body.waivers ?? [],
  };
}
