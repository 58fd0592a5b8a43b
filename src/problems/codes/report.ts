import { define } from '../definition.ts';

export const REPORT_PROBLEMS = {
  'report.name': define<{ readonly names: string }>({
    status: 404,
    title: { en: 'No such report', zh: '没有该报告' },
    detail: (facts) => ({ en: `The reports are: ${facts.names}.`, zh: `可生成的报告有：${facts.names}。` }),
  }),
  'report.period': define<Record<string, never>>({
    status: 422,
    title: { en: 'No period of a report', zh: '报告期间不正确' },
    detail: () => ({
      en: 'Give from and to as days (YYYY-MM-DD, Asia/Shanghai), from not after to, a year at most.',
      zh: '请以日期（YYYY-MM-DD，北京时间）给出起止日期，起始日不晚于截止日，期间不超过一年。',
    }),
  }),
  'report.schedule': define<{ readonly names: string }>({
    status: 422,
    title: { en: 'Such a report cannot be scheduled', zh: '无法按此方式定期生成报告' },
    detail: ({ names }) => ({
      en: `Scheduled are: ${names}. A usage-log names the dataset that it is about; every other report is about the whole instance and names none.`,
      zh: `可定期生成：${names}。使用日志（usage-log）须指明数据集；其他报告针对整个实例，不得指明数据集。`,
    }),
  }),
} as const;
