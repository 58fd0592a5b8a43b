import { DECLARED_HEAD } from './declared-head.ts';
/** A small dataset of two linked protected tables and a public one, as JSON. Files: residents.csv, visits.csv, hospitals.csv. */
export function cityDeclaration() {
  return {
    dataset: 'city',
    ...DECLARED_HEAD,
    title: { zh: '城市', en: 'City' },
    tables: {
      residents: {
        file: 'residents.csv',
        visibility: 'protected',
        primaryKey: ['resident_id'],
        units: { person: ['resident_id'] },
        columns: {
          resident_id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
          name: { type: 'VARCHAR', label: 'personal', role: 'directId' },
          district: { type: 'VARCHAR', label: 'none', role: 'dimension', domain: ['east', 'west', 'north'], publicDomain: true },
          birth: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['1900-01-01', '2026-12-31'] },
          income: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 5_000_000] },
        },
      },
      visits: {
        file: 'visits.csv',
        visibility: 'protected',
        primaryKey: ['visit_id'],
        foreignKeys: [{ columns: ['hospital'], references: 'hospitals.hospital_id' }],
        units: { person: ['resident -> residents.resident_id', 'resident_id'] },
        columns: {
          visit_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
          resident: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
          hospital: { type: 'INTEGER', label: 'none', role: 'dimension' },
          cost: { type: 'DOUBLE', label: 'personal', role: 'measure' },
        },
      },
      hospitals: {
        file: 'hospitals.csv',
        visibility: 'public',
        primaryKey: ['hospital_id'],
        columns: {
          hospital_id: { type: 'INTEGER', label: 'none', role: 'dimension' },
          title: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        },
      },
    },
  };
}

export const CITY_FILES = {
  'residents.csv': 'resident_id,name,district,birth,income\nA1,Ann,east,1990-01-02,100.50\nB2,Bob,west,1985-12-31,20\nC3,Cy,east,,\n',
  'visits.csv': 'visit_id,resident,hospital,cost\n1,A1,1,10\n2,A1,2,20.5\n3,B2,1,-3\n4,,1,7\n',
  'hospitals.csv': 'hospital_id,title\n2,South\n1,North\n',
} as const;
