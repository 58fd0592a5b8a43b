import { define, type Localised } from '../definition.ts';

/** What a mode does not answer, and what to write instead. Source: gate.md §8. */
const CONSTRUCTS = {
  aggregate: {
    en: 'Only counts, sums and means can be changed so that they stay safe. Compute them, and what rests on them outside.',
    zh: '该模式仅支持计数、求和与均值，请改用这些聚合，其余计算在结果之外进行。',
  },
  rows: {
    en: 'Noise is measured for the rows of one protected table, joined to public tables by equal columns at most. Query that table by itself.',
    zh: '噪声仅针对一张受保护表的行计算，最多可与公开表等值连接。请单独查询该表。',
  },
  condition: {
    en: 'A condition that looks at other rows of protected tables has no bounded effect. Use conditions on columns of the row.',
    zh: '涉及受保护表其他行的条件无法界定影响，请仅对本行的列设置条件。',
  },
  label: {
    en: 'Which groups there are must not depend on the data. Group by columns with a public domain, or not at all.',
    zh: '分组不得取决于数据，请按具有公开取值域的列分组，或不分组。',
  },
  bounds: {
    en: 'Only a bare column with declared bounds can be clipped. Sum such a column, or ask the provider to declare bounds.',
    zh: '仅可对声明了上下界的单个列截断求和，请改用此类列，或请数据提供单位声明上下界。',
  },
  cells: { en: 'The groups are too many. Group by fewer columns.', zh: '分组过多，请减少分组列。' },
} as const satisfies Readonly<Record<string, Localised>>;

export type ModeConstruct = keyof typeof CONSTRUCTS;

/** Refusals of modes other than exact figures. Source: gate.md §8. */
export const MODE_PROBLEMS = {
  'mode.not_answered': define<{ readonly mode: string; readonly construct: ModeConstruct }>({
    status: 422,
    title: { en: 'Not answered in the mode of the data', zh: '数据的披露模式不支持该查询' },
    detail: (facts) => ({
      en: `The figures of this data leave in the mode "${facts.mode}". ${CONSTRUCTS[facts.construct].en}`,
      zh: `该数据以“${facts.mode}”模式披露。${CONSTRUCTS[facts.construct].zh}`,
    }),
  }),
  'mode.budget_spent': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'The privacy budget is spent', zh: '隐私预算已用尽' },
    detail: (facts) => ({
      en: `What this query would spend on "${facts.dataset}" is more than is left for your grant or for the data set. Use figures you have; the provider may declare a larger budget.`,
      zh: `该查询在“${facts.dataset}”上所需的隐私预算超出您的授权或该数据集的剩余额度。请使用已有结果；数据提供单位可声明更大的预算。`,
    }),
  }),
  'mode.exact_released': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'Exact figures and noise of the same data', zh: '同一数据不得同时提供精确值与加噪值' },
    detail: (facts) => ({
      en: `Figures of "${facts.dataset}" were asked for exactly before, or under noise before: the other kind would void it. Ask the provider to load the data under another name.`,
      zh: `“${facts.dataset}”的数据此前已以精确或加噪方式查询，混用会使保护失效。请数据提供单位以其他名称加载该数据。`,
    }),
  }),
} as const;
