import { define } from '../definition.ts';

export const JOB_PROBLEMS = {
  'job.no_simulation': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'No simulation data yet', zh: '尚无仿真数据' },
    detail: (facts) => ({
      en: `The data set "${facts.dataset}" has no simulation data to run on. Make some first: simulate ${facts.dataset} --rows N --seed S.`,
      zh: `数据集“${facts.dataset}”尚无可供运行的仿真数据。请先生成：simulate ${facts.dataset} --rows N --seed S。`,
    }),
  }),
  'job.not_simulated': define<{ readonly dataset: string; readonly artefactHash: string }>({
    status: 409,
    title: { en: 'Not passed on simulation data', zh: '尚未通过仿真运行' },
    detail: (facts) => ({
      en: `Only a query that passed on simulation data may run on real data. Submit the same text with target "sim" on "${facts.dataset}" first, and here again once that job is SIM_PASSED.`,
      zh: `只有在仿真数据上通过的查询才能在真实数据上运行。请先以 target "sim" 在“${facts.dataset}”上提交同一查询，待该作业状态为 SIM_PASSED 后再次提交。`,
    }),
  }),
  'job.no_grant': define<{ readonly dataset: string }>({
    status: 403,
    title: { en: 'No live grant', zh: '无有效授权' },
    detail: (facts) => ({
      en: `You hold no grant for "${facts.dataset}" that is in force today (Asia/Shanghai). Ask the operator for one, or for a later end date.`,
      zh: `您今日（北京时间）没有数据集“${facts.dataset}”的有效授权。请向运营机构申请授权或延长授权期限。`,
    }),
  }),
  'job.no_version': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'No queryable version', zh: '无可查询版本' },
    detail: (facts) => ({
      en: `The data set "${facts.dataset}" has no version that may be queried at present. Ask its provider when the next one is loaded.`,
      zh: `数据集“${facts.dataset}”目前没有可查询的版本。请向数据提供单位了解下一版本的加载时间。`,
    }),
  }),
  'job.not_released': define<Record<string, never>>({
    status: 422,
    title: { en: 'No result came out', zh: '未产生可出域结果' },
    detail: () => ({
      en: 'The job gave no result that may leave. The reason is not told. Try a coarser grouping or fewer conditions on simulation data, where you see everything, then submit it again; the operator can help.',
      zh: '该作业没有可出域的结果，具体原因不予说明。请在仿真数据上改用更粗的分组或更少的条件（仿真环境中可查看全部信息），然后重新提交；必要时请联系运营机构。',
    }),
  }),
  'job.simulation_failed': define<Record<string, never>>({
    status: 422,
    title: { en: 'The run on simulation data failed', zh: '仿真运行失败' },
    detail: () => ({
      en: 'The run on simulation data did not end properly. Submit it again; if it fails again, make the query smaller or ask the operator.',
      zh: '仿真运行未能正常结束。请重新提交；如再次失败，请缩小查询规模或联系运营机构。',
    }),
  }),
  'job.worker_lost': define<Record<string, never>>({
    status: 503,
    title: { en: 'The process that ran the job was lost', zh: '运行该作业的进程已中断' },
    detail: () => ({
      en: 'The process that ran the job ended before it did, and the job is not tried again. Nothing of it was kept and nothing can leave. Submit it again; if that happens again, tell the operator the id of the job.',
      zh: '运行该作业的进程在作业结束前中断，系统不会再次尝试。该作业未保留任何内容，也无任何内容可以出域。请重新提交；如再次发生，请将作业编号告知运营机构。',
    }),
  }),
  'job.not_cancellable': define<{ readonly state: string }>({
    status: 409,
    title: { en: 'The job has already ended', zh: '作业已结束' },
    detail: (facts) => ({
      en: `Only a queued or running job can be cancelled; this one is ${facts.state}. To stop its result from leaving, withdraw its egress request.`,
      zh: `只有排队中或运行中的作业可以取消；该作业状态为 ${facts.state}。如需阻止结果出域，请撤回其出域申请。`,
    }),
  }),
  'job.queue_full': define<{ readonly limit: number }>({
    status: 429,
    title: { en: 'Too many jobs waiting', zh: '排队作业过多' },
    detail: (facts) => ({
      en: `You may have ${facts.limit} jobs queued or running at a time. Wait for one to end, or cancel one.`,
      zh: `同一时间最多可有 ${facts.limit} 个作业排队或运行。请等待其中一个结束，或取消一个。`,
    }),
  }),
} as const;
