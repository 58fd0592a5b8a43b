import type { Kysely, Selectable } from 'kysely';
import type { ReportRhythm } from '../governance/report/period.ts';
import type { Report } from '../governance/report/report.ts';
import type { KeptReport, ReportReads, ReportSchedule, ReportWrites } from '../operations/report-store.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import { requireAbout, type Writing } from './writing.ts';

/** Schedules of reports and what they made; contents are sealed. Source: requirements.md §9; QZ-3.1.8c. */
export function readReports(db: Kysely<Database>, fields: SealedFields): ReportReads {
  return {
    async schedules() {
      return (await db.selectFrom('report_schedules').selectAll().orderBy('ordinal', 'desc').execute()).map(scheduleOf);
    },
    async schedule(id) {
      const row = await db.selectFrom('report_schedules').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : scheduleOf(row);
    },
    async kept() {
      const rows = await db.selectFrom('kept_reports').selectAll().orderBy('ordinal', 'desc').orderBy('id').execute();
      return rows.map(keptOf);
    },
    async report(id) {
      const row = await db.selectFrom('kept_reports').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return null;
      return { kept: keptOf(row), content: (await fields.open(row.sealed, `report/${id}`)) as Report };
    },
    async isKept(schedule, from) {
      const row = await db
        .selectFrom('kept_reports')
        .select('id')
        .where('schedule', '=', schedule)
        .where('period_from', '=', from)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

export function writeReports(writing: Writing): ReportWrites {
  const { tx, at, fields } = writing;
  const reads = readReports(tx, fields);
  return {
    ...reads,
    async addSchedule(schedule, event) {
      requireAbout(event, schedule.id);
      const ordinal = await writing.record(event);
      const { dataset = null, ...rest } = schedule;
      await tx
        .insertInto('report_schedules')
        .values({ ...rest, dataset, ordinal, state: 'active', created_at: at })
        .execute();
      return { ...schedule, state: 'active', createdAt: at };
    },
    async endSchedule(id, event) {
      requireAbout(event, id);
      const ended = await tx
        .updateTable('report_schedules')
        .set({ state: 'ended' })
        .where('id', '=', id)
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow();
      if (ended.numUpdatedRows === 0n) return false;
      await writing.record(event);
      return true;
    },
    async keep(kept, content, event) {
      requireAbout(event, kept.id);
      if (await reads.isKept(kept.schedule, kept.from)) return false;
      const ordinal = await writing.record(event);
      const { from, to, dataset = null, organisation = null, ...rest } = kept;
      const sealed = await fields.seal(content, `report/${kept.id}`);
      await tx
        .insertInto('kept_reports')
        .values({ ...rest, period_from: from, period_to: to, dataset, organisation, ordinal, made_at: at, sealed })
        .execute();
      return true;
    },
  };
}

function scheduleOf(row: Selectable<Database['report_schedules']>): ReportSchedule {
  const { ordinal: _, created_at: createdAt, dataset, rhythm, state, ...rest } = row;
  return {
    ...rest,
    rhythm: rhythm as ReportRhythm,
    state: state as ReportSchedule['state'],
    createdAt,
    ...(dataset === null ? {} : { dataset }),
  };
}

function keptOf(row: Selectable<Database['kept_reports']>): KeptReport {
  const { id, schedule, report, period_from: from, period_to: to, dataset, organisation, made_at: madeAt, digest, signature } = row;
  return {
    id,
    schedule,
    report,
    from,
    to,
    ...(dataset === null ? {} : { dataset }),
    ...(organisation === null ? {} : { organisation }),
    madeAt,
    digest,
    signature,
  };
}
