import type { Machine } from '../machine.ts';
import { matter, name, names, text, word } from './field-kinds.ts';

/** Yearly evaluation of an operator or an agreement. Source: GZ-32a, NB-27b, CQ-OP-39 (requirements.md §3). */
export const EVALUATION: Machine = {
  noun: 'evaluation',
  plural: 'evaluations',
  title: { zh: '年度评估', en: 'Evaluation' },
  initial: 'OPEN',
  opens: ['authority'],
  opening: { requires: ['subject', 'year'], sets: ['agreement', 'raters'], starts: ['cycle'] },
  readers: ['authority', 'supervisor', 'council', 'operator'],
  partyField: 'raters',
  favourable: ['PUBLISHED'],
  fields: {
    subject: name('评估对象'),
    year: { kind: 'number', zh: '年度', most: 2200 },
    agreement: matter('协议', 'agreement'),
    raters: names('参与评价的单位'),
    grade: word('档次', 'excellent', 'pass', 'fail'),
    result: text('评估结果'),
  },
  timers: {
    cycle: {
      limit: { amount: 1, unit: 'years' },
      owner: 'authority',
      escalatesTo: ['council'],
      meets: ['GZ-31c', 'GZ-32a', 'CQ-OP-39', 'QY-46'],
    },
  },
  transitions: [
    {
      step: 'review',
      from: ['OPEN'],
      to: 'OPEN',
      by: ['source', 'supervisor', 'merchant', 'expert'],
      reason: true,
      guards: ['one_opinion_each'],
      meets: ['GZ-32a', 'NB-27b'],
    },
    {
      step: 'grade',
      from: ['OPEN'],
      to: 'SCORED',
      by: ['authority'],
      requires: ['grade', 'result'],
      stops: ['cycle'],
      meets: ['CQ-OP-39', 'NB-27b'],
    },
    { step: 'publish', from: ['SCORED'], to: 'PUBLISHED', by: ['council'], meets: ['GZ-32a', 'QY-46'] },
  ],
  meets: ['GZ-32a', 'NB-27b', 'CQ-OP-39'],
};
