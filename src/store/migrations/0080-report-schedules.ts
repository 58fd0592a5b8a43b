import { type Migration, table } from './migration.ts';

/**
 * Reports that the instance makes by itself, and what it made: once for each period, whoever asks twice. The report itself is sealed.
 * `organisation`: the source department that a usage log is for. Source: requirements.md §9; QZ-3.1.8c.
 */
export const REPORT_SCHEDULES: Migration = {
  name: '0080-report-schedules',
  async up(db) {
    const schedule = {
      id: 'text',
      ordinal: 'integer',
      report: 'text',
      rhythm: 'text',
      'dataset?': 'text',
      organisation: 'text',
      principal: 'text',
      state: 'text',
      created_at: 'text',
    } as const;
    const kept = {
      id: 'text',
      ordinal: 'integer',
      schedule: 'text',
      report: 'text',
      period_from: 'text',
      period_to: 'text',
      'dataset?': 'text',
      'organisation?': 'text',
      made_at: 'text',
      digest: 'text',
      signature: 'text',
      sealed: 'text',
    } as const;
    await table(db, 'report_schedules', schedule, ['id']).execute();
    await table(db, 'kept_reports', kept, ['id']).addUniqueConstraint('kept_reports_once', ['schedule', 'period_from']).execute();
  },
};
