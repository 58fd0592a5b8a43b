import { define } from '../definition.ts';

export const PRODUCT_PROBLEMS = {
  'product.definition_invalid': define<{ readonly reason: string }>({
    status: 422,
    title: { en: 'The definition of the product cannot be followed', zh: '产品定义无效' },
    detail: (facts) => ({
      en: `Reason: ${facts.reason}. Write each parameter once as :name outside quotes, without comments; give each a closed list of values of its type, or a whole-number range with a step; and limits above 0.`,
      zh: `原因：${facts.reason}。每个参数须在引号外以 :name 出现，不得含注释；每个参数须给出同类型的有限取值或整数区间及步长；限额须大于 0。`,
    }),
  }),
  'product.arguments': define<{ readonly parameters: readonly string[]; readonly wrong: readonly string[] }>({
    status: 422,
    title: { en: 'An argument is outside its domain', zh: '参数超出取值范围' },
    detail: (facts) => ({
      en: `Give each of ${facts.parameters.join(', ')} one value of its domain, and nothing else; look the domains up in interface.json of the release. Wrong: ${facts.wrong.join(', ')}.`,
      zh: `请为 ${facts.parameters.join('、')} 各给出一个取值范围内的值，不得有其他参数；取值范围见成果包中的 interface.json。有误：${facts.wrong.join('、')}。`,
    }),
  }),
  'product.not_running': define<Record<string, never>>({
    status: 409,
    title: { en: 'The product does not answer', zh: '产品已停用' },
    detail: () => ({
      en: 'It was stopped or recalled, or what it rests on is no longer there. Ask the operator.',
      zh: '该产品已被停用、召回，或其所依据的数据已不可用。请联系运营机构。',
    }),
  }),
  'product.quota': define<{ readonly perDay: number; readonly perMinute: number }>({
    status: 429,
    title: { en: 'The quota is used up', zh: '调用额度已用完' },
    detail: (facts) => ({
      en: `The product answers ${facts.perMinute} times a minute and ${facts.perDay} times a day. Wait, or ask for a new approval with higher limits.`,
      zh: `该产品每分钟最多 ${facts.perMinute} 次、每日最多 ${facts.perDay} 次。请稍后再试，或申请更高额度的新审批。`,
    }),
  }),
  'product.batch_refused': define<{ readonly rules: readonly string[]; readonly least: number }>({
    status: 422,
    title: { en: 'The batch is not verified', zh: '本批次不予核验' },
    detail: (facts) => ({
      en: `It looks like a search (${facts.rules.join(', ')}). Send at least ${facts.least} different keys at once, none of them again and again, and no runs of neighbouring numbers.`,
      zh: `该批次疑似枚举（${facts.rules.join('、')}）。每批至少 ${facts.least} 个不同的键，不得反复核验同一键，不得包含成段的相邻号码。`,
    }),
  }),
  'product.claims': define<Record<string, never>>({
    status: 422,
    title: { en: 'Claims do not fit the service', zh: '核验内容与服务不符' },
    detail: () => ({
      en: 'Where the service compares a column, give a "claim" with every key; where it only knows keys, give none.',
      zh: '比对类服务须为每个键提供 "claim"；仅核实存在的服务不得提供。',
    }),
  }),
  'product.not_answered': define<Record<string, never>>({
    status: 422,
    title: { en: 'No answer', zh: '未返回结果' },
    detail: () => ({
      en: 'The call gave nothing that may leave, whatever the reason. Ask for larger groups, or submit the question as a job.',
      zh: '本次调用没有可以出域的结果，原因不予说明。请查询更大的分组，或将问题作为作业提交。',
    }),
  }),
} as const;
