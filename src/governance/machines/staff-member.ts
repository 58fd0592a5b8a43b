import type { Machine } from '../machine.ts';
import { date, name } from './field-kinds.ts';

const GATES = ['trainedOn', 'realNameRef', 'vettingRef', 'confidentialityRef', 'filingRef', 'coreApprovalRef'] as const;

/** One person's way into the domain: only ENABLED people may work in it. Source: requirements.md §5.1 (variants); NB-18, QZ-3.2. */
export const STAFF_MEMBER: Machine = {
  noun: 'staff-member',
  plural: 'staff-members',
  title: { zh: '人员准入', en: 'Admission of a person' },
  initial: 'INVITED',
  opens: ['merchant', 'operator'],
  opening: { requires: ['principal'], sets: [...GATES] },
  readers: ['operator', 'supervisor', 'authority'],
  favourable: ['ENABLED'],
  unique: [{ field: 'principal', within: 'organisation', frees: [] }],
  fields: {
    principal: name('人员账号'),
    trainedOn: date('岗前培训日期'),
    realNameRef: name('实名认证编号'),
    vettingRef: name('备案与审查编号'),
    confidentialityRef: name('保密协议编号'),
    filingRef: name('人员备案号'),
    coreApprovalRef: name('核心人员批准编号'),
  },
  timers: {},
  transitions: [
    { step: 'record', from: ['INVITED'], to: 'INVITED', by: ['merchant', 'operator'], sets: [...GATES], meets: ['NB-18'] },
    {
      step: 'enable',
      from: ['INVITED', 'DISABLED'],
      to: 'ENABLED',
      by: ['supervisor', 'authority'],
      sets: [...GATES],
      guards: ['staff_gate_passed'],
      meets: ['NB-18'],
    },
    {
      step: 'disable',
      from: ['ENABLED', 'INVITED'],
      to: 'DISABLED',
      by: ['operator', 'supervisor', 'authority', 'merchant'],
      reason: true,
      effects: ['suspend_person'],
      meets: ['NB-18'],
    },
    {
      step: 'leave',
      from: ['INVITED', 'ENABLED', 'DISABLED'],
      to: 'LEFT',
      by: ['merchant', 'operator'],
      effects: ['suspend_person'],
      reason: true,
      meets: ['NB-18'],
    },
  ],
  meets: ['NB-18'],
};
