import { readFileSync } from 'node:fs';
import { CITY_DECLARATION } from '../../datasets/city-health/generate.ts';

/** Tables that the demonstration has not: employment, transport cards, social security, a public table of districts, an own calendar. */
const MORE_TABLES = {
  districts: {
    file: 'districts.csv',
    visibility: 'public',
    primaryKey: ['district'],
    foreignKeys: [],
    columns: {
      district: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      population: { type: 'INTEGER', label: 'none', role: 'measure', nullable: false },
      area: { type: 'DECIMAL(10,2)', label: 'none', role: 'measure', nullable: false },
    },
  },
  employment: {
    file: 'employment.csv',
    visibility: 'protected',
    primaryKey: ['resident_id', 'uscc', 'hired_on'],
    foreignKeys: [
      { columns: ['resident_id'], references: 'residents.resident_id' },
      { columns: ['uscc'], references: 'enterprises.uscc' },
    ],
    units: { person: ['resident_id'], enterprise: ['uscc'] },
    columns: {
      resident_id: { type: 'VARCHAR', label: 'personal', role: 'unitId', nullable: false },
      uscc: { type: 'VARCHAR', label: 'tradeSecret', role: 'unitId', nullable: false },
      hired_on: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, bounds: ['1980-01-01', '2026-12-31'] },
      occupation: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      wage: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', nullable: true, bounds: [0, 1000000] },
      full_time: { type: 'BOOLEAN', label: 'none', role: 'dimension', nullable: false },
    },
  },
  cards: {
    file: 'cards.csv',
    visibility: 'protected',
    primaryKey: ['card_no'],
    foreignKeys: [],
    units: { card: ['card_no'] },
    columns: {
      card_no: { type: 'BIGINT', label: 'personal', role: 'unitId', nullable: false },
      card_type: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      issued_on: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, bounds: ['2000-01-01', '2026-12-31'] },
      balance: { type: 'DECIMAL(8,2)', label: 'personal', role: 'measure', nullable: false, bounds: [0, 5000] },
    },
  },
  trips: {
    file: 'trips.csv',
    visibility: 'protected',
    primaryKey: ['trip_id'],
    foreignKeys: [
      { columns: ['card_no'], references: 'cards.card_no' },
      { columns: ['station'], references: 'stations.station' },
    ],
    units: { card: ['card_no'] },
    columns: {
      trip_id: { type: 'BIGINT', label: 'personal', role: 'unitId', nullable: false },
      card_no: { type: 'BIGINT', label: 'personal', role: 'unitId', nullable: false },
      station: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      boarded_at: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId', nullable: false, bounds: ['2020-01-01', '2026-12-31'] },
      fare: { type: 'DECIMAL(6,2)', label: 'personal', role: 'measure', nullable: false, bounds: [0, 100] },
      transfers: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 10] },
    },
  },
  stations: {
    file: 'stations.csv',
    visibility: 'public',
    primaryKey: ['station'],
    foreignKeys: [],
    columns: {
      station: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      line: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      opened_on: { type: 'DATE', label: 'none', role: 'dimension', nullable: false },
    },
  },
  参保缴费: {
    file: 'insurance.csv',
    visibility: 'protected',
    primaryKey: ['缴费编号'],
    foreignKeys: [
      { columns: ['参保人'], references: 'residents.resident_id' },
      { columns: ['单位代码'], references: 'enterprises.uscc' },
    ],
    units: { person: ['参保人'], enterprise: ['单位代码'] },
    columns: {
      缴费编号: { type: 'VARCHAR', label: 'personal', role: 'unitId', nullable: false },
      参保人: { type: 'VARCHAR', label: 'personal', role: 'unitId', nullable: false },
      单位代码: { type: 'VARCHAR', label: 'tradeSecret', role: 'unitId', nullable: true },
      险种: {
        type: 'VARCHAR',
        label: 'none',
        role: 'dimension',
        nullable: false,
        domain: ['养老', '医疗', '失业', '工伤'],
        publicDomain: true,
      },
      缴费月份: { type: 'DATE', label: 'personal', role: 'quasiId', nullable: false, bounds: ['2010-01-01', '2026-12-31'] },
      缴费基数: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', nullable: false, bounds: [0, 100000] },
      个人缴费: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', nullable: true, bounds: [0, 20000] },
      单位缴费: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', nullable: true, bounds: [0, 40000] },
    },
  },
} as const;

/** The demonstration's declaration with further tables: what analysts of a city's data would find. Never loaded. */
export function analystDeclaration(): unknown {
  const city = JSON.parse(readFileSync(CITY_DECLARATION, 'utf8')) as { readonly tables: Readonly<Record<string, unknown>> };
  return { ...city, dataset: 'analyst-city', tables: { ...city.tables, ...MORE_TABLES } };
}
