import type { ReportPeriod } from '../governance/report/period.ts';
import type { ReportCell, ReportColumn } from '../governance/report/report.ts';
import { addDays, shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import type { StoreView } from './ports.ts';
import type { Figures } from './report-figures.ts';

/** What a log of usage is called. Source: QZ-3.1.8c. */
export const USAGE_LOG = { title: { zh: '数据使用日志', en: 'Log of the use of your data' }, meets: ['QZ-3.1.8c'] } as const;

const COLUMNS: readonly ReportColumn[] = [
  { name: 'day', zh: '日期', en: 'day' },
  { name: 'organisation', zh: '使用单位', en: 'user organisation' },
  { name: 'scenario', zh: '应用场景', en: 'scenario' },
  { name: 'use', zh: '使用方式', en: 'what was done' },
  { name: 'detail', zh: '对象', en: 'object' },
  { name: 'count', zh: '次数', en: 'times' },
  { name: 'people', zh: '核验人数', en: 'keys verified', people: true },
];

const instant = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

/**
 * What was done with one dataset in a period, by day and user: jobs on the real data, products released, calls and verifications of
 * products that answer. Organisations and scenarios, never people, texts of queries or results; how many keys were verified is about
 * people, and small counts are for `withoutSmallCounts`. Source: QZ-3.1.8c; requirements.md §9.
 */
export async function usageFigures(view: StoreView, dataset: string, { from, to }: ReportPeriod): Promise<Figures> {
  const dayOf = (at: string): string => shanghaiDate(new Date(at));
  const isWithin = (day: string): boolean => from <= day && day <= to;
  const rows = new Map<string, { readonly cells: readonly string[]; count: number; people: number | null }>();
  const add = (cells: readonly string[], count: number, people: number | null): void => {
    const key = JSON.stringify(cells);
    const row = rows.get(key) ?? { cells, count: 0, people: null };
    rows.set(key, { cells, count: row.count + count, people: people === null ? row.people : (row.people ?? 0) + people });
  };
  const scenarios = new Map((await view.grants.list({ dataset })).map(({ id, scenario }) => [id, scenario]));
  for (const { createdAt, organisation, grantId, productKind, callOf, state } of await view.jobs.list({ dataset, target: 'real' })) {
    // Calls are counted below; what was refused at the door has touched nothing.
    if (callOf !== undefined || state === 'REFUSED' || !isWithin(dayOf(createdAt))) continue;
    add([dayOf(createdAt), organisation, scenarios.get(grantId) ?? '', 'job', productKind ?? ''], 1, null);
  }
  for (const request of (await view.egress.list({})).filter((item) => item.dataset === dataset)) {
    const { releasedAt, releaseId, organisation, productKind, job } = request;
    if (releasedAt === undefined || releaseId === undefined) continue;
    const scenario = scenarios.get((await view.jobs.get(job))?.grantId ?? '') ?? '';
    if (isWithin(dayOf(releasedAt))) add([dayOf(releasedAt), organisation, scenario, 'release', productKind], 1, null);
    if (productKind !== 'api' && productKind !== 'verification') continue;
    for (let day = from; day <= to; day = addDays(day, 1)) {
      const [calls, weight] = await view.products.callsBetween(releaseId, instant(day), instant(addDays(day, 1)));
      if (calls > 0) add([day, organisation, scenario, 'call', productKind], calls, productKind === 'verification' ? weight : null);
    }
  }
  const sorted = [...rows.values()].sort((a, b) => (JSON.stringify(a.cells) < JSON.stringify(b.cells) ? -1 : 1));
  return { columns: COLUMNS, rows: sorted.map(({ cells, count, people }): readonly ReportCell[] => [...cells, count, people ?? '']) };
}
