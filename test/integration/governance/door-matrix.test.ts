import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Machine } from '../../../src/governance/machine.ts';
import { MACHINES } from '../../../src/governance/machines.ts';
import type { Matter } from '../../../src/governance/matter.ts';
import type { App } from '../../../src/http/routes/route-context.ts';
import { ACTOR_ROLES, type Actor } from '../../../src/identity/actor.ts';
import { openDoor } from '../../support/instance-door.ts';
import { dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/**
 * Every step of every kind of proceeding from every state, over HTTP, against the table: what the table does not name is refused with a
 * problem in the language that was asked for and changes nothing; what it names leads where it says or is refused, and is never a fault.
 */
let instance: TestInstance;
let app: App;
let made = 0;
const faults: unknown[] = [];
/** There is no such step from here; or, said first, the matter is none of the asker's. `request.invalid`: no step of this kind at all. */
const REFUSALS = ['matter.no_such_step', 'access.not_found', 'access.forbidden', 'request.invalid'];
const OWNER = 'merchant-a-co';
let asker: Actor = { id: 'merchant-a', organisation: OWNER, roles: ['merchant'] };

/** Who may take the step, as far as the table says: of the organisation whose matter it is, or of none of the parties. */
function standFor(machine: Machine, step: string): void {
  const by = machine.transitions.filter((item) => item.step === step).flatMap((item) => item.by);
  const role = ACTOR_ROLES.find((item) => by.includes(item)) ?? 'operator';
  const isParty = role === 'merchant' || role === 'source';
  asker = { id: isParty ? 'merchant-a' : 'somebody', organisation: isParty ? OWNER : 'city-office', roles: [role] };
}

beforeAll(async () => {
  instance = await seededInstance();
  app = await openDoor(
    instance,
    () => asker,
    (line) => faults.push(line),
  );
}, 60_000);
afterAll(async () => {
  await app.close();
  await dispose(instance);
});

const statesOf = (machine: Machine): readonly string[] => [
  ...new Set([machine.initial, ...machine.transitions.flatMap(({ from, to }) => [...from, to])]),
];

/** A matter that stands in a state, however it would have come there. */
async function standing(machine: Machine, state: string): Promise<string> {
  made += 1;
  const id = `mat_${String(made).padStart(26, '0')}`;
  const at = instance.clock.now().toISOString();
  const matter: Matter = {
    id,
    noun: machine.noun,
    state,
    revision: 1,
    organisation: OWNER,
    author: 'merchant-a',
    profile: 'GZ@2024-08-01.1',
    city: 'GZ',
    fields: {},
    timers: [],
    steps: [],
    openedAt: at,
    updatedAt: at,
  };
  const event = { operation: 'matter.open', actor: asker, object: id, outcome: 'done', facts: { noun: machine.noun } } as const;
  value(await instance.ports.store.write((tx) => tx.matterWrites.add(matter, [], event)));
  return id;
}

async function ask(machine: Machine, id: string, step: string, language: string) {
  standFor(machine, step);
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/${machine.plural}/${id}/steps`,
    headers: { authorization: 'Bearer some-key-of-somebody', 'if-match': '"1"', 'accept-language': language },
    payload: { step, fields: {}, reason: 'tried' },
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

describe.each(MACHINES.map((machine) => [machine.noun, machine] as const))('%s', (_noun, machine) => {
  const steps = [...new Set(machine.transitions.map(({ step }) => step))];

  test('what the table does not name is refused in both languages and changes nothing', async () => {
    const refusals = new Set<string>();
    for (const state of statesOf(machine)) {
      const possible = machine.transitions.filter(({ from }) => from.includes(state)).map(({ step }) => step);
      const id = await standing(machine, state);
      for (const [at, step] of [...steps, 'no-such-step'].filter((item) => !possible.includes(item)).entries()) {
        const language = at % 2 === 0 ? 'zh-CN' : 'en';
        const { status, body } = await ask(machine, id, step, language);
        const code = String(body['code']);
        refusals.add(code);
        expect([step, status >= 400 && status < 500, REFUSALS.includes(code)], `${state}: ${status} ${code}`).toEqual([step, true, true]);
        expect(/[一-鿿]/.test(String(body['detail'])), `${state} ${step} ${language}`).toBe(language === 'zh-CN');
      }
      expect(await instance.ports.store.view.matters.get(id)).toMatchObject({ state, revision: 1, steps: [] });
    }
    expect(refusals).toContain('matter.no_such_step');
  }, 30_000);

  test('what it names leads where it says, or is refused; it is never a fault', async () => {
    for (const { step, from, to } of machine.transitions) {
      for (const state of from) {
        const id = await standing(machine, state);
        const { status, body } = await ask(machine, id, step, 'en');
        const after = await instance.ports.store.view.matters.get(id);
        expect(status, `${state} ${step}: ${JSON.stringify(body).slice(0, 200)}`).toBeLessThan(500);
        expect(after?.steps[0]?.to ?? state, `${state} ${step}`).toBe(status === 200 ? to : state);
      }
    }
    expect(faults).toEqual([]);
  }, 30_000);
});
