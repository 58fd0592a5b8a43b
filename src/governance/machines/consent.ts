import type { Machine } from '../machine.ts';
import { date, name, names, text, word } from './field-kinds.ts';

/** Consent of a data subject, kept as a keyed hash of who gave it. Source: requirements.md §7.5; NB-21b, GZ-21c, QY-30. */
export const CONSENT: Machine = {
  noun: 'consent',
  plural: 'consents',
  title: { zh: '数据主体授权同意', en: 'Consent of a data subject' },
  initial: 'GIVEN',
  opens: ['merchant', 'source'],
  opening: {
    requires: ['subjectKind', 'subjectHash', 'scope', 'columns', 'purpose', 'scenario', 'controller', 'givenOn', 'until', 'evidenceDigest'],
    starts: ['term'],
  },
  readers: ['operator', 'supervisor', 'authority'],
  favourable: ['GIVEN'],
  fields: {
    subjectKind: word('主体类型', 'natural', 'legal', 'unincorporated'),
    subjectHash: { kind: 'digest', zh: '主体标识（带密钥散列）' },
    scope: text('数据范围'),
    columns: names('数据项'),
    purpose: text('目的'),
    scenario: name('应用场景'),
    controller: name('被授权方'),
    givenOn: date('同意日期'),
    until: date('有效期至'),
    evidenceDigest: { kind: 'digest', zh: '证据摘要' },
  },
  timers: { term: { limit: { field: 'until' }, owner: 'merchant', escalatesTo: ['operator'], passed: 'expire', meets: ['NB-21b'] } },
  transitions: [
    {
      step: 'revoke',
      from: ['GIVEN'],
      to: 'REVOKED',
      by: ['merchant', 'source', 'operator', 'authority'],
      reason: true,
      stops: ['term'],
      effects: ['mark_products'],
      meets: ['NB-21b', 'QY-30', 'GZ-21c'],
    },
    { step: 'expire', from: ['GIVEN'], to: 'EXPIRED', by: ['clock'], stops: ['term'], effects: ['mark_products'], meets: ['NB-21b'] },
  ],
  meets: ['NB-21b', 'GZ-21c', 'QY-30'],
};
