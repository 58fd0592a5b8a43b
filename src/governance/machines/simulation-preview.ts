import type { Machine } from '../machine.ts';
import { date, names, text } from './field-kinds.ts';

/** Looking at simulation data before any application: asked through the operator, given by the supervisor, for a time. Source: GZ-16b; requirements.md §4.4, I1. */
export const SIMULATION_PREVIEW: Machine = {
  noun: 'simulation-preview',
  plural: 'simulation-previews',
  title: { zh: '仿真模拟数据查阅', en: 'Preview of simulation data' },
  initial: 'ASKED',
  opens: ['merchant'],
  opening: { requires: ['datasets', 'purpose'] },
  readers: ['operator', 'supervisor'],
  favourable: ['GRANTED'],
  fields: { datasets: names('拟查阅数据集'), purpose: text('查阅目的'), until: date('查阅截止日期') },
  timers: { term: { limit: { field: 'until' }, owner: 'operator', escalatesTo: ['supervisor'], passed: 'expire', meets: ['GZ-16b'] } },
  transitions: [
    { step: 'forward', from: ['ASKED'], to: 'FORWARDED', by: ['operator'], guards: ['merchant_registered'], meets: ['GZ-16b'] },
    { step: 'refuse', from: ['ASKED', 'FORWARDED'], to: 'REFUSED', by: ['operator', 'supervisor'], reason: true, meets: ['GZ-16b'] },
    {
      step: 'grant',
      from: ['FORWARDED'],
      to: 'GRANTED',
      by: ['supervisor'],
      requires: ['until'],
      guards: ['merchant_registered'],
      starts: ['term'],
      meets: ['GZ-16b'],
    },
    { step: 'expire', from: ['GRANTED'], to: 'EXPIRED', by: ['clock', 'operator', 'supervisor'], stops: ['term'], meets: ['GZ-16b'] },
  ],
  meets: ['GZ-16b'],
};
