import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Writing } from './writing.ts';

const PUBLIC_ROLES = ['operator', 'supervisor', 'auditor', 'authority', 'council', 'registry'];

/** The side that roles put an organisation on; null for roles that are on neither. */
export function sideOf(roles: readonly string[]): 'merchant' | 'public' | null {
  if (roles.includes('merchant')) return 'merchant';
  return roles.some((role) => PUBLIC_ROLES.includes(role)) ? 'public' : null;
}

/**
 * Puts an organisation on a side for good; on the other one already, it is refused (`access.conflicting_roles`, S1).
 * Source: requirements.md §6.2, S1 ("affiliates declared and checked"); GZ-4d.
 */
export async function takeSide(
  { tx }: Pick<Writing, 'tx'>,
  organisation: string,
  side: 'merchant' | 'public',
): Promise<Result<void, readonly Problem[]>> {
  await tx
    .insertInto('organisation_sides')
    .values({ organisation, side })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx.selectFrom('organisation_sides').select('side').where('organisation', '=', organisation).executeTakeFirstOrThrow();
  return row.side === side ? ok(undefined) : err([problem('access.conflicting_roles', { rule: 'S1', organisation })]);
}
