import { type Fields, listOf } from '../governance/field.ts';
import type { Machine } from '../governance/machine.ts';
import type { Matter, MatterStep, MatterTimer } from '../governance/matter.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { MatterNotice } from './matter-store.ts';
import type { PageWish } from './page-wish.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** A matter as people see it. Names of people of other organisations are not part of it for merchants. */
export interface MatterView {
  readonly id: string;
  readonly noun: string;
  readonly state: string;
  readonly revision: number;
  readonly organisation: string;
  readonly city: string;
  readonly profile: string;
  readonly fields: Fields;
  readonly timers: readonly MatterTimer[];
  readonly steps: readonly MatterStep[];
  /** Steps there are from here; whether this person may take one shows when it is tried. */
  readonly next: readonly string[];
  readonly openedAt: string;
  readonly updatedAt: string;
}

/** A published catalogue entry, as anybody may read it. Source: GZ-16a (requirements.md §7.1). */
export interface CatalogueEntryView {
  readonly id: string;
  readonly catalogueName: string;
  readonly itemNames: readonly string[];
  readonly provider: string;
  readonly shareType: string;
  readonly openness: string;
  readonly updateFrequency: string;
  readonly city: string;
}

/** What people do in proceedings of government. */
export interface MatterOperations {
  /** `noun`: one of the kinds of `MACHINES`. `city`: id of the profile whose rules it is opened under. */
  openMatter(actor: Actor, input: { readonly noun: string; readonly city: string; readonly fields: Fields }): Outcome<MatterView>;
  listMatters(
    actor: Actor,
    filter: { readonly noun: string; readonly state?: string | undefined; readonly page?: PageWish },
  ): Outcome<readonly MatterView[]>;
  showMatter(actor: Actor, input: { readonly noun: string; readonly id: string }): Outcome<MatterView>;
  /** `revision`: the one the person decided on; another one in force refuses. */
  stepMatter(
    actor: Actor,
    input: {
      readonly noun: string;
      readonly id: string;
      readonly step: string;
      readonly fields?: Fields | undefined;
      readonly reason?: string | undefined;
      readonly revision: number;
    },
  ): Outcome<MatterView>;
  listMatterNotices(actor: Actor, filter: { readonly limit: number }): Outcome<readonly MatterNotice[]>;
  /** Published entries for anybody, no matter who asks: by words in their names, item names, provider; by sharing type. */
  searchCatalogue(filter: {
    readonly query?: string | undefined;
    readonly shareType?: string | undefined;
  }): Outcome<readonly CatalogueEntryView[]>;
}

/** What of a matter this person sees. */
export function matterView(machine: Machine, actor: Actor, matter: Matter): MatterView {
  const { id, noun, state, revision, organisation, city, profile, fields, timers, openedAt, updatedAt } = matter;
  const inside = actor.roles.some((role) => role !== 'merchant');
  const steps = matter.steps.map((item) =>
    inside || item.organisation === actor.organisation ? item : { ...item, actor: item.role, organisation: item.role },
  );
  const next = machine.transitions
    .filter((item) => item.from.includes(state) && !item.by.every((owner) => owner === 'clock' || owner === 'system'))
    .map((item) => item.step);
  return { id, noun, state, revision, organisation, city, profile, fields, timers, steps, next, openedAt, updatedAt };
}

/** Whether this person may know of the matter: its own organisation, one it names, a reader of its kind, or an auditor. */
export function maySeeMatter(machine: Machine, actor: Actor, matter: Matter): boolean {
  if (actor.organisation === '') return false;
  if (actor.organisation === matter.organisation) return true;
  if (actor.roles.includes('auditor') || actor.roles.some((role) => machine.readers.includes(role))) return true;
  return machine.partyField !== undefined && listOf(matter.fields[machine.partyField]).includes(actor.organisation);
}

/** What anybody may read of an entry. */
export function catalogueEntryView(matter: Matter): CatalogueEntryView {
  const text = (name: string): string => listOf(matter.fields[name])[0] ?? '';
  return {
    id: matter.id,
    catalogueName: text('catalogueName'),
    itemNames: listOf(matter.fields['itemNames']),
    provider: text('provider'),
    shareType: text('shareType'),
    openness: text('openness'),
    updateFrequency: text('updateFrequency'),
    city: matter.city,
  };
}
