import { afterEach, beforeEach, expect, test } from 'vitest';
import { ACTOR_ROLES, type ActorRole } from '../../../src/identity/actor.ts';
import { conflictWithin } from '../../../src/identity/separation-of-duties.ts';
import type { VoteRecord } from '../../../src/operations/ports.ts';
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
