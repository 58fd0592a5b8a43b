import type { ResolvedProfile } from '../catalog/profiles/resolve-profile.ts';
import type { Actor, ActorRole } from '../identity/actor.ts';
import type { WorkingCalendar } from '../kernel/calendar/working-calendar.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type Fields, fieldFault, isFilled, listOf } from './field.ts';
import { GUARDS, type GuardName } from './guards.ts';
import { finalStatesOf, type Machine, type Transition, transitionOf } from './machine.ts';
import { isOwnMatter, type Matter, type MatterTimer } from './matter.ts';
import { startTimer } from './timer.ts';

/** Where and when a step is taken. */
export interface StepContext {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Day in Asia/Shanghai. */
  readonly today: string;
  readonly calendar: WorkingCalendar;
  readonly profile: ResolvedProfile;
  readonly related: readonly Matter[];
}

/** Who takes a step: a person, the clock, or the instance because something else settled it. */
export type Stepper = Actor | 'clock' | 'system';

interface StepRequest {
  readonly step: string;
  readonly fields?: Fields;
  readonly reason?: string;
}

/** The matter after a step, and the arrow that was taken. */
export interface Taken {
  readonly matter: Matter;
  readonly transition: Transition;
}

/**
 * Takes one step of a matter, or says everything that stands in its way. Nothing is changed in place. A person needs a
 * role that the arrow names: a merchant in matters of his own organisation, a source department in its own or those that
 * name it; where a state gives a right, nobody of the organisation whose matter it is. The clock takes only arrows that
 * name it. Does not look at the effects of the arrow in the rest of the instance.
 * Source: requirements.md §5 (each row one transition), §6.2 (S6).
 */
export function takeStep(
  machine: Machine,
  matter: Matter,
  request: StepRequest,
  by: Stepper,
  context: StepContext,
): Result<Taken, readonly Problem[]> {
  const transition = transitionOf(machine, matter.state, request.step);
  if (transition === null || (by === 'clock' && !transition.by.includes('clock'))) {
    const steps = machine.transitions.filter((item) => item.from.includes(matter.state)).map((item) => item.step);
    return err([problem('matter.no_such_step', { step: request.step.slice(0, 60), state: matter.state, steps })]);
  }
  const role = typeof by === 'string' ? by : roleFor(machine, matter, transition, by);
  if (role === null) return err([problem('access.forbidden', { action: `${machine.noun} ${transition.step}` })]);
  if (
    typeof by !== 'string' &&
    machine.favourable.includes(transition.to) &&
    by.organisation === matter.organisation &&
    role !== 'merchant'
  ) {
    return err([problem('access.separation_of_duties', { rule: 'S6' })]);
  }
  const given = request.fields ?? {};
  const fields = { ...matter.fields, ...given };
  const reason = request.reason?.trim() ?? '';
  const faults = [
    ...fieldFaults(machine, given, [...(transition.requires ?? []), ...(transition.sets ?? [])]),
    ...missing(fields, transition.requires),
    ...(transition.reason === true && (reason === '' || reason.length > 2000) ? [problem('matter.reason_missing', {})] : []),
  ];
  if (faults.length > 0) return err(faults);
  const actor = typeof by === 'string' ? null : by;
  const blocked = guarded(transition.guards, { ...matter, fields }, actor, context);
  if (blocked.length > 0) return err(blocked);
  const taken = {
    step: transition.step,
    from: matter.state,
    to: transition.to,
    role,
    at: context.at,
    reason: reason === '' ? null : reason,
  };
  const after: Matter = {
    ...matter,
    state: transition.to,
    revision: matter.revision + 1,
    fields,
    steps: [...matter.steps, { ...taken, actor: actor?.id ?? role, organisation: actor?.organisation ?? 'system' }],
    updatedAt: context.at,
  };
  return ok({ transition, matter: { ...after, timers: timersAfter(machine, after, transition, context) } });
}

/** A new matter in its first state, or everything that stands in the way of opening it. */
export function openMatter(
  machine: Machine,
  draft: Pick<Matter, 'id' | 'city'> & { readonly fields: Fields },
  by: Actor,
  context: StepContext,
): Result<Matter, readonly Problem[]> {
  if (!by.roles.some((role) => machine.opens.includes(role))) return err([problem('access.forbidden', { action: `${machine.noun} open` })]);
  const { requires, sets, guards, starts } = machine.opening;
  const faults = [...fieldFaults(machine, draft.fields, [...(requires ?? []), ...(sets ?? [])]), ...missing(draft.fields, requires)];
  if (faults.length > 0) return err(faults);
  const matter: Matter = {
    ...draft,
    noun: machine.noun,
    state: machine.initial,
    revision: 1,
    organisation: by.organisation,
    author: by.id,
    profile: context.profile.reference,
    timers: [],
    steps: [],
    openedAt: context.at,
    updatedAt: context.at,
  };
  const blocked = guarded(guards, matter, by, context);
  return blocked.length > 0 ? err(blocked) : ok({ ...matter, timers: started(machine, matter, starts, context) });
}

/** The arrow that the instance itself takes now because its conditions are met, or null. Never because of time. */
export function settledStep(machine: Machine, matter: Matter, context: StepContext): string | null {
  const arrow = machine.transitions.find((item) => item.by.includes('system') && item.from.includes(matter.state));
  return arrow !== undefined && guarded(arrow.guards, matter, null, context).length === 0 ? arrow.step : null;
}

/** The role in which the actor may take this arrow, or null. */
function roleFor(machine: Machine, matter: Matter, transition: Transition, actor: Actor): ActorRole | null {
  const named = machine.partyField === undefined ? [] : listOf(matter.fields[machine.partyField]);
  const own = isOwnMatter(actor, matter);
  const fits = (role: ActorRole): boolean => {
    if (!transition.by.includes(role)) return false;
    return role === 'merchant' || role === 'source' ? own || named.includes(actor.organisation) : true;
  };
  return actor.roles.find(fits) ?? null;
}

function fieldFaults(machine: Machine, given: Fields, allowed: readonly string[]): readonly Problem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const field = Object.hasOwn(machine.fields, name) && allowed.includes(name) ? machine.fields[name] : undefined;
    const keyword = field === undefined ? 'not a field of this step' : fieldFault(field, value);
    return keyword === null ? [] : [problem('matter.field_invalid', { field: name.slice(0, 60), keyword })];
  });
}

function missing(fields: Fields, required: readonly string[] = []): readonly Problem[] {
  const empty = required.filter(
    (name) => fields[name] === undefined || fields[name] === '' || (Array.isArray(fields[name]) && !isFilled(fields[name])),
  );
  return empty.length === 0 ? [] : [problem('matter.fields_missing', { fields: empty })];
}

function guarded(guards: readonly GuardName[] = [], matter: Matter, actor: Actor | null, context: StepContext): readonly Problem[] {
  const { today, profile, related } = context;
  return guards.flatMap((name): readonly Problem[] => GUARDS[name]({ matter, actor, today, profile, related }));
}

/** Limits that run on, those that end with the step, and those that start with it. In a final state nothing runs. */
function timersAfter(machine: Machine, after: Matter, transition: Transition, context: StepContext): readonly MatterTimer[] {
  const final = finalStatesOf(machine).includes(after.state);
  const ended = (transition.stops ?? []).concat(transition.starts ?? []);
  const kept = after.timers.map((timer) =>
    timer.endedAt === null && (final || ended.includes(timer.name)) ? { ...timer, endedAt: context.at } : timer,
  );
  return [...kept, ...started(machine, after, transition.starts, context)];
}

function started(machine: Machine, matter: Matter, names: readonly string[] = [], context: StepContext): readonly MatterTimer[] {
  return names.flatMap((name) => {
    const definition = machine.timers[name];
    if (definition === undefined) throw new Error(`No timer ${name}`);
    const deadline = startTimer(definition, matter.fields, context);
    return deadline === null ? [] : [{ name, startedOn: context.today, ...deadline, endedAt: null, breachedAt: null }];
  });
}
