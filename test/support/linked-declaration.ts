const HEAD = {
  dataset: 'linked',
  title: { zh: '关联', en: 'Linked' },
  provider: 'p',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
};

const column = (type: string, role = 'dimension', more: object = {}): object => ({ type, label: 'none', role, ...more });
const filled = { nullable: false };

/** Seven linked tables with every kind of key and column that simulation has to get right, as JSON. */
export function linkedDeclaration(): object {
  return {
    ...HEAD,
    tables: {
      hospital: {
        visibility: 'public',
        primaryKey: ['h'],
        columns: {
          h: column('VARCHAR', 'dimension', { domain: ['甲院', '乙院', '丙院'] }),
          beds: column('INTEGER', 'measure', { bounds: [10, 500] }),
        },
      },
      person: {
        visibility: 'protected',
        primaryKey: ['pid'],
        rows: 1000,
        units: { person: ['pid'] },
        foreignKeys: [
          { columns: ['boss'], references: 'person.pid' },
          { columns: ['firm'], references: ['firm.uscc'] },
        ],
        standingFilters: ["status = 'active' AND income BETWEEN 10 AND 2000"],
        columns: {
          pid: column('VARCHAR', 'unitId', { semantic: 'residentId' }),
          name: column('VARCHAR', 'directId', { semantic: 'name', ...filled }),
          phone: column('VARCHAR', 'directId', { semantic: 'mobile', ...filled }),
          birth_date: column('DATE', 'quasiId', { bounds: ['1950-03-01', '2001-12-31'], ...filled }),
          gender: column('VARCHAR', 'dimension', { domain: ['女', '男'], ...filled }),
          boss: column('VARCHAR', 'unitId'),
          firm: column('VARCHAR', 'unitId'),
          status: column('VARCHAR', 'dimension', { domain: ['active', 'gone'] }),
          income: column('DECIMAL(12,2)', 'measure', { bounds: [0, 5_000_000] }),
          flag: column('BOOLEAN', 'sensitive'),
          seen: column('TIMESTAMP', 'quasiId', { bounds: ['2024-01-01 08:00:00', '2024-01-01 09:30:00'] }),
          score: column('FLOAT', 'measure', { bounds: [0, 0.3] }),
          shift: column('DOUBLE', 'quasiId', { bounds: [-1.5, 1.5] }),
          kind: column('VARCHAR'),
        },
      },
      firm: {
        visibility: 'protected',
        primaryKey: ['uscc'],
        rows: 50,
        units: { firm: ['uscc'] },
        foreignKeys: [{ columns: ['owner'], references: 'person.pid' }],
        columns: { uscc: column('VARCHAR', 'unitId', { semantic: 'uscc' }), owner: column('VARCHAR', 'unitId') },
      },
      tax: {
        visibility: 'protected',
        primaryKey: ['uscc', 'year'],
        rows: 320,
        units: { firm: ['uscc'] },
        foreignKeys: [{ columns: ['uscc'], references: 'firm.uscc' }],
        columns: {
          uscc: column('VARCHAR', 'unitId'),
          year: column('INTEGER', 'dimension', { domain: [2019, 2020, 2021, 2022, 2023, 2024, 2025] }),
          paid: column('DECIMAL(14,2)', 'measure', { semantic: 'amount' }),
        },
      },
      works: {
        visibility: 'protected',
        primaryKey: ['pid', 'h'],
        rows: 900,
        units: { person: ['pid'] },
        foreignKeys: [
          { columns: ['pid'], references: 'person.pid' },
          { columns: ['h'], references: 'hospital.h' },
        ],
        columns: { pid: column('VARCHAR', 'unitId'), h: column('VARCHAR') },
      },
      visit: {
        visibility: 'protected',
        primaryKey: ['vid'],
        rows: 5000,
        units: { person: ['pid'] },
        foreignKeys: [
          { columns: ['pid', 'h'], references: ['works.pid', 'works.h'] },
          { columns: ['h'], references: 'hospital.h' },
        ],
        columns: {
          vid: column('VARCHAR', 'directId'),
          pid: column('VARCHAR', 'unitId', filled),
          h: column('VARCHAR', 'dimension', filled),
          cost: column('DECIMAL(10,2)', 'measure', { bounds: [0.5, 90_000] }),
        },
      },
      line: {
        visibility: 'protected',
        primaryKey: ['vid', 'no'],
        rows: 6000,
        units: { person: ['vid -> visit.vid', 'pid'] },
        columns: {
          vid: column('VARCHAR', 'directId'),
          no: column('SMALLINT', 'dimension', { bounds: [1, 9] }),
          drug: column('VARCHAR', 'sensitive'),
        },
      },
    },
  };
}
