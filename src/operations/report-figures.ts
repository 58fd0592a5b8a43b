import type { Matter } from '../governance/matter.ts';
import type { Report, ReportCell, ReportColumn, ReportName } from '../governance/report/report.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import type { JobRecord, StoreView } from './ports.ts';

/** What a report is made from: the records, the period, and what an hour of computing costs (fen). */
export interface ReportGround {
  readonly view: StoreView;
  readonly isWithin: (at: string) => boolean;
  readonly hourPriceFen: number;
}

export interface Figures {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly ReportCell[])[];
}

interface Definition {
  readonly title: Report['title'];
  readonly meets: readonly string[];
  readonly figures: (ground: ReportGround) => Promise<Figures>;
}

const column = (name: string, zh: string, en: string): ReportColumn => ({ name, zh, en });
const SEPARATOR = '\u0000';

/** Rows by key with how many there are, in order of the keys. */
function counted(keys: readonly (readonly string[])[]): readonly (readonly ReportCell[])[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key.join(SEPARATOR), (counts.get(key.join(SEPARATOR)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => [...key.split(SEPARATOR), count]);
}

const textOf = (matter: Matter, field: string): string => {
  const value = matter.fields[field];
  return Array.isArray(value) ? value.join(' ') : value === undefined ? '' : String(value);
};

/** Proceedings of some kinds: how many steps of each sort were taken in the period, where they stand, what was late. */
async function proceedings({ view, isWithin }: ReportGround, nouns: readonly string[]): Promise<Figures> {
  const keys: (readonly string[])[] = [];
  for (const noun of nouns) {
    for (const matter of await view.matters.list({ noun })) {
      if (isWithin(matter.openedAt)) keys.push([noun, matter.organisation, 'opened', matter.state]);
      for (const step of matter.steps) if (isWithin(step.at)) keys.push([noun, matter.organisation, step.step, step.to]);
      for (const timer of matter.timers)
        if (timer.breachedAt !== null && isWithin(timer.breachedAt))
          keys.push([noun, matter.organisation, `late:${timer.name}`, matter.state]);
    }
  }
  const columns = [
    column('kind', '事项', 'kind'),
    column('organisation', '单位', 'organisation'),
    column('step', '步骤', 'step'),
    column('state', '状态', 'state'),
    column('count', '件数', 'count'),
  ];
  return { columns, rows: counted(keys) };
}

async function egress({ view, isWithin }: ReportGround): Promise<Figures> {
  const requests = (await view.egress.list({})).filter((request) => isWithin(request.updatedAt));
  const keys = requests.map(({ dataset, organisation, productKind, state }) => [dataset, organisation, productKind, state]);
  const columns = [
    column('dataset', '数据集', 'dataset'),
    column('organisation', '数据商', 'merchant'),
    column('product_kind', '产品类型', 'product kind'),
    column('state', '状态', 'state'),
    column('count', '件数', 'requests'),
  ];
  return { columns, rows: counted(keys) };
}

const RUNNING = ['SIM_RUNNING', 'REAL_RUNNING'];

/** Milliseconds in which it ran, from the states that it came to. */
async function runMs(view: StoreView, job: JobRecord): Promise<number> {
  const events = await view.jobs.events(job.id);
  return events.reduce((sum, event, at) => {
    const next = events[at + 1];
    return RUNNING.includes(event.state) && next !== undefined ? sum + Date.parse(next.at) - Date.parse(event.at) : sum;
  }, 0);
}

/** Under a laboratory nothing is charged. Source: requirements.md NB-12b. */
async function isFree(view: StoreView, job: JobRecord): Promise<boolean> {
  const basis = (await view.grants.get(job.grantId))?.basis;
  return basis !== undefined && (await view.matters.get(basis))?.noun === 'laboratory';
}

/** Computing is metered to the second, each job rounded up, and charged by the hour. Source: GZ-11b, NB-9b, QY-23, GZ-27d. */
async function use({ view, isWithin, hourPriceFen }: ReportGround): Promise<Figures> {
  const found = new Map<string, { jobs: number; seconds: number; free: number }>();
  for (const job of (await view.jobs.list({})).filter((item) => isWithin(item.createdAt))) {
    const key = [job.dataset, job.organisation, job.merchant, job.target].join(SEPARATOR);
    const sum = found.get(key) ?? { jobs: 0, seconds: 0, free: 0 };
    const seconds = Math.ceil((await runMs(view, job)) / 1000);
    const free = (await isFree(view, job)) ? seconds : 0;
    found.set(key, { jobs: sum.jobs + 1, seconds: sum.seconds + seconds, free: sum.free + free });
  }
  const rows = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { jobs, seconds, free }]) => {
      const fen = Math.ceil(((seconds - free) * hourPriceFen) / 3600);
      return [...key.split(SEPARATOR), jobs, seconds, free, 'compute', hourPriceFen, fen];
    });
  const columns = [
    column('dataset', '数据集', 'dataset'),
    column('organisation', '使用单位', 'user organisation'),
    column('principal', '使用人', 'user'),
    column('target', '对象', 'target'),
    column('jobs', '作业数', 'jobs'),
    column('compute_seconds', '算力（秒）', 'compute seconds'),
    column('free_seconds', '免费算力（秒）', 'of these free'),
    column('fee_line', '费用项目', 'fee line'),
    column('fen_per_hour', '单价（分/小时）', 'fen an hour'),
    column('fee_fen', '费用（分）', 'fee in fen'),
  ];
  return { columns, rows };
}

async function contribution({ view, isWithin }: ReportGround): Promise<Figures> {
  const jobs = (await view.jobs.list({ target: 'real' })).filter((job) => isWithin(job.createdAt));
  const released = (await view.egress.list({})).filter((item) => item.releasedAt !== undefined && isWithin(item.releasedAt));
  const rows: (readonly ReportCell[])[] = [];
  for (const { name, dataset } of await view.datasets.list()) {
    const versions = (await view.datasets.versions(name)).filter((version) => isWithin(version.loadedAt));
    const of = <T extends { readonly dataset: string }>(items: readonly T[]): number =>
      items.filter((item) => item.dataset === name).length;
    rows.push([dataset.provider, name, versions.length, of(jobs), of(released)]);
  }
  const columns = [
    column('provider', '数源部门', 'source department'),
    column('dataset', '数据集', 'dataset'),
    column('versions', '更新次数', 'versions loaded'),
    column('jobs', '被使用次数', 'jobs on it'),
    column('releases', '形成产品数', 'releases from it'),
  ];
  return { columns, rows };
}

/** What is told in public once a year: agreements in force or ended, what came out, how many people consented. Source: CQ-OP-25, CQ-OP-28. */
async function disclosure({ view, isWithin }: ReportGround): Promise<Figures> {
  const rows: (readonly ReportCell[])[] = [];
  for (const matter of await view.matters.list({ noun: 'agreement' })) {
    const touched = isWithin(matter.openedAt) || matter.steps.some((step) => isWithin(step.at));
    const term = [textOf(matter, 'startsOn'), textOf(matter, 'endsOn')].filter((day) => day !== '').join('–');
    if (touched) rows.push(['agreement', matter.organisation, matter.id, matter.state, term, '']);
  }
  for (const request of await view.egress.list({})) {
    const { releasedAt, organisation, releaseId = '', productKind, state } = request;
    if (releasedAt !== undefined && isWithin(releasedAt))
      rows.push(['product', organisation, releaseId, state, `${productKind} ${shanghaiDate(new Date(releasedAt))}`, '']);
  }
  const consents = (await view.matters.list({ noun: 'consent' })).filter((matter) => isWithin(matter.openedAt));
  const states = counted(consents.map((matter) => [matter.state]));
  for (const [state = '', count = 0] of states) rows.push(['consents', '', '', state, '', count]);
  const columns: readonly ReportColumn[] = [
    column('kind', '类别', 'kind'),
    column('organisation', '单位', 'organisation'),
    column('id', '编号', 'id'),
    column('state', '状态', 'state'),
    column('detail', '期限／类型', 'term or kind'),
    { ...column('people', '人数', 'people'), people: true },
  ];
  return { columns, rows };
}

/** Title, source and figures of each report. Source: requirements.md §9. */
export const REPORTS: Readonly<Record<ReportName, Definition>> = {
  egress: { title: { zh: '产品和服务出域报告', en: 'Egress of products and services' }, meets: ['GZ-22b'], figures: egress },
  onboarding: {
    title: { zh: '数据商准入管理报告', en: 'Onboarding of merchants: admissions, refusals, exits' },
    meets: ['GZ-14d'],
    figures: (ground) => proceedings(ground, ['onboarding', 'staff-member']),
  },
  use: {
    title: { zh: '数据使用与算力计量报告', en: 'Use of data, with computing metered' },
    meets: ['GZ-11b', 'NB-9b', 'QY-23'],
    figures: use,
  },
  demand: {
    title: { zh: '数据需求报告', en: 'Demands for data and applications to use it' },
    meets: ['GZ-13', 'GZ-16c'],
    figures: (ground) => proceedings(ground, ['data-demand', 'use-application']),
  },
  quality: {
    title: { zh: '数据质量报告', en: 'Quality of data: tickets, objections, delays' },
    meets: ['QZ-4.2a'],
    figures: (ground) => proceedings(ground, ['quality-ticket']),
  },
  contribution: { title: { zh: '数源部门贡献报告', en: 'Contribution of source departments' }, meets: ['GZ-33'], figures: contribution },
  disclosure: { title: { zh: '年度信息披露', en: 'Annual disclosure' }, meets: ['CQ-OP-25', 'CQ-OP-28'], figures: disclosure },
};
