import type { ActorRole } from '../identity/actor.ts';
import type { FieldDefinition } from './field.ts';
import type { GuardName } from './guards.ts';
import type { TimerDefinition } from './timer.ts';

/** What follows a step in the rest of the instance; done with it or not at all. */
export type EffectName =
  | 'open_access'
  | 'close_access'
  | 'delete_data'
  | 'contain'
  | 'end_application'
  | 'suspend_person'
  | 'mark_products'
  | 'reopen_target'
  | 'claim_affiliates';

/** Who takes a step: a role, or the instance itself when a day has passed (`clock`) or something else settled it (`system`). */
export type StepOwner = ActorRole | 'clock' | 'system';

/** One named arrow. What no transition names is impossible. */
export interface Transition {
  /** Verb of the step, kebab-case; one verb leads from one state to one other. */
  readonly step: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly by: readonly StepOwner[];
  /** Fields that must be filled once the step's own fields are set. */
  readonly requires?: readonly string[];
  /** Fields that the step may set beside those it requires. */
  readonly sets?: readonly string[];
  readonly guards?: readonly GuardName[];
  /** A reason in words is kept with the step. */
  readonly reason?: true;
  /** Running timers that end with it, whatever they measured. */
  readonly stops?: readonly string[];
  readonly starts?: readonly string[];
  readonly effects?: readonly EffectName[];
  /** Requirements it meets. */
  readonly meets: readonly string[];
}

/** One kind of matter as a table: what it knows, where it may stand, who moves it, and how long that may take. */
export interface Machine {
  /** Singular, kebab-case: `use-application`. */
  readonly noun: string;
  /** As it stands in addresses: `use-applications`. */
  readonly plural: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly initial: string;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  /** Who may open one. */
  readonly opens: readonly ActorRole[];
  /** What opening one gives: fields that must and may be set, conditions, limits that start. */
  readonly opening: Pick<Transition, 'requires' | 'sets' | 'guards' | 'starts'>;
  /** Who sees all of them; everybody else sees those of his own organisation, or those that name it in `partyField`. */
  readonly readers: readonly ActorRole[];
  /** Field that names another organisation whose people take steps in it (a source department, the accused). */
  readonly partyField?: string;
  /** Fields whose value stands for one matter of this kind, in its organisation or in the whole instance, until a state that frees it. */
  readonly unique?: readonly { readonly field: string; readonly within: 'organisation' | 'instance'; readonly frees: readonly string[] }[];
  readonly transitions: readonly Transition[];
  readonly timers: Readonly<Record<string, TimerDefinition>>;
  /** States that give somebody a right: no clock ever leads there. */
  readonly favourable: readonly string[];
  /** States that anybody may read of without signing in. */
  readonly publicStates?: readonly string[];
  readonly meets: readonly string[];
}

/** Every state of a machine, the initial one first. */
export function statesOf(machine: Machine): readonly string[] {
  return [...new Set([machine.initial, ...machine.transitions.flatMap((item) => [...item.from, item.to])])];
}

/** States that nothing leaves. */
export function finalStatesOf(machine: Machine): readonly string[] {
  return statesOf(machine).filter((state) => !machine.transitions.some((item) => item.from.includes(state)));
}

/** The arrow that a verb names in a state, or null. Source: requirements.md §5 (each row one transition). */
export function transitionOf(machine: Machine, state: string, step: string): Transition | null {
  return machine.transitions.find((item) => item.step === step && item.from.includes(state)) ?? null;
}
