import { affiliatesAt } from '../egress/affiliation.ts';
import { type Fields, listOf } from '../governance/field.ts';
import type { Matter } from '../governance/matter.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { StoreTransaction } from './ports.ts';

const LOOKED_AT = ['evidenceProvider', 'parentProduct', 'jointRegistrants'] as const;

/**
 * Who stands behind a registration is not its own third party (S5), and no operator, nor who belongs to one, registers what was made from
 * a product that was delivered (S2). The store holds the same (migration 0081). `set`: the fields that the step
 * sets; where it sets none of these nothing is looked at. Source: requirements.md §6.2; CQ-REG-14, CQ-OP-22.
 */
export async function registrationDuties(
  tx: StoreTransaction,
  { noun, organisation, fields, updatedAt }: Matter,
  set: Fields,
): Promise<Result<null, readonly Problem[]>> {
  if (noun !== 'certificate' || !LOOKED_AT.some((field) => field in set)) return ok(null);
  const people = await tx.principals.list();
  const holding = (role: 'registry' | 'operator') =>
    people.filter(({ roles }) => roles.includes(role)).map((person) => person.organisation);
  const registrants = [organisation, ...listOf(fields['jointRegistrants'])];
  const areRelated = async (parties: readonly string[], others: readonly string[]): Promise<boolean> => {
    for (const other of others) {
      const family: readonly string[] = [other, ...affiliatesAt(await tx.affiliations.of(other), other, updatedAt)];
      if (parties.some((party) => family.includes(party))) return true;
    }
    return false;
  };
  const evidence = await areRelated([...registrants, ...holding('registry')], listOf(fields['evidenceProvider']));
  const product = listOf(fields['parentProduct']).length > 0 && (await areRelated(registrants, holding('operator')));
  const broken = [...(evidence ? ['S5'] : []), ...(product ? ['S2'] : [])];
  return broken.length === 0 ? ok(null) : err(broken.map((rule) => problem('access.separation_of_duties', { rule })));
}
