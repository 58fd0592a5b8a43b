import { describe, expect, test } from 'vitest';
import type { Operations } from '../../src/operations/operations.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv } from '../support/gate-bench.ts';
import { done, person, realPeople } from '../support/real-people.ts';

const declaration = {
  ...DECLARED_HEAD,
  dataset: 'clinics',
  title: { zh: '门诊', en: 'Clinics' },
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        sex: { type: 'VARCHAR', label: 'personal', role: 'dimension', domain: ['f', 'm'], publicDomain: true },
      },
    },
  },
};
const sql = 'SELECT sex, count(*) AS n FROM people GROUP BY sex';
const files = {
  'people.csv': csv(
    ['id', 'sex'],
    Array.from({ length: 60 }, (_, id) => [`p${id}`, id % 2 === 0 ? 'f' : 'm']),
  ),
};

type Step = (operations: Operations, id: string) => Promise<unknown>;
const approvedBy =
  (who: string): Step =>
  async (operations, id) =>
    done(await operations.approve(person(who), { id, reason: 'aggregates only' }));
const assessed: Step = async (operations, id) => done(await operations.assess(person('operator-1'), { id, reference: 'RISK-2026-7' }));
const filed: Step = async (operations, id) => done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));

/** Each city's own way, by hand from requirements.md §4.3 (`egress.approvers`, `egress.filing_mode`, `egress.product_kinds`). */
const CITIES: readonly (readonly [string, string, readonly Step[]])[] = [
  ['GZ', 'indicator', [approvedBy('operator-1'), approvedBy('operator-2'), filed]],
  ['NB', 'report', [approvedBy('expert-1'), approvedBy('expert-2'), filed]],
  ['QY', 'indicator', [approvedBy('secrecy-1'), approvedBy('secrecy-2'), assessed, filed]],
  ['QZ', 'indicator', [approvedBy('operator-1'), approvedBy('operator-2'), filed]],
  ['CQ', 'report', [approvedBy('operator-1'), approvedBy('operator-2'), filed]],
];

describe.each(CITIES)('a release under the rules of %s', (city, kind, steps) => {
  test('goes by its chain, in order, and not before its end', async () => {
    const people = await realPeople(declaration, files, { SLUICE_CITY: city });
    try {
      const { real } = await people.submit(sql);
      const request = await people.requestOf(real);
      expect([request.state, request.productKind, request.profile?.split('@')[0]]).toEqual(['REVIEW', kind, city]);
      for (const step of steps) {
        expect((await people.operations.release(person('operator-1'), request.id)).ok).toBe(false);
        await step(people.operations, request.id);
      }
      const released = done(await people.operations.release(person('operator-1'), request.id));
      expect(released.state).toBe('available');
    } finally {
      await people.close();
    }
  }, 120_000);
});

describe('a job over data of several cities', () => {
  /** City of the instance, city whose data went into the dataset besides, what both let leave, the steps of both in order. */
  const TOGETHER: readonly (readonly [string, string, string, readonly Step[]])[] = [
    ['GZ', 'QY', 'indicator', [...gz(), approvedBy('secrecy-1'), approvedBy('secrecy-2'), assessed, filed]],
    ['NB', 'GZ', 'report', [...gz(), approvedBy('expert-1'), approvedBy('expert-2'), filed]],
  ];
  function gz(): readonly Step[] {
    return [approvedBy('operator-1'), approvedBy('operator-2')];
  }

  test.each(TOGETHER)(
    'in %s with data of %s goes by both chains, and its record names both',
    async (city, other, kind, steps) => {
      const people = await realPeople({ ...declaration, cities: [other] }, files, { SLUICE_CITY: city });
      try {
        const { real } = await people.submit(sql);
        const request = await people.requestOf(real);
        const names = request.profile?.split('/').map((reference) => reference.split('@')[0]);
        expect([request.productKind, names]).toEqual([kind, [city, other].sort()]);
        for (const step of steps) {
          expect((await people.operations.release(person('operator-1'), request.id)).ok).toBe(false);
          await step(people.operations, request.id);
        }
        expect(done(await people.operations.release(person('operator-1'), request.id)).state).toBe('available');
      } finally {
        await people.close();
      }
    },
    120_000,
  );

  test('a kind that one of them lets leave and the other does not is refused at submission', async () => {
    const people = await realPeople({ ...declaration, cities: ['NB'] }, files, { SLUICE_CITY: 'GZ' });
    try {
      const asked = { dataset: 'clinics', sql, target: 'sim', productKind: 'indicator' } as const;
      const refused = await people.operations.submitJob(person('merchant-a'), asked);
      expect(refused.ok ? [] : refused.error.map((item) => item.code)).toEqual(['egress.kind_not_allowed']);
    } finally {
      await people.close();
    }
  }, 120_000);
});
