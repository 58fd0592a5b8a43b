import type { Dataset } from '../../../src/catalog/dataset.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { PROVINCE_NAMES } from '../../../src/identifiers/region.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';

/** A column with what every column here has. */
export const column = (type: string, role: string, more: object = {}): object => ({ type, label: 'none', role, nullable: false, ...more });
export const LEVELS = ['一', '二', '三', '四'];

/** People, firms and visits with every kind of hint. */
export function declared(): Dataset {
  const read = readDeclaration({
    dataset: 'hinted',
    ...DECLARED_HEAD,
    tables: {
      person: {
        visibility: 'protected',
        primaryKey: ['pid'],
        units: { person: ['pid'] },
        rows: 1000,
        simulation: {
          dependencies: [
            { from: ['town'], to: ['office'] },
            { from: ['office'], to: ['floor'] },
          ],
          orderings: [['opened', 'paid', 'closed']],
          unique: ['badge', ['desk', 'shift', 'hall']],
          columns: {
            income: { distribution: { kind: 'normal', mean: 5000, deviation: 500 } },
            level: { distribution: { kind: 'weights', weights: [0, 0, 1, 3] } },
            note: { dirt: 0.2, nullShare: 0.5 },
          },
        },
        columns: {
          pid: column('VARCHAR', 'unitId', { semantic: 'residentId' }),
          name: column('VARCHAR', 'directId', { semantic: 'name' }),
          sex: column('VARCHAR', 'dimension', { domain: ['女', '男'] }),
          birth_date: column('DATE', 'quasiId', { bounds: ['1950-01-01', '2005-12-31'] }),
          province: column('VARCHAR', 'dimension', { domain: Object.values(PROVINCE_NAMES) }),
          home: column('VARCHAR', 'directId', { semantic: 'address' }),
          plate: column('VARCHAR', 'directId', { semantic: 'plate' }),
          phone: column('VARCHAR', 'directId', { semantic: 'landline' }),
          card: column('VARCHAR', 'directId', { semantic: 'bankCard' }),
          passport: column('VARCHAR', 'directId', { semantic: 'passport' }),
          town: column('VARCHAR', 'dimension', { domain: ['甲', '乙', '丙', '丁'] }),
          office: column('VARCHAR', 'dimension', { domain: Array.from({ length: 20 }, (_, index) => `o${index}`) }),
          floor: column('INTEGER', 'dimension', { bounds: [1, 9] }),
          opened: column('DATE', 'quasiId', { bounds: ['2020-01-01', '2022-12-31'] }),
          paid: column('DATE', 'quasiId', { bounds: ['2021-01-01', '2023-12-31'], nullable: true }),
          closed: column('DATE', 'quasiId', { bounds: ['2020-06-01', '2023-06-30'] }),
          badge: column('INTEGER', 'dimension', { bounds: [1, 1200] }),
          income: column('INTEGER', 'measure', { bounds: [0, 10_000] }),
          level: column('VARCHAR', 'dimension', { domain: LEVELS }),
          desk: column('INTEGER', 'dimension', { bounds: [1, 90], nullable: true }),
          shift: column('VARCHAR', 'dimension', { domain: ['früh', 'spät', 'Nacht'] }),
          hall: column('INTEGER', 'dimension', { domain: [1, 2, 3, 4] }),
          note: column('VARCHAR', 'dimension', { semantic: 'text', nullable: true }),
        },
      },
      firm: {
        visibility: 'protected',
        primaryKey: ['uscc'],
        units: { firm: ['uscc'] },
        rows: 50,
        columns: { uscc: column('VARCHAR', 'unitId', { semantic: 'uscc' }), title: column('VARCHAR', 'directId', { semantic: 'name' }) },
      },
      visit: {
        visibility: 'protected',
        primaryKey: ['vid'],
        foreignKeys: [{ columns: ['pid'], references: 'person.pid' }],
        units: { person: ['pid'] },
        simulation: { cardinality: [{ columns: ['pid'], min: 1, mean: 3, max: 12 }] },
        columns: {
          vid: column('VARCHAR', 'directId'),
          pid: column('VARCHAR', 'unitId'),
          cost: column('DECIMAL(10,2)', 'measure', { bounds: [0, 90_000] }),
          kind: column('VARCHAR', 'sensitive', { domain: Array.from({ length: 200 }, (_, index) => `k${index}`) }),
          day: column('DATE', 'quasiId', { bounds: ['2023-01-01', '2024-12-31'] }),
        },
      },
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.dataset;
}
