import type { Machine } from '../machine.ts';
import { matter, name, names } from './field-kinds.ts';

/** Delivery of data whose use was authorised. Source: GZ-9a, GZ-9b (requirements.md §3.1). */
export const SUPPLY_ORDER: Machine = {
  noun: 'supply-order',
  plural: 'supply-orders',
  title: { zh: '供数单', en: 'Supply order' },
  initial: 'ORDERED',
  opens: ['supervisor', 'authority'],
  opening: { requires: ['application', 'dataset', 'source'], sets: ['columns'] },
  readers: ['operator', 'supervisor', 'authority'],
  partyField: 'source',
  favourable: ['CONFIRMED'],
  fields: {
    application: matter('使用申请', 'use-application'),
    dataset: name('数据集'),
    source: name('数源部门'),
    columns: names('数据项'),
    hops: names('归集路径'),
    version: name('数据版本'),
  },
  timers: { supply: { limit: { amount: 5, unit: 'workingDays' }, owner: 'source', escalatesTo: ['authority'], meets: ['GZ-9b'] } },
  transitions: [
    { step: 'confirm', from: ['ORDERED'], to: 'CONFIRMED', by: ['source'], starts: ['supply'], meets: ['GZ-9a'] },
    { step: 'refuse', from: ['ORDERED'], to: 'REFUSED', by: ['source'], reason: true, meets: ['GZ-9a'] },
    { step: 'deliver', from: ['CONFIRMED'], to: 'DELIVERED', by: ['source'], requires: ['hops'], stops: ['supply'], meets: ['GZ-9b'] },
    { step: 'load', from: ['DELIVERED'], to: 'LOADED', by: ['operator'], requires: ['version'], meets: ['GZ-9a'] },
  ],
  meets: ['GZ-9a', 'GZ-9b'],
};
