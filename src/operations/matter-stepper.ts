import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { profileCatalogue } from '../catalog/profiles/profile-catalogue.ts';
import { type Fields, listOf } from '../governance/field.ts';
import type { Machine } from '../governance/machine.ts';
import { machineOf } from '../governance/machines.ts';
import type { Matter } from '../governance/matter.ts';
import { type StepContext, type Stepper, settledStep, takeStep } from '../governance/take-step.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { STATE_COUNCIL_YEARS } from '../kernel/calendar/state-council-years.ts';
import { workingCalendar } from '../kernel/calendar/working-calendar.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { applyEffects } from './matter-effects.ts';
import type { MatterKey, MatterNotice } from './matter-store.ts';
import type { StoreTransaction, StoreView } from './ports.ts';
import { registrationDuties } from './registration-duties.ts';

export type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** One step to take: its verb, the fields it sets, the reason given. */
export interface MatterRequest {
  readonly step: string;
  readonly fields: Fields;
  readonly reason: string;
}

const MOST_STEPS = 64;
const PROFILES = profileCatalogue();
const CALENDAR = workingCalendar(STATE_COUNCIL_YEARS);

/** Context of a step: rules of the matter's city, and the matters it names or that belong to its organisation. */
export async function contextFor(
  view: StoreView,
  matter: Pick<Matter, 'city' | 'organisation' | 'fields'>,
  now: Date,
): Outcome<StepContext> {
  const profile = PROFILES.resolve(matter.city);
  if (!profile.ok) return profile;
  const own = await view.matters.list({ organisation: matter.organisation });
  const named = new Set(Object.values(matter.fields).flatMap(listOf));
  const others: Matter[] = [];
  for (const id of named) {
    const found = own.some((item) => item.id === id) ? null : await view.matters.get(id);
    if (found !== null) others.push(found);
  }
  // Certificates belong to who registered the resource, which need not be the merchant.
  const certificates = await view.matters.list({ noun: 'certificate' });
  const strangers = certificates.filter((item) => item.organisation !== matter.organisation && !named.has(item.id));
  return ok({
    at: now.toISOString(),
    today: shanghaiDate(now),
    calendar: CALENDAR,
    profile: profile.value,
    related: [...own, ...others, ...strangers],
  });
}

/** Values that stand for this matter alone, where it stands now. */
export function keysOf(machine: Machine, matter: Matter): readonly MatterKey[] {
  return (machine.unique ?? [])
    .filter((item) => !item.frees.includes(matter.state))
    .flatMap(({ field, within }) => {
      const value = listOf(matter.fields[field])[0];
      return value === undefined ? [] : [{ field, holder: within === 'instance' ? '*' : matter.organisation, value }];
    });
}

/** Digest of the fields: what the log keeps of them. */
export function bodyDigest(matter: Matter): string {
  return textDigest(canonicalJson(matter.fields));
}

/** Tells whose turn it is: the matter's organisation of every step of others, and the owners of limits that start. */
function noticesOf(machine: Machine, before: Matter, after: Matter): readonly Omit<MatterNotice, 'id' | 'at'>[] {
  const last = after.steps.at(-1);
  if (last === undefined) return [];
  const common = { matter: after.id, noun: after.noun, state: after.state } as const;
  const started = after.timers.slice(before.timers.length);
  return [
    ...(last.organisation === after.organisation
      ? []
      : [{ ...common, role: null, organisation: after.organisation, kind: 'step' as const, what: last.step }]),
    ...started.flatMap((timer) => {
      const owner = machine.timers[timer.name]?.owner ?? 'operator';
      const kind = timer.provisional ? ('provisional' as const) : ('step' as const);
      return owner === 'merchant' ? [] : [{ ...common, role: owner, organisation: null, kind, what: timer.name }];
    }),
  ];
}

/** What the log says of a step. Texts of people are in it as digests, fields as names. */
function stepEvent(before: Matter, after: Matter, request: MatterRequest, by: Stepper): AuditEvent {
  const last = after.steps.at(-1);
  const reason = last?.reason ?? null;
  return {
    operation: 'matter.step',
    actor: typeof by === 'string' ? SYSTEM_ACTOR : by,
    object: after.id,
    outcome: 'done',
    facts: {
      noun: after.noun,
      step: request.step,
      from: before.state,
      to: after.state,
      role: last?.role,
      profile: after.profile,
      fields: Object.keys(request.fields),
      bodyDigest: bodyDigest(after),
      reasonDigest: reason === null ? undefined : textDigest(reason),
    },
  };
}

/** Takes steps in one transaction; `abort` collects jobs to abort once it is committed. */
export interface MatterStepper {
  readonly abort: string[];
  take(matter: Matter, request: MatterRequest, by: Stepper): Outcome<Matter>;
}

/** Steps taken in one transaction, one after another, with what follows from each. Source: requirements.md §5. */
export function matterStepper(ports: OperationsPorts, tx: StoreTransaction, now: Date): MatterStepper {
  const abort: string[] = [];
  let taken = 0;
  const take = async (matter: Matter, request: MatterRequest, by: Stepper): Outcome<Matter> => {
    taken += 1;
    if (taken > MOST_STEPS) throw new Error('Steps that follow one another without an end');
    const machine = machineOf(matter.noun);
    const context = await contextFor(tx, { ...matter, fields: { ...matter.fields, ...request.fields } }, now);
    if (!context.ok) return context;
    const step = takeStep(machine, matter, request, by, context.value);
    if (!step.ok) return step;
    const after = step.value.matter;
    const duties = await registrationDuties(tx, after, request.fields);
    if (!duties.ok) return duties;
    const kept = await tx.matterWrites.replace(after, keysOf(machine, after), stepEvent(matter, after, request, by));
    if (!kept.ok) return kept;
    for (const notice of noticesOf(machine, matter, after)) await tx.matterWrites.notify({ ...notice, id: newId('ntc', ports.rng) });
    const effects = await applyEffects(tx, after, step.value.transition.effects ?? [], request.reason, context.value.today);
    if (!effects.ok) return effects;
    abort.push(...effects.value.abort);
    for (const next of effects.value.follow) {
      const followed = await take(next.matter, next, 'system');
      if (!followed.ok) return followed;
    }
    const settled = settledStep(machine, after, context.value);
    return settled === null ? ok(after) : take(after, { step: settled, fields: {}, reason: '' }, 'system');
  };
  return { take, abort };
}
