import type { Machine } from '../machine.ts';
import { date, name, text } from './field-kinds.ts';

/** Emergency plan of a class of scenarios or of one authorisation, with its drills. Source: GZ-28b, NB-25, CQ-OP-10. */
export const EMERGENCY_PLAN: Machine = {
  noun: 'emergency-plan',
  plural: 'emergency-plans',
  title: { zh: '应急预案', en: 'Emergency plan' },
  initial: 'DRAFT',
  opens: ['merchant', 'operator'],
  opening: { requires: ['scenarioClass', 'content'], sets: ['version'] },
  readers: ['operator', 'supervisor', 'authority'],
  favourable: ['FILED'],
  fields: {
    scenarioClass: name('场景类别'),
    content: text('预案内容'),
    version: name('版本'),
    filingNo: name('备案号'),
    drilledOn: date('演练日期'),
  },
  timers: { drill: { limit: { amount: 1, unit: 'years' }, owner: 'operator', escalatesTo: ['supervisor'], meets: ['NB-25'] } },
  transitions: [
    { step: 'amend', from: ['DRAFT'], to: 'DRAFT', by: ['merchant', 'operator'], sets: ['content', 'version'], meets: ['GZ-28b'] },
    {
      step: 'file',
      from: ['DRAFT'],
      to: 'FILED',
      by: ['supervisor', 'authority'],
      requires: ['filingNo'],
      starts: ['drill'],
      meets: ['NB-25', 'GZ-28b'],
    },
    {
      step: 'drill',
      from: ['FILED', 'DRILLED'],
      to: 'DRILLED',
      by: ['operator', 'merchant'],
      requires: ['drilledOn'],
      starts: ['drill'],
      meets: ['NB-25'],
    },
    {
      step: 'retire',
      from: ['FILED', 'DRILLED', 'DRAFT'],
      to: 'RETIRED',
      by: ['operator', 'merchant', 'supervisor'],
      reason: true,
      meets: ['GZ-28b'],
    },
  ],
  meets: ['GZ-28b', 'NB-25'],
};
