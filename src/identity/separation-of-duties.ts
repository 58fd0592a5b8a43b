import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor, ActorRole } from './actor.ts';

/** Pairs that no person and no organisation holds together. Source: requirements.md §6.2, S1, S3, S7, S8; §6.1 (✗ of GZ-4d). */
const EXCLUSIVE: readonly {
  readonly rule: string;
  readonly within: 'organisation' | 'person';
  readonly a: ActorRole;
  readonly b: ActorRole;
}[] = [
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'operator' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'supervisor' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'auditor' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'operator' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'supervisor' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'source' },
  { rule: 'S8', within: 'person', a: 'operator', b: 'supervisor' },
  { rule: 'S8', within: 'person', a: 'operator', b: 'authority' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'authority' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'council' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'registry' },
  { rule: 'S3', within: 'person', a: 'source', b: 'authority' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'authority' },
  { rule: 'S1', within: 'organisation', a: 'merchant', b: 'secrecy' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'expert' },
  { rule: 'S7', within: 'person', a: 'auditor', b: 'secrecy' },
  { rule: 'S9', within: 'person', a: 'operator', b: 'secrecy' },
];

/** The rule that forbids these roles together in one person, or null. */
export function conflictWithin(roles: readonly ActorRole[]): string | null {
  return EXCLUSIVE.find((pair) => roles.includes(pair.a) && roles.includes(pair.b))?.rule ?? null;
}

/**
 * Whether a person may be registered beside those who are there: no conflicting roles of one person, and no
 * organisation that would be operator (or supervisor, auditor) and merchant at once.
 * Does not know affiliates of organisations: they come with merchant onboarding.
 */
export function mayRegister(
  person: Pick<Actor, 'organisation' | 'roles'>,
  others: readonly Pick<Actor, 'organisation' | 'roles'>[],
): Result<true, readonly Problem[]> {
  const own = conflictWithin(person.roles);
  if (own !== null) return err([problem('access.conflicting_roles', { rule: own, organisation: person.organisation })]);
  const roles = others.filter((other) => other.organisation === person.organisation).flatMap((other) => other.roles);
  const all = [...roles, ...person.roles];
  const broken = EXCLUSIVE.find((pair) => pair.within === 'organisation' && all.includes(pair.a) && all.includes(pair.b));
  if (broken === undefined) return ok(true);
  return err([problem('access.conflicting_roles', { rule: broken.rule, organisation: person.organisation })]);
}
