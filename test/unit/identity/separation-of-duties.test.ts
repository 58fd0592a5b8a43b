import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/identity/actor.ts';
import { approvedByTwo, type CastVote, mayRegister, mayVote } from '../../../src/identity/separation-of-duties.ts';

const DIGEST = 'a'.repeat(64);
const REQUEST = { merchant: 'merchant-a', organisation: 'merchant-a-co', round: 2, contentDigest: DIGEST };

function approval(voter: string, changes: Partial<CastVote> = {}): CastVote {
  return { voter, organisation: 'operator-co', round: 2, vote: 'approve', contentDigest: DIGEST, ...changes };
}

function operator(id: string, organisation = 'operator-co'): Actor {
  return { id, organisation, roles: ['operator'] };
}

describe('separation of duties', () => {
  test('S6: the author, and anybody of the author’s organisation, may not vote', () => {
    expect(mayVote(operator('operator-1'), REQUEST, []).ok).toBe(true);
    expect(mayVote(operator('merchant-a'), REQUEST, []).ok).toBe(false);
    expect(mayVote(operator('operator-9', 'merchant-a-co'), REQUEST, []).ok).toBe(false);
  });

  test('S6: one vote per person and round', () => {
    expect(mayVote(operator('operator-1'), REQUEST, [approval('operator-1')]).ok).toBe(false);
    expect(mayVote(operator('operator-1'), REQUEST, [approval('operator-1', { round: 1 })]).ok).toBe(true);
    expect(mayVote(operator('operator-2'), REQUEST, [approval('operator-1')]).ok).toBe(true);
  });

  test.each<[string, readonly CastVote[], boolean]>([
    ['two people', [approval('operator-1'), approval('operator-2')], true],
    ['nobody', [], false],
    ['one person', [approval('operator-1')], false],
    ['one person twice', [approval('operator-1'), approval('operator-1')], false],
    ['one of them the author', [approval('operator-1'), approval('merchant-a')], false],
    ['one of the author’s organisation', [approval('operator-1'), approval('operator-2', { organisation: 'merchant-a-co' })], false],
    ['one of an earlier round', [approval('operator-1'), approval('operator-2', { round: 1 })], false],
    ['one for other content', [approval('operator-1'), approval('operator-2', { contentDigest: 'b'.repeat(64) })], false],
    ['two, but one rejects', [approval('operator-1'), approval('operator-2'), approval('operator-3', { vote: 'reject' })], false],
    [
      'a rejection of an earlier round',
      [approval('operator-1'), approval('operator-2'), approval('o', { round: 1, vote: 'reject' })],
      true,
    ],
  ])('S6: approved by %s', (_, votes, approved) => {
    expect(approvedByTwo(REQUEST, votes)).toBe(approved);
  });

  test('S1: an organisation is never operator and merchant at once', () => {
    const merchant = { organisation: 'acme', roles: ['merchant'] } as const;
    const other = { organisation: 'acme', roles: ['operator'] } as const;
    expect(mayRegister(merchant, [other]).ok).toBe(false);
    expect(mayRegister(other, [merchant]).ok).toBe(false);
    expect(mayRegister(merchant, [{ ...other, organisation: 'city' }, merchant]).ok).toBe(true);
    expect(mayRegister({ organisation: 'acme', roles: ['merchant', 'operator'] }, []).ok).toBe(false);
  });

  test('S7, S8: within a person, not within an organisation', () => {
    const auditor = { organisation: 'city', roles: ['auditor'] } as const;
    expect(mayRegister(auditor, [{ organisation: 'city', roles: ['operator'] }]).ok).toBe(true);
    expect(mayRegister({ organisation: 'city', roles: ['auditor', 'operator'] }, []).ok).toBe(false);
    expect(mayRegister({ organisation: 'city', roles: ['supervisor', 'operator'] }, []).ok).toBe(false);
  });
});
