import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { type AffiliationTerm, affiliatesAt } from '../egress/affiliation.ts';
import { isDate, shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { AffiliationView } from './egress-interface.ts';
import type { AffiliationReads } from './egress-store.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { Operations } from './operations.ts';
import { checkedReason } from './reason.ts';

type AffiliationOperations = Pick<Operations, 'declareAffiliation' | 'endAffiliation' | 'listAffiliations'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const DAYS = (): Result<never, readonly Problem[]> => err([problem('egress.affiliation_days', {})]);

async function viewOf(ports: OperationsPorts, reads: AffiliationReads, organisation: string): Promise<AffiliationView> {
  const terms = await reads.of(organisation);
  return { organisation, affiliates: affiliatesAt(terms, organisation, ports.clock.now().toISOString()), terms };
}

async function declare(
  ports: OperationsPorts,
  actor: Actor,
  input: Parameters<Operations['declareAffiliation']>[1],
): Outcome<AffiliationView> {
  const permitted = await allowed(ports, actor, 'principal.manage');
  if (!permitted.ok) return permitted;
  const said = checkedReason(input.reason);
  if (!said.ok) return said;
  const { organisation, affiliate, validFrom = null, validTo = null } = input;
  if (organisation === affiliate) return err([problem('egress.same_organisation', {})]);
  const isOrdered = validFrom === null || validTo === null || validFrom <= validTo;
  if (![validFrom, validTo].every((day) => day === null || isDate(day)) || !isOrdered) return DAYS();
  const facts = { affiliate, ...daysOf({ validFrom, validTo }), reasonDigest: textDigest(said.value) };
  const event: AuditEvent = { operation: 'organisation.affiliate', actor, object: organisation, outcome: 'done', facts };
  return ports.store.write(async (tx) => {
    await tx.affiliations.add({ organisation, affiliate, validFrom, validTo }, event);
    return ok(await viewOf(ports, tx.affiliations, organisation));
  });
}

function daysOf({ validFrom, validTo }: Pick<AffiliationTerm, 'validFrom' | 'validTo'>) {
  return { ...(validFrom === null ? {} : { validFrom }), ...(validTo === null ? {} : { validTo }) };
}

/**
 * The last day of what has no end yet: today or later, so that no act of a day that is over is judged anew. Nobody of either
 * organisation ends what keeps him from deciding.
 */
async function end(ports: OperationsPorts, actor: Actor, input: Parameters<Operations['endAffiliation']>[1]): Outcome<AffiliationView> {
  const permitted = await allowed(ports, actor, 'principal.manage');
  if (!permitted.ok) return permitted;
  const said = checkedReason(input.reason);
  if (!said.ok) return said;
  const { organisation, affiliate } = input;
  if ([organisation, affiliate].includes(actor.organisation))
    return refuseAccess(ports, actor, 'principal.manage', [problem('access.separation_of_duties', { rule: 'S6' })]);
  const today = shanghaiDate(ports.clock.now());
  const { validTo = today } = input;
  if (!isDate(validTo) || validTo < today) return DAYS();
  const facts = { affiliate, validTo, reasonDigest: textDigest(said.value) };
  const event: AuditEvent = { operation: 'organisation.part', actor, object: organisation, outcome: 'done', facts };
  return ports.store.write(async (tx): Outcome<AffiliationView> => {
    const ended = await tx.affiliations.end({ organisation, affiliate, validTo }, event);
    return ended.ok ? ok(await viewOf(ports, tx.affiliations, organisation)) : ended;
  });
}

async function list(ports: OperationsPorts, actor: Actor, organisation: string): Outcome<AffiliationView> {
  const permitted = await allowed(ports, actor, 'principal.manage');
  return permitted.ok ? ok(await viewOf(ports, ports.store.view.affiliations, organisation)) : permitted;
}

/**
 * Organisations that belong together: nobody of the one decides about what the other lets out, on the days on which they do. Declared and ended by
 * operators; terms are kept for good. Source: requirements.md §6.2 S1, S6 (affiliates declared and checked), GZ-4d.
 */
export function affiliationOperations(ports: OperationsPorts): AffiliationOperations {
  return {
    declareAffiliation: (actor, input) => declare(ports, actor, input),
    endAffiliation: (actor, input) => end(ports, actor, input),
    listAffiliations: (actor, { organisation }) => list(ports, actor, organisation),
  };
}
