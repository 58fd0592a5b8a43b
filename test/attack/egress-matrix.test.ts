import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/operations/actor.ts';
import type { EgressState } from '../../src/operations/operations.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';

/*
 * Every action of everybody in every state of a request, through the operations behind the routes. What is allowed is written here, from
 * requirements.md §5.6 and §6.1, and not read from the table of the code.
 */

type Outcome = Promise<{ readonly ok: boolean }>;
const REASON = { reason: 'because' };
const STATES: readonly EgressState[] = [
  ...(['CREATED', 'AUTO_CHECK', 'BLOCKED', 'HELD_LINKAGE', 'REVIEW', 'RETURNED', 'REJECTED'] as const),
  ...(['APPEALED', 'CHECKED', 'FILED', 'RELEASED', 'RECALLED', 'WITHDRAWN'] as const),
];
const ROLES = ['operator', 'supervisor', 'auditor', 'authority', 'council', 'expert', 'secrecy', 'registry', 'source'] as const;
const SYSTEM = { id: 'system', organisation: 'system', roles: [] };
const PEOPLE: Readonly<Record<string, Actor>> = {
  author: { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] },
  colleague: { id: 'merchant-a9', organisation: 'merchant-a-co', roles: ['merchant'] },
  rival: { id: 'merchant-b', organisation: 'merchant-b-co', roles: ['merchant'] },
  insider: { id: 'operator-9', organisation: 'merchant-a-co', roles: ['operator'] },
  affiliate: { id: 'operator-8', organisation: 'sister-co', roles: ['operator'] },
  nobody: { id: 'nobody', organisation: 'elsewhere', roles: [] },
  ...Object.fromEntries(ROLES.map((role) => [role, { id: `${role}-1`, organisation: `${role}-of-matrix`, roles: [role] }])),
};

/** Action → state → who, and where the request then stands. Whatever is not here is refused. */
type Allowed = Readonly<Record<string, readonly [who: readonly string[], to: EgressState]>>;
const stays = (who: readonly string[], ...states: readonly EgressState[]): Allowed =>
  Object.fromEntries(states.map((state) => [state, [who, state]]));
const moves = (who: readonly string[], to: EgressState, ...states: readonly EgressState[]): Allowed =>
  Object.fromEntries(states.map((state) => [state, [who, to]]));
const OPERATOR = ['operator'];
const AUTHOR = ['author'];
const SUPERVISOR = ['supervisor'];
const INSIDE = ['operator', 'supervisor', 'expert', 'secrecy'];
const IN_TALK: readonly EgressState[] = ['HELD_LINKAGE', 'REVIEW', 'APPEALED', 'CHECKED', 'FILED'];
const ALLOWED: Readonly<Record<string, Allowed>> = {
  approve: stays(OPERATOR, 'REVIEW'),
  veto: moves(OPERATOR, 'REJECTED', 'HELD_LINKAGE', 'REVIEW', 'CHECKED', 'FILED'),
  'reject on quality': { ...moves(OPERATOR, 'REJECTED', 'HELD_LINKAGE', 'CHECKED', 'FILED'), ...stays(OPERATOR, 'REVIEW') },
  return: moves(OPERATOR, 'RETURNED', 'REVIEW'),
  resubmit: moves(AUTHOR, 'REVIEW', 'RETURNED'),
  comment: { ...stays(INSIDE, ...IN_TALK), ...stays([...AUTHOR, ...INSIDE], 'RETURNED') },
  clear: moves(OPERATOR, 'REVIEW', 'HELD_LINKAGE'),
  assess: stays(OPERATOR, 'HELD_LINKAGE', 'REVIEW', 'CHECKED', 'FILED'),
  appeal: moves(AUTHOR, 'APPEALED', 'REJECTED'),
  uphold: moves(SUPERVISOR, 'REVIEW', 'APPEALED'),
  dismiss: moves(SUPERVISOR, 'REJECTED', 'APPEALED'),
  withdraw: moves(AUTHOR, 'WITHDRAWN', 'HELD_LINKAGE', 'REVIEW', 'RETURNED', 'APPEALED', 'CHECKED', 'FILED'),
  file: moves(SUPERVISOR, 'FILED', 'CHECKED'),
  release: moves(OPERATOR, 'RELEASED', 'FILED'),
  recall: moves(['operator', 'supervisor'], 'RECALLED', 'RELEASED'),
};
const REFUSALS = /^(access\.(forbidden|not_found|state_conflict|separation_of_duties)|egress\.not_your_step)$/;

let instance: TestInstance;
let id = '';
beforeAll(async () => {
  instance = await seededInstance();
  id = (await instance.requestInReview()).id;
  const pair = { organisation: 'merchant-a-co', affiliate: 'sister-co', ...REASON };
  value(await instance.operations.declareAffiliation(instance.actor('operator-1'), pair));
});
afterAll(() => dispose(instance));

function act(action: string, actor: Actor): Outcome {
  const { operations } = instance;
  const said = { id, ...REASON };
  switch (action) {
    case 'approve':
      return operations.approve(actor, said);
    case 'veto':
      return operations.reject(actor, said);
    case 'reject on quality':
      return operations.reject(actor, { ...said, grounds: 'quality' });
    case 'return':
      return operations.returnToMerchant(actor, said);
    case 'resubmit':
      return operations.resubmit(actor, { id, answers: [] });
    case 'comment':
      return operations.comment(actor, { id, text: 'a word', visibility: 'public' });
    case 'clear':
      return operations.clear(actor, said);
    case 'assess':
      return operations.assess(actor, { id, reference: 'RA-2026-1' });
    case 'appeal':
      return operations.appeal(actor, said);
    case 'uphold':
    case 'dismiss':
      return operations.decideAppeal(actor, { ...said, isUpheld: action === 'uphold' });
    case 'withdraw':
      return operations.withdraw(actor, said);
    case 'file':
      return operations.file(actor, { id, receipt: 'R-2026-1' });
    case 'release':
      return operations.release(actor, id);
    case 'recall':
      return operations.recall(actor, said);
    default:
      throw new Error(`No such action: ${action}`);
  }
}

let made = 0;
/** Another request, where a release would be the second of one. */
async function fresh(): Promise<void> {
  made += 1;
  id = (await instance.requestInReview(`SELECT ${made + 1}`)).id;
}

/** Puts the request where the test wants it, in a round of its own, with the votes that such a state has. */
async function put(state: EgressState): Promise<void> {
  const { store } = instance.ports;
  const event = { actor: SYSTEM, object: id, outcome: 'done', facts: {} } as const;
  const placed = await store.write(async (tx) => {
    const request = await tx.egress.get(id);
    if (request === null) throw new Error('No request');
    const round = request.round + 1;
    const isVoted = ['CHECKED', 'FILED', 'RELEASED'].includes(state);
    const { contentDigest } = request;
    for (const voter of isVoted ? ['o-1', 'o-2'] : []) {
      const vote = { egress: id, round, voter, organisation: 'o-co', step: 'operator_check', vote: 'approve', grounds: null } as const;
      const rest = { reason: 'fine', files: [], checklist: [], waivers: [], contentDigest, at: '' };
      value(await tx.egress.vote({ ...vote, ...rest }, { ...event, operation: 'egress.vote' }));
    }
    if (state === 'RELEASED')
      await tx.egress.transition(id, { from: STATES, to: 'FILED', patch: { round } }, { ...event, operation: 'egress.check' });
    return tx.egress.transition(
      id,
      { from: STATES, to: state, patch: { round, comments: [], filingReceipt: 'R-0' } },
      { ...event, operation: 'egress.check' },
    );
  });
  value(placed);
}

const standing = async () => {
  const request = await instance.ports.store.view.egress.get(id);
  const votes = await instance.ports.store.view.egress.votes(id);
  return { state: request?.state, round: request?.round, comments: request?.comments?.length, votes: votes.length };
};

describe.each(STATES)('a request in %s', (state) => {
  test.each(Object.keys(ALLOWED))('%s', async (action) => {
    const [who, to] = ALLOWED[action]?.[state] ?? [[], state];
    await put(state);
    const before = await standing();
    for (const [name, actor] of Object.entries(PEOPLE)) {
      if (who.includes(name)) continue;
      const refused = codes((await act(action, actor)) as Parameters<typeof codes>[0]);
      expect(refused.length === 1 && REFUSALS.test(refused[0] ?? ''), `${name}: ${refused}`).toBe(true);
      // Neither whose it is, nor that it was blocked, is told to anybody outside.
      if (['rival', 'colleague'].includes(name)) expect(refused[0], name).toMatch(/forbidden|not_found/);
      if (name === 'author' && ['CREATED', 'AUTO_CHECK', 'BLOCKED'].includes(state)) expect(refused[0]).toMatch(/forbidden|not_found/);
    }
    expect(await standing(), 'a refusal changes nothing').toEqual(before);
    for (const name of who) {
      if (action === 'release' || action === 'recall') await fresh();
      await put(state);
      value((await act(action, PEOPLE[name] ?? SYSTEM)) as Parameters<typeof value>[0]);
      expect((await standing()).state, name).toBe(to);
    }
  });
});

describe('who sees what', () => {
  test.each(STATES)('in %s', async (state) => {
    await put(state);
    const unknown = ['CREATED', 'AUTO_CHECK', 'BLOCKED'].includes(state);
    for (const [name, actor] of Object.entries(PEOPLE)) {
      const seen = await instance.operations.showEgress(actor, id);
      const isInside = !['author', 'colleague', 'rival', 'nobody', 'authority', 'council', 'registry', 'source'].includes(name);
      expect(seen.ok, name).toBe(isInside || (name === 'author' && !unknown));
      if (!seen.ok) continue;
      const reviews = ['operator', 'supervisor', 'expert', 'secrecy'].includes(name);
      expect('preview' in seen.value, name).toBe(reviews);
      expect('sql' in seen.value, name).toBe(reviews);
      expect('votes' in seen.value, name).toBe(reviews || name === 'auditor');
      if (name === 'author') expect(seen.value.state).toBe(state === 'HELD_LINKAGE' ? 'REVIEW' : state);
    }
  });
});

describe('two at once', () => {
  const operator = (at: number): Actor => ({ id: `o-${at}`, organisation: 'operator-of-matrix', roles: ['operator'] });
  const supervisor: Actor = { id: 'supervisor-1', organisation: 'supervisor-of-matrix', roles: ['supervisor'] };
  const author = PEOPLE['author'] ?? SYSTEM;
  const state = async () => (await standing()).state;
  const race = async (...deeds: readonly (() => Outcome)[]) =>
    (await Promise.all(deeds.map((deed) => deed()))).filter((item) => item.ok).length;

  test('five approvals, of two people: two count, once each', async () => {
    await put('REVIEW');
    const approve = (by: Actor) => () => act('approve', by);
    expect(await race(...[11, 12, 11, 12, 11].map((at) => approve(operator(at))))).toBe(2);
    expect(await state()).toBe('CHECKED');
  });
  test.each<[string, EgressState, string, Actor, string, Actor, readonly EgressState[]]>([
    ['withdrawn against released', 'FILED', 'withdraw', author, 'release', operator(1), ['WITHDRAWN', 'RELEASED']],
    ['vetoed against released', 'FILED', 'veto', operator(2), 'release', operator(1), ['REJECTED', 'RELEASED']],
    ['withdrawn against filed', 'CHECKED', 'withdraw', author, 'file', supervisor, ['WITHDRAWN']],
    ['vetoed against filed', 'CHECKED', 'veto', operator(2), 'file', supervisor, ['REJECTED']],
    ['returned against withdrawn', 'REVIEW', 'return', operator(1), 'withdraw', author, ['WITHDRAWN']],
    ['resubmitted against withdrawn', 'RETURNED', 'resubmit', author, 'withdraw', author, ['WITHDRAWN']],
    ['upheld against dismissed', 'APPEALED', 'uphold', supervisor, 'dismiss', supervisor, ['REVIEW', 'REJECTED']],
    ['upheld against withdrawn', 'APPEALED', 'uphold', supervisor, 'withdraw', author, ['WITHDRAWN']],
    ['cleared against vetoed', 'HELD_LINKAGE', 'clear', operator(1), 'veto', operator(2), ['REJECTED']],
    ['released against released', 'FILED', 'release', operator(1), 'release', operator(2), ['RELEASED']],
    ['recalled against recalled', 'RELEASED', 'recall', operator(1), 'recall', supervisor, ['RECALLED']],
  ])('%s, in either order', async (_name, from, one, by, other, with_, ends) => {
    for (const turned of [false, true]) {
      await fresh();
      await put(from);
      const deeds = [() => act(one, by), () => act(other, with_)];
      expect(await race(...(turned ? deeds.toReversed() : deeds))).toBeGreaterThan(0);
      expect(ends).toContain(await state());
    }
  });
  test('of a veto and a release one holds, and the other is refused', async () => {
    for (let at = 0; at < 4; at += 1) {
      await fresh();
      await put('FILED');
      const [vetoed, released] = await Promise.all([act('veto', operator(2)), act('release', operator(1))]);
      expect([vetoed.ok, released.ok].filter(Boolean)).toHaveLength(1);
      expect(await state()).toBe(vetoed.ok ? 'REJECTED' : 'RELEASED');
    }
  });
});
