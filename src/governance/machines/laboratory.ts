import type { Machine } from '../machine.ts';
import { date, flag, name, names, text } from './field-kinds.ts';

/** Free laboratory before authorisation, on simulation data, with a hard end. Source: requirements.md §5.1 (variant NB); NB-12. */
export const LABORATORY: Machine = {
  noun: 'laboratory',
  plural: 'laboratories',
  title: { zh: '数据实验室', en: 'Laboratory' },
  initial: 'DRAFT',
  opens: ['merchant'],
  opening: { requires: ['datasets', 'developmentMethod', 'marketPlan'] },
  readers: ['operator', 'supervisor', 'authority', 'expert'],
  favourable: ['ACTIVE'],
  fields: {
    datasets: names('公共数据清单'),
    developmentMethod: text('开发方式'),
    marketPlan: text('市场化应用方案'),
    startsOn: date('开始日期'),
    endsOn: date('结束日期'),
    feeFree: flag('免费'),
    report: text('数据测试验证技术评估报告'),
    reportNo: name('评估报告编号'),
  },
  timers: {
    term: { limit: { field: 'endsOn' }, owner: 'operator', escalatesTo: ['authority'], passed: 'end', meets: ['NB-12b'] },
    assessment: { limit: { amount: 10, unit: 'workingDays' }, owner: 'operator', escalatesTo: ['authority'], meets: ['NB-12c'] },
  },
  transitions: [
    { step: 'apply', from: ['DRAFT'], to: 'APPLIED', by: ['merchant'], guards: ['merchant_registered'], meets: ['NB-12a'] },
    { step: 'refuse', from: ['APPLIED'], to: 'REFUSED', by: ['authority'], reason: true, meets: ['NB-12a'] },
    {
      step: 'grant',
      from: ['APPLIED'],
      to: 'ACTIVE',
      by: ['authority'],
      requires: ['startsOn', 'endsOn', 'feeFree'],
      guards: ['laboratory_within_cap', 'merchant_registered'],
      starts: ['term'],
      meets: ['NB-12b'],
    },
    {
      step: 'end',
      from: ['ACTIVE'],
      to: 'ENDED',
      by: ['clock', 'operator', 'authority', 'merchant'],
      stops: ['term'],
      starts: ['assessment'],
      effects: ['close_access'],
      meets: ['NB-12b'],
    },
    {
      step: 'assess',
      from: ['ENDED'],
      to: 'ASSESSED',
      by: ['operator', 'authority'],
      requires: ['report', 'reportNo'],
      stops: ['assessment'],
      meets: ['NB-12c'],
    },
  ],
  meets: ['NB-12a', 'NB-12b', 'NB-12c'],
};
