import type { Machine } from '../machine.ts';
import { matter, name, names, text } from './field-kinds.ts';

/** What merchants would like to use: collected, reported, studied. Source: requirements.md §7.3; GZ-16c, GZ-17, QY-24d. */
export const DATA_DEMAND: Machine = {
  noun: 'data-demand',
  plural: 'data-demands',
  title: { zh: '公共数据使用需求', en: 'Demand for data' },
  initial: 'FILED',
  opens: ['merchant', 'source', 'district'],
  opening: { requires: ['wanted', 'scenario'], sets: ['datasets'], starts: ['confirmation'] },
  readers: ['operator', 'supervisor', 'authority', 'source', 'district'],
  favourable: ['ENTRY_ADDED'],
  fields: {
    wanted: text('所需数据'),
    scenario: name('应用场景'),
    datasets: names('数据集'),
    reportRef: name('汇总报送编号'),
    minutesRef: name('研究纪要编号'),
    entry: matter('目录', 'catalogue-entry'),
  },
  timers: {
    confirmation: {
      limit: { key: 'share.uncatalogued_confirm_wd', unit: 'workingDays', otherwise: 5 },
      owner: 'source',
      escalatesTo: ['authority'],
      meets: ['QY-24d'],
    },
  },
  transitions: [
    { step: 'aggregate', from: ['FILED'], to: 'AGGREGATED', by: ['operator'], stops: ['confirmation'], meets: ['GZ-16c'] },
    { step: 'report', from: ['AGGREGATED'], to: 'REPORTED', by: ['operator'], requires: ['reportRef'], meets: ['GZ-16c'] },
    {
      step: 'study',
      from: ['REPORTED'],
      to: 'STUDIED',
      by: ['authority', 'supervisor'],
      requires: ['minutesRef'],
      meets: ['GZ-17', 'CQ-OP-27'],
    },
    { step: 'add-entry', from: ['STUDIED'], to: 'ENTRY_ADDED', by: ['authority'], requires: ['entry'], meets: ['GZ-17'] },
    { step: 'decline', from: ['STUDIED'], to: 'DECLINED', by: ['authority'], reason: true, meets: ['GZ-17'] },
    { step: 'withdraw', from: ['FILED', 'AGGREGATED'], to: 'WITHDRAWN', by: ['merchant', 'source'], meets: ['GZ-16c'] },
  ],
  meets: ['GZ-16c', 'GZ-17'],
};
