import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { profileCatalogue } from '../../../src/catalog/profiles/profile-catalogue.ts';
import type { Fields } from '../../../src/governance/field.ts';
import { finalStatesOf, type Machine, statesOf, transitionOf } from '../../../src/governance/machine.ts';
import { MACHINES, machineOf } from '../../../src/governance/machines.ts';
import type { Matter } from '../../../src/governance/matter.ts';
import { openMatter, type StepContext, settledStep, takeStep } from '../../../src/governance/take-step.ts';
import { ACTOR_ROLES, type Actor, type ActorRole } from '../../../src/identity/actor.ts';
import { STATE_COUNCIL_YEARS } from '../../../src/kernel/calendar/state-council-years.ts';
import { workingCalendar } from '../../../src/kernel/calendar/working-calendar.ts';

const PROFILE = profileCatalogue().resolve('GZ');
if (!PROFILE.ok) throw new Error('GZ');
const CONTEXT: StepContext = {
  at: '2025-09-26T02:00:00.000Z',
  today: '2025-09-26',
  calendar: workingCalendar(STATE_COUNCIL_YEARS),
  profile: PROFILE.value,
  related: [],
};
const person = (role: ActorRole, organisation = `${role}-office`): Actor => ({ id: `${role}-1`, organisation, roles: [role] });

function matterIn(machine: Machine, state: string, fields: Fields = {}, organisation = 'us'): Matter {
  return {
    id: 'mat_1',
    noun: machine.noun,
    state,
    revision: 1,
    organisation,
    author: 'me',
    profile: 'GZ@1',
    city: 'GZ',
    fields,
    timers: [],
    steps: [],
    openedAt: CONTEXT.at,
    updatedAt: CONTEXT.at,
  };
}

/** Some value that fits every field. */
function anyFields(machine: Machine): Fields {
  return Object.fromEntries(
    Object.entries(machine.fields).map(([name, field]): [string, Fields[string]] => {
      if (field.kind === 'number') return [name, 1];
      if (field.kind === 'flag') return [name, true];
      if (field.kind === 'date') return [name, '2026-03-02'];
      if (field.kind === 'digest') return [name, 'a'.repeat(64)];
      if (field.kind === 'word') return [name, field.words?.[0] ?? ''];
      if (field.kind === 'words') return [name, [...(field.words ?? [])]];
      return [name, field.kind === 'names' || field.kind === 'matters' ? ['a-name'] : 'a-name'];
    }),
  );
}

const codesOf = (result: ReturnType<typeof takeStep>): readonly string[] => (result.ok ? [] : result.error.map((item) => item.code));

describe.each(MACHINES.map((machine) => [machine.noun, machine] as const))('%s', (_noun, machine) => {
  const states = statesOf(machine);
  const steps = [...new Set(machine.transitions.map((item) => item.step))];

  test('is a whole table: every field, timer and state it names is there, every state can be reached', () => {
    for (const arrow of [...machine.transitions, machine.opening]) {
      for (const name of [...(arrow.requires ?? []), ...(arrow.sets ?? [])]) expect(machine.fields).toHaveProperty(name);
      for (const name of arrow.starts ?? []) expect(machine.timers).toHaveProperty(name);
    }
    for (const arrow of machine.transitions) for (const name of arrow.stops ?? []) expect(machine.timers).toHaveProperty(name);
    for (const name of [...machine.favourable, ...(machine.publicStates ?? [])]) expect(states).toContain(name);
    const reached = new Set([machine.initial]);
    for (let before = 0; before !== reached.size; ) {
      before = reached.size;
      for (const arrow of machine.transitions) if (arrow.from.some((state) => reached.has(state))) reached.add(arrow.to);
    }
    expect([...reached].sort()).toEqual([...states].sort());
    expect(finalStatesOf(machine).length).toBeGreaterThan(0);
  });

  test('one verb leads from one state to one other', () => {
    for (const state of states)
      for (const step of steps)
        expect(machine.transitions.filter((item) => item.step === step && item.from.includes(state)).length).toBeLessThanOrEqual(1);
  });

  test('no time limit gives a right, and each ends in a step of the clock or in a report', () => {
    for (const arrow of machine.transitions.filter((item) => item.by.includes('clock'))) expect(machine.favourable).not.toContain(arrow.to);
    for (const [name, timer] of Object.entries(machine.timers)) {
      expect(timer.escalatesTo.length).toBeGreaterThan(0);
      expect(machine.transitions.some((item) => item.starts?.includes(name)) || machine.opening.starts?.includes(name)).toBe(true);
      if (timer.passed !== undefined)
        expect(machine.transitions.some((item) => item.step === timer.passed && item.by.includes('clock'))).toBe(true);
    }
  });

  test('every pair of states: only the arrows of the table exist, for everybody', () => {
    const everybody: readonly (Actor | 'clock' | 'system')[] = [
      'clock',
      { id: 'all', organisation: 'us', roles: [...ACTOR_ROLES] },
      { id: 'all', organisation: 'them', roles: [...ACTOR_ROLES] },
    ];
    for (const state of states) {
      for (const step of steps) {
        const arrow = transitionOf(machine, state, step);
        for (const by of everybody) {
          const taken = takeStep(machine, matterIn(machine, state, anyFields(machine)), { step, reason: 'because' }, by, CONTEXT);
          if (arrow === null) expect(codesOf(taken)).toEqual(['matter.no_such_step']);
          else if (taken.ok) expect(taken.value.matter).toMatchObject({ state: arrow.to, revision: 2 });
        }
      }
    }
  });

  test('roles that an arrow does not name cannot take it', () => {
    for (const arrow of machine.transitions) {
      for (const role of ACTOR_ROLES.filter((item) => !arrow.by.includes(item))) {
        const matter = matterIn(machine, arrow.from[0] ?? '', anyFields(machine));
        const own = takeStep(machine, matter, { step: arrow.step, reason: 'because' }, person(role, 'us'), CONTEXT);
        expect(codesOf(own)).toEqual(['access.forbidden']);
      }
    }
  });

  test('a merchant and a source department take no step in matters of others', () => {
    for (const arrow of machine.transitions) {
      for (const role of ['merchant', 'source'] as const) {
        const matter = matterIn(machine, arrow.from[0] ?? '', anyFields(machine));
        expect(codesOf(takeStep(machine, matter, { step: arrow.step, reason: 'because' }, person(role), CONTEXT))).toEqual([
          'access.forbidden',
        ]);
      }
    }
  });

  test('nobody gives a right to his own organisation', () => {
    for (const arrow of machine.transitions.filter((item) => machine.favourable.includes(item.to))) {
      for (const role of arrow.by.filter((item): item is ActorRole => !['clock', 'system', 'merchant'].includes(item))) {
        const matter = matterIn(machine, arrow.from[0] ?? '', anyFields(machine));
        const taken = takeStep(machine, matter, { step: arrow.step, reason: 'because' }, person(role, 'us'), CONTEXT);
        expect(codesOf(taken)).toEqual(['access.separation_of_duties']);
      }
    }
  });

  test('required fields and reasons are asked for, all at once, and others are not taken', () => {
    for (const arrow of machine.transitions) {
      const by = arrow.by.find((item): item is ActorRole => item !== 'clock' && item !== 'system');
      if (by === undefined) continue;
      const party = machine.partyField === undefined ? {} : { [machine.partyField]: [`${by}-office`] };
      const own = by === 'merchant' || by === 'source';
      const matter = matterIn(machine, arrow.from[0] ?? '', {}, own ? `${by}-office` : 'us');
      const taken = takeStep(machine, matter, { step: arrow.step, fields: { surprise: 1 } }, person(by), CONTEXT);
      if (own && machine.favourable.includes(arrow.to)) continue;
      const wanted = [
        'matter.field_invalid',
        ...((arrow.requires ?? []).length > 0 ? ['matter.fields_missing'] : []),
        ...(arrow.reason === true ? ['matter.reason_missing'] : []),
      ];
      expect([arrow.step, codesOf(taken), Object.keys(party).length >= 0]).toEqual([arrow.step, wanted, true]);
    }
  });

  test('nothing is changed in place, and in a final state no limit runs', () => {
    for (const arrow of machine.transitions) {
      const running = Object.keys(machine.timers).map((name) => ({
        name,
        startedOn: '2025-01-02',
        dueOn: '2025-01-09',
        provisional: false,
        calendar: 'c',
        endedAt: null,
        breachedAt: null,
      }));
      const matter = Object.freeze({
        ...matterIn(machine, arrow.from[0] ?? '', Object.freeze(anyFields(machine))),
        timers: Object.freeze(running),
      });
      const taken = takeStep(machine, matter, { step: arrow.step, reason: 'because' }, 'system', CONTEXT);
      if (!taken.ok || !finalStatesOf(machine).includes(taken.value.matter.state)) continue;
      expect(taken.value.matter.timers.every((timer) => timer.endedAt !== null)).toBe(true);
    }
  });
});

describe('random walks', () => {
  test('never leave the table, never lose a step, and count every change', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MACHINES),
        fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...ACTOR_ROLES), fc.boolean()), { maxLength: 25 }),
        (machine, walk) => {
          let matter = matterIn(machine, machine.initial, anyFields(machine));
          const steps = [...new Set(machine.transitions.map((item) => item.step))];
          for (const [index, role, own] of walk) {
            const step = steps[index % steps.length] ?? '';
            const taken = takeStep(machine, matter, { step, reason: 'because' }, person(role, own ? 'us' : `${role}-office`), CONTEXT);
            if (!taken.ok) continue;
            expect(transitionOf(machine, matter.state, step)?.to).toBe(taken.value.matter.state);
            expect(taken.value.matter.steps.slice(0, -1)).toEqual(matter.steps);
            expect(taken.value.matter.revision).toBe(matter.revision + 1);
            matter = taken.value.matter;
          }
        },
      ),
    );
  });
});

describe('time limits', () => {
  test('GZ-14b: five working days from acceptance, over National Day', () => {
    const machine = machineOf('onboarding');
    const taken = takeStep(
      machine,
      matterIn(machine, 'SUBMITTED'),
      { step: 'accept', fields: { rulesetVersion: 'v1' } },
      person('operator'),
      CONTEXT,
    );
    expect(taken).toMatchObject({
      ok: true,
      value: { matter: { timers: [{ name: 'decision', dueOn: '2025-10-10', provisional: false }] } },
    });
  });

  test('GZ-35b: fifteen working days from the day an appeal is filed; a step ends the limit', () => {
    const machine = machineOf('appeal');
    const fields = { subjectKind: 'platform_rules', subject: 'rules', grounds: 'unfair', remedy: 'change' };
    const opened = openMatter(machine, { id: 'mat_2', city: 'GZ', fields }, person('merchant'), { ...CONTEXT, today: '2025-09-22' });
    if (!opened.ok) throw new Error('refused');
    expect(opened.value.timers).toMatchObject([{ name: 'investigation', dueOn: '2025-10-17' }]);
    const begun = takeStep(machine, opened.value, { step: 'investigate' }, person('supervisor'), CONTEXT);
    if (!begun.ok) throw new Error('refused');
    const sent = takeStep(
      machine,
      begun.value.matter,
      { step: 'submit-file', fields: { hearing: 'all heard' } },
      person('supervisor'),
      CONTEXT,
    );
    expect(sent).toMatchObject({ ok: true, value: { matter: { timers: [{ endedAt: CONTEXT.at }, { name: 'decision', endedAt: null }] } } });
  });

  test('a limit into a year without a calendar is provisional', () => {
    const machine = machineOf('onboarding');
    const late = { ...CONTEXT, today: '2026-12-30' };
    const taken = takeStep(
      machine,
      matterIn(machine, 'SUBMITTED'),
      { step: 'accept', fields: { rulesetVersion: 'v1' } },
      person('operator'),
      late,
    );
    expect(taken).toMatchObject({ ok: true, value: { matter: { timers: [{ provisional: true }] } } });
  });
});

describe('parallel reviewers', () => {
  const machine = machineOf('use-application');
  const inReview: Matter = {
    ...matterIn(machine, 'IN_REVIEW', { route: ['source', 'supervisor'], sources: ['source-office'] }),
    steps: [
      { step: 'start-review', from: 'FORWARDED', to: 'IN_REVIEW', actor: 'x', organisation: 'x', role: 'supervisor', at: '', reason: null },
    ],
  };
  const review = (matter: Matter, by: Actor) => takeStep(machine, matter, { step: 'review', reason: 'fine' }, by, CONTEXT);

  test('GZ-19a: approved once every body of the route has spoken, and not before', () => {
    const first = review(inReview, person('source'));
    if (!first.ok) throw new Error('refused');
    expect(settledStep(machine, first.value.matter, CONTEXT)).toBeNull();
    expect(codesOf(review(first.value.matter, person('source')))).toContain('matter.not_on_route');
    const second = review(first.value.matter, person('supervisor'));
    if (!second.ok) throw new Error('refused');
    expect(settledStep(machine, second.value.matter, CONTEXT)).toBe('approve');
  });

  test('GZ-19b: a body that is not on the route, or another department, has no say', () => {
    expect(codesOf(review(inReview, person('district')))).toEqual(['matter.not_on_route']);
    expect(codesOf(review(inReview, person('source', 'other-department')))).toEqual(['access.forbidden']);
  });

  test('an earlier round counts for nothing', () => {
    const again: Matter = {
      ...inReview,
      steps: [
        ...inReview.steps,
        { step: 'review', from: 'IN_REVIEW', to: 'IN_REVIEW', actor: 's', organisation: 's', role: 'source', at: '', reason: null },
        { step: 'refuse', from: 'IN_REVIEW', to: 'REJECTED', actor: 's', organisation: 's', role: 'supervisor', at: '', reason: null },
        {
          step: 'start-review',
          from: 'APPEALED',
          to: 'IN_REVIEW',
          actor: 's',
          organisation: 's',
          role: 'supervisor',
          at: '',
          reason: null,
        },
      ],
    };
    expect(review(again, person('source')).ok).toBe(true);
  });
});
