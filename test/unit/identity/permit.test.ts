import { describe, expect, test } from 'vitest';
import { ACTOR_ROLES, type Actor, type ActorRole } from '../../../src/identity/actor.ts';
import { demonstrationPrincipals } from '../../../src/identity/demonstration-principals.ts';
import { ACTIONS, type Action } from '../../../src/identity/permissions.ts';
import { permit, scopeOf } from '../../../src/identity/permit.ts';

/** The matrix once more, written by hand from requirements.md §6.1: `A` all, `o` own, `-` never. */
const MATRIX: Readonly<Record<Action, string>> = {
  //                        merchant operator supervisor auditor source authority council district expert registry secrecy
  'dataset.load': '- A - - o - - - - - -',
  'load.read': '- A A A o - - - - - -',
  'dataset.read': 'A A A A A A - A A - A',
  'dataset.versions.read': '- A A A o - - - - - -',
  'dataset.withdraw': '- A - - o - - - - - -',
  'simulation.create': 'A A - - - - - - - - -',
  'simulation.read': 'A A A A A - - - - - -',
  'simulation.download': 'A A A - A - - - - - -',
  'simulation.manage': '- A - - - - - - - - -',
  'report.read': '- A A A - A - - - - -',
  'report.schedule': '- A A - o A - - - - -',
  'report.kept': '- A A A o A - - - - -',
  'webhook.manage': 'o o o - o o - - - - -',
  'simulation.fit': 'A - - - - - - - - - -',
  'job.submit': 'A - - - - - - - - - -',
  'job.read': 'o A A A - - - - - - -',
  'job.cancel': 'o A A - - - - - - - -',
  'egress.read': 'o A A A - - - - A - A',
  'egress.review': '- A A - - - - - A - A',
  'egress.vote': '- A - - - - - - A - A',
  'egress.withdraw': 'o - - - - - - - - - -',
  'egress.file': '- - A - - - - - - - -',
  'egress.release': '- A - - - - - - - - -',
  'egress.recall': '- A A - - - - - - - -',
  'release.read': 'o A A A - - - - - - -',
  'release.download': 'o - - - - - - - - - -',
  'egress.clear': '- A - - - - - - - - -',
  'egress.assess': '- A - - - - - - - - -',
  'egress.resubmit': 'o - - - - - - - - - -',
  'egress.appeal': 'o - - - - - - - - - -',
  'egress.appeal.decide': '- - A - - - - - - - -',
  'egress.comment': 'o A A - - - - - A - A',
  'release.trace': '- A - - - - - - - - -',
  'notice.read': 'o o o o o o - - o - o',
  'product.create': 'A - - - - - - - - - -',
  'product.call': 'o - - - - - - - - - -',
  'product.stop': '- A A - - - - - - - -',
  'ledger.replay': '- A - A - - - - - - -',
  'masked.create': 'A - - - - - - - - - -',
  'policy.propose': '- A - - A A - - - - A',
  'policy.decide': '- - - - - A - - - - A',
  'policy.read': 'A A A A A A - - A - A',
  'external.manage': '- A - - - - - - - - -',
  'external.read': '- A A A - A - - - - A',
  'audit.export': '- - - A - - - - - - -',
  'audit.open': '- - A A - - - - - - -',
  'audit.keep': '- - - A - - - - - - -',
  'audit.read': '- - A A - A - - - - -',
  'audit.verify': '- A A A - A - - - - -',
  'principal.manage': '- A - - - - - - - - -',
  'grant.manage': '- A - - - - - - - - -',
  'key.manage': 'o o o o o o o o o o o',
  'metrics.read': '- A A A - - - - - - -',
  'matter.open': 'A A A - A A A A A A -',
  'matter.read': 'A A A A A A A A A A -',
  'matter.step': 'A A A - A A A A A A -',
};
const ROLES: readonly ActorRole[] = ACTOR_ROLES;
const SCOPES = { A: 'all', o: 'own', '-': null } as const;

const actor = (...roles: readonly string[]): Actor => ({ id: 'me', organisation: 'us', roles: roles as readonly ActorRole[] });
const mine = { kind: 'job', owner: { id: 'me', organisation: 'us' } };

describe('permissions', () => {
  const cells = ACTIONS.flatMap((action) => ROLES.map((role, column) => [action, role, MATRIX[action].split(' ')[column]] as const));

  test.each(cells)('%s for %s is %s', (action, role, cell) => {
    expect(scopeOf(actor(role), action)).toBe(SCOPES[cell as keyof typeof SCOPES]);
    expect(permit(actor(role), action, mine).ok).toBe(cell !== '-');
  });

  test.each([['admin'], ['Merchant'], ['constructor'], ['__proto__'], ['']])('the unknown role %j permits nothing', (role) => {
    for (const action of ACTIONS) expect(permit(actor(role), action, mine).ok).toBe(false);
  });

  test.each([['job.destroy'], ['toString'], ['__proto__'], ['']])('the unknown action %j is permitted to nobody', (action) => {
    for (const role of ROLES) expect(permit(actor(role), action as Action, mine).ok).toBe(false);
  });

  test('nobody without roles may do anything', () => {
    for (const action of ACTIONS) expect(permit(actor(), action, mine).ok).toBe(false);
  });

  test("another's object, one of the same organisation's other people, and nobody's look like one that does not exist", () => {
    const hidden = [{ code: 'access.not_found', facts: { kind: 'job' } }];
    for (const owner of [
      { id: 'you', organisation: 'them' },
      { id: 'you', organisation: 'us' },
      { id: 'me', organisation: 'them' },
      null,
    ]) {
      expect(permit(actor('merchant'), 'job.read', { kind: 'job', owner })).toEqual({ ok: false, error: hidden });
    }
    expect(permit(actor('merchant'), 'job.read', { kind: 'job', owner: { organisation: 'us' } }).ok).toBe(true);
  });

  test('where only own objects are permitted, asking without an object is refused', () => {
    expect(permit(actor('merchant'), 'job.read').ok).toBe(false);
    expect(permit(actor('operator'), 'job.read').ok).toBe(true);
  });

  test('an actor without organisation owns nothing', () => {
    const nobody: Actor = { id: 'me', organisation: '', roles: ['merchant'] };
    expect(permit(nobody, 'job.read', { kind: 'job', owner: { id: 'me', organisation: '' } }).ok).toBe(false);
  });

  test.each([[['merchant', 'operator']], [['auditor', 'operator']], [['merchant', 'supervisor']], [['operator', 'supervisor']]])(
    'roles that exclude each other (%j) permit nothing',
    (roles) => {
      for (const action of ACTIONS) expect(permit(actor(...roles), action, mine).ok).toBe(false);
    },
  );

  test('the demonstration has two operators and no organisation with conflicting roles', () => {
    const people = demonstrationPrincipals();
    expect(people.map((person) => person.id)).toEqual([
      'merchant-a',
      'merchant-b',
      'operator-1',
      'operator-2',
      'supervisor-1',
      'auditor-1',
      'authority-1',
      'council-1',
      'expert-1',
      'expert-2',
      'secrecy-1',
      'secrecy-2',
      'registry-1',
      'source-1',
    ]);
    const operators = people.filter((person) => person.roles.includes('operator')).map((person) => person.organisation);
    const merchants = people.filter((person) => person.roles.includes('merchant')).map((person) => person.organisation);
    expect(operators).toHaveLength(2);
    expect(merchants.filter((organisation) => operators.includes(organisation))).toEqual([]);
  });
});
