import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACTOR_ROLES, type ActorRole } from '../../../src/identity/actor.ts';
import { conflictWithin } from '../../../src/identity/separation-of-duties.ts';
import type { VoteRecord } from '../../../src/operations/ports.ts';
import { openRecordDatabase } from '../../../src/store/record-database.ts';
import { recordPlace } from '../../support/kept-records.ts';
import { codes, dispose, seededInstance, type TestInstance } from '../../support/operations-instance.ts';

/** Separation of duties in the store itself, past every check of the code. Source: requirements.md §6.2. */
let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const SYSTEM = { id: 'system', organisation: 'system', roles: [] };

test('no pair of roles that exclude each other is ever one person', async () => {
  const pairs = ACTOR_ROLES.flatMap((a, at) => ACTOR_ROLES.slice(at + 1).map((b): readonly [ActorRole, ActorRole] => [a, b]));
  for (const [a, b] of pairs) {
    const id = `${a}-${b}`;
    const event = { operation: 'principal.register', actor: SYSTEM, object: id, outcome: 'done', facts: {} } as const;
    const added = await instance.ports.store.write((tx) => tx.principals.add({ id, organisation: `co-${id}`, roles: [a, b] }, event));
    expect(added.ok, id).toBe(conflictWithin([a, b]) === null);
  }
});

test('S6: the author of a result and his organisation have no vote on it', async () => {
  const request = await instance.requestInReview();
  const vote = async (voter: string, organisation: string) => {
    const cast = {
      egress: request.id,
      round: 1,
      voter,
      organisation,
      vote: 'approve',
      step: 'review',
      reason: 'r',
      contentDigest: request.contentDigest,
    };
    const event = { operation: 'egress.vote', actor: SYSTEM, object: request.id, outcome: 'done', facts: {} } as const;
    return instance.ports.store.write((tx) => tx.egress.vote(cast as unknown as Omit<VoteRecord, 'at'>, event));
  };
  expect(codes(await vote('merchant-a', 'merchant-a-co'))).toEqual(['access.separation_of_duties']);
  expect(codes(await vote('somebody', 'merchant-a-co'))).toEqual(['access.separation_of_duties']);
  expect(codes(await vote('merchant-a', 'elsewhere'))).toEqual(['access.separation_of_duties']);
  expect((await vote('operator-1', 'operator-co')).ok).toBe(true);
});

describe('past the code, in the database itself', () => {
  const at = '2026-03-02T01:00:00.000Z';
  /** Another program with the same database: no operation and no store of ours in between. */
  const raw = async (statement: string): Promise<string> => {
    const database = await openRecordDatabase(await recordPlace(instance.folder));
    try {
      await database.writer.transaction().execute((tx) => sql.raw(statement).execute(tx));
      return 'written';
    } catch (error) {
      return error instanceof Error ? error.message : 'thrown';
    } finally {
      await database.close();
    }
  };
  const person = (id: string, organisation: string, ...roles: readonly string[]): string =>
    `insert into principals (id, organisation, roles, state, created_at) values ('${id}', '${organisation}', '${JSON.stringify(roles)}', 'active', '${at}')`;

  test('S2, S5: nobody registers on evidence of his own side, and no operator what was made from a delivered product', async () => {
    const certificate = (id: string, organisation: string, fields: object): string =>
      `insert into matters (id, ordinal, noun, organisation, state, revision, due_on, body, updated_at) values ('${id}', 1, 'certificate', '${organisation}', 'EVIDENCED', 1, null, '${JSON.stringify({ fields })}', '${at}')`;
    const change = (id: string, fields: object): string => `update matters set body = '${JSON.stringify({ fields })}' where id = '${id}'`;
    for (const statement of [
      person('registry-9', 'registry-body', 'registry'),
      `insert into affiliation_terms (organisation, affiliate, valid_from, valid_to, ordinal) values ('notary-co', 'merchant-a-co', '', '', 1)`,
      `insert into affiliation_terms (organisation, affiliate, valid_from, valid_to, ordinal) values ('registry-body', 'daughter-co', '', '', 1)`,
      `insert into affiliation_terms (organisation, affiliate, valid_from, valid_to, ordinal) values ('operator-co', 'cousin-co', '', '', 1)`,
      certificate('c-own', 'merchant-a-co', {}),
      certificate('c-third', 'merchant-a-co', {
        evidenceProvider: 'elsewhere-co',
        parentProduct: 'rel_1',
        jointRegistrants: ['merchant-b-co'],
      }),
    ])
      expect(await raw(statement)).toBe('written');
    for (const provider of ['merchant-a-co', 'notary-co', 'registry-body', 'daughter-co', 'merchant-b-co']) {
      const fields = { evidenceProvider: provider, jointRegistrants: ['merchant-b-co'] };
      expect(await raw(certificate(`c-${provider}`, 'merchant-a-co', fields)), provider).toContain('S5');
      expect(await raw(change('c-third', fields)), provider).toContain('S5');
    }
    for (const organisation of ['operator-co', 'cousin-co']) {
      expect(await raw(certificate(`p-${organisation}`, organisation, { parentProduct: 'rel_1' })), organisation).toContain('S2');
      const joint = { parentProduct: 'rel_1', jointRegistrants: [organisation] };
      expect(await raw(change('c-own', joint)), organisation).toContain('S2');
    }
    // What was put down before an affiliation was declared can still be ended.
    expect(
      await raw(
        `insert into affiliation_terms (organisation, affiliate, valid_from, valid_to, ordinal) values ('elsewhere-co', 'merchant-a-co', '', '', 1)`,
      ),
    ).toBe('written');
    expect(await raw(`update matters set state = 'CANCELLED' where id = 'c-third'`)).toBe('written');
  });

  test('S1, S3, S7, S8, S9: no row holds roles that exclude each other, new or changed', async () => {
    const pairs = ACTOR_ROLES.flatMap((a, index) => ACTOR_ROLES.slice(index + 1).map((b): readonly [ActorRole, ActorRole] => [a, b]));
    expect(pairs.length).toBe(55);
    for (const [a, b] of pairs) {
      const written = await raw(person(`raw-${a}-${b}`, `raw-co-${a}-${b}`, a, b));
      expect(written === 'written', `${a} ${b}: ${written}`).toBe(conflictWithin([a, b]) === null);
      if (written !== 'written') expect(written).toContain('separation of duties');
    }
    expect(await raw(`update principals set roles = '["auditor","operator"]' where id = 'auditor-1'`)).toContain('S7');
  });

  test('S1: an organisation is never on both sides, whether by its people or by what it was put down as', async () => {
    expect(await raw(person('x1', 'operator-co', 'merchant'))).toContain('S1');
    expect(await raw(person('x2', 'merchant-a-co', 'operator'))).toContain('S1');
    expect(await raw(`update principals set organisation = 'merchant-a-co' where id = 'operator-1'`)).toContain('S1');
    expect(await raw(`update organisation_sides set side = 'merchant' where organisation = 'operator-co'`)).toContain('S1');
    expect(await raw(person('x3', 'merchant-a-co', 'merchant'))).toBe('written');
  });

  test('S4: no grant to who is no merchant', async () => {
    const grant = (merchant: string): string =>
      `insert into grants (id, ordinal, merchant, dataset, body, created_at) values ('g-${merchant}', 1, '${merchant}', 'city', '{}', '${at}')`;
    expect(await raw(grant('operator-1'))).toContain('S4');
    expect(await raw(grant('merchant-a'))).toBe('written');
  });

  test('S6: neither the author, nor his organisation, nor its affiliates vote; two different people do, before anything leaves', async () => {
    const request = await instance.requestInReview();
    const vote = (voter: string, organisation: string, round = 1): string =>
      `insert into votes (egress, round, voter, ordinal, organisation, vote, reason, content_digest, at, step, body) values
       ('${request.id}', ${round}, '${voter}', 1, '${organisation}', 'approve', 'r', '${request.contentDigest}', '${at}', 'operator_check', '{}')`;
    const release = `update egress_requests set state = 'RELEASED' where id = '${request.id}'`;
    expect(await raw(vote('merchant-a', 'elsewhere'))).toContain('S6');
    expect(await raw(vote('somebody', 'merchant-a-co'))).toContain('S6');
    expect(await raw(vote('auditor-1', 'audit-office'))).toContain('S7');
    expect(await raw(release)).toContain('S6');
    expect(await raw(vote('operator-1', 'operator-co'))).toBe('written');
    expect(await raw(release)).toContain('S6');
    // The organisation that the row names is not believed where the person is known.
    expect(
      await raw(
        `insert into affiliation_terms (organisation, affiliate, ordinal, valid_from, valid_to) values ('operator-co', 'merchant-a-co', 1, '', '')`,
      ),
    ).toBe('written');
    expect(await raw(vote('operator-2', 'nobody-knows-co'))).toContain('S6');
    expect(await raw(vote('stranger', 'operator-co'))).toContain('S6');
    // Terms are not taken out nor rewritten; one that ended before the day of the vote does not count on it.
    const change = (set: string): Promise<string> => raw(`update affiliation_terms set ${set} where organisation = 'operator-co'`);
    expect(await raw(`delete from affiliation_terms where organisation = 'operator-co'`)).toContain('S6');
    for (const set of ["affiliate = 'x'", "valid_from = '2026-03-03'", "valid_from = '2027-01-01', valid_to = '2027-01-01'"])
      expect(await change(set)).toContain('S6');
    expect(await change("valid_to = '2026-03-01'")).toBe('written');
    expect(await change("valid_to = '2026-03-02'")).toContain('S6');
    expect(await raw(`update votes set voter = 'operator-2' where egress = '${request.id}'`)).toContain('S6');
    expect(await raw(vote('operator-2', 'operator-co'))).toBe('written');
    expect(await raw(release)).toBe('written');
  });

  test('S8: who asks to see the text of a query does not approve it', async () => {
    const opening = `insert into audit_openings (id, job, requested_by, organisation, reason, approved_by, at) values ('o1', 'j', 'auditor-1', 'a', 'r', null, '${at}')`;
    expect(await raw(opening)).toBe('written');
    expect(await raw(`update audit_openings set approved_by = 'auditor-1' where id = 'o1'`)).toContain('S8');
    expect(await raw(`update audit_openings set approved_by = 'supervisor-1' where id = 'o1'`)).toBe('written');
  });

  test('S8, S9: who proposed a masking policy does not decide on it, nor one person for both sides', async () => {
    const policy = (id: string, ...by: readonly string[]): string =>
      `insert into mask_policies (id, dataset, policy, version, state, record) values ('${id}', 'city', '${id}', 1, 'PROPOSED',
       '${JSON.stringify({ proposedBy: { id: 'operator-1', organisation: 'operator-co' }, decisions: by.map((item) => ({ by: item })) })}')`;
    expect(await raw(policy('p1', 'operator-1'))).toContain('S8');
    expect(await raw(policy('p2', 'authority-1', 'authority-1'))).toContain('S9');
    expect(await raw(policy('p3', 'authority-1', 'secrecy-1'))).toBe('written');
  });
});
