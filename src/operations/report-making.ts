import { createHash } from 'node:crypto';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { periodsOver, type ReportPeriod } from '../governance/report/period.ts';
import { type Report, type ReportName, withoutSmallCounts } from '../governance/report/report.ts';
import { scopeOf } from '../identity/permit.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { StoreTransaction } from './ports.ts';
import { REPORTS } from './report-figures.ts';
import type { KeptReport, ReportSchedule } from './report-store.ts';
import { USAGE_LOG, usageFigures } from './usage-log.ts';

/** Periods that are made up for where nobody looked for long: two years of months. */
const MOST_PERIODS = 24;

type Making = Pick<ReportSchedule, 'id' | 'rhythm' | 'createdAt'> &
  ({ readonly report: string; readonly dataset?: string } | { readonly report: 'usage-log'; readonly dataset: string });

/** A report of some days as the records are now; a usage log needs its dataset. Small counts of people are taken out. Source: requirements.md §9. */
export async function reportOf(
  ports: OperationsPorts,
  { name, from, to, dataset }: ReportPeriod & { readonly name: ReportName | 'usage-log'; readonly dataset?: string | undefined },
): Promise<Report> {
  const isWithin = (at: string): boolean => {
    const day = shanghaiDate(new Date(at));
    return from <= day && day <= to;
  };
  const { view } = ports.store;
  const { title, meets } = name === 'usage-log' ? USAGE_LOG : REPORTS[name];
  const { columns, rows } =
    name === 'usage-log'
      ? await usageFigures(view, dataset ?? '', { from, to })
      : await REPORTS[name].figures({ view, isWithin, hourPriceFen: ports.hourPriceFen });
  return withoutSmallCounts({ name, title, meets, from, to, madeAt: ports.clock.now().toISOString(), columns, rows });
}

/** The text that is signed. */
export function signedText(report: Report): Uint8Array {
  return Buffer.from(`sluice-report/v1\n${canonicalJson(report)}`, 'utf8');
}

/**
 * Makes what is due: for every schedule each period that is over and not made yet, and for every dataset without one the log of each
 * month in which it was used. Once for each period, in however many processes at once: who comes second writes nothing. Tells whoever
 * may read it. Gives how many were made. Source: requirements.md §9; QZ-3.1.8c.
 */
export async function makeDueReports(ports: OperationsPorts, seenEmpty: Set<string>): Promise<number> {
  const { view } = ports.store;
  const today = shanghaiDate(ports.clock.now());
  const schedules = (await view.reports.schedules()).filter(({ state }) => state === 'active');
  let made = 0;
  for (const schedule of [...schedules, ...(await unscheduledLogs(ports, schedules))]) {
    for (const period of periodsOver(schedule.rhythm, shanghaiDate(new Date(schedule.createdAt)), today, MOST_PERIODS)) {
      const mark = `${schedule.id} ${period.from}`;
      if (seenEmpty.has(mark) || (await view.reports.isKept(schedule.id, period.from))) continue;
      const report = await reportOf(ports, { ...period, name: schedule.report as ReportName | 'usage-log', dataset: schedule.dataset });
      if (schedule.id.startsWith(UNSCHEDULED) && report.rows.length === 0) seenEmpty.add(mark);
      else if (await keep(ports, schedule, report)) made += 1;
    }
  }
  return made;
}

const UNSCHEDULED = 'usage/';

async function unscheduledLogs({ store }: OperationsPorts, schedules: readonly Making[]): Promise<readonly Making[]> {
  const logs: Making[] = [];
  for (const { name } of await store.view.datasets.list()) {
    if (schedules.some(({ report, dataset }) => report === 'usage-log' && dataset === name)) continue;
    const [first] = await store.view.datasets.versions(name);
    if (first !== undefined)
      logs.push({ id: `${UNSCHEDULED}${name}`, report: 'usage-log', dataset: name, rhythm: 'month', createdAt: first.loadedAt });
  }
  return logs;
}

async function keep(ports: OperationsPorts, { id: schedule, dataset }: Making, report: Report): Promise<boolean> {
  const text = signedText(report);
  const digest = createHash('sha256').update(text).digest('hex');
  const signature = Buffer.from(await ports.keys.sign('release', text)).toString('base64');
  const id = newId('rpt', ports.rng);
  const { name, from, to } = report;
  const kept = await ports.store.write(async (tx) => {
    const organisation = dataset === undefined ? undefined : (await tx.datasets.get(dataset))?.owner.organisation;
    const about = { ...(dataset === undefined ? {} : { dataset }), ...(organisation === undefined ? {} : { organisation }) };
    const facts = { name, from, to, ...about, digest };
    const event = { operation: 'report.keep', actor: SYSTEM_ACTOR, object: id, outcome: 'done', facts } as const;
    if (!(await tx.reports.keep({ id, schedule, report: name, from, to, ...about, digest, signature }, report, event))) return err([]);
    for (const recipient of await readersOf(tx, { ...about, report: name })) {
      await tx.notices.add({ id: newId('ntc', ports.rng), recipient, kind: 'report.made', object: id }, event);
    }
    return ok(null);
  });
  return kept.ok;
}

/** Whether a person may read a report that is kept: all of them, or the logs of the own department's data. */
export function isReader(
  { organisation, roles }: { readonly organisation: string; readonly roles: Parameters<typeof scopeOf>[0]['roles'] },
  report: Pick<KeptReport, 'report' | 'organisation'>,
): boolean {
  const scope = scopeOf({ id: '', organisation, roles }, 'report.kept');
  return scope === 'all' || (scope === 'own' && report.report === 'usage-log' && report.organisation === organisation);
}

/** Of a usage log the department alone is told, of other reports whoever may read them. */
async function readersOf(tx: StoreTransaction, report: Pick<KeptReport, 'report' | 'organisation'>): Promise<readonly string[]> {
  const people = (await tx.principals.list()).filter(({ state }) => state === 'active');
  const told = people.filter((person) => isReader(person, report));
  const isLog = report.report === 'usage-log';
  return told.filter(({ organisation }) => !isLog || organisation === report.organisation).map(({ id }) => id);
}
