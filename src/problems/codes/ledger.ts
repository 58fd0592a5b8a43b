import { define } from '../definition.ts';

/** What is refused about the release ledger itself. Source: gate.md §7 (replay). */
export const LEDGER_PROBLEMS = {
  'ledger.policy_out_of_range': define<{ readonly mostK: number }>({
    status: 422,
    title: { en: 'The policy is not one that can be replayed', zh: '该策略无法用于重放' },
    detail: (facts) => ({
      en: `Give "k" as a whole number of at most ${facts.mostK}, "dominance" as {"units": 2, "share": …} and "pShare", the shares between 0 and 1. Correct the file and try again.`,
      zh: `“k”须为不超过 ${facts.mostK} 的整数，“dominance”须为 {"units": 2, "share": …}，“share”与“pShare”须介于 0 与 1 之间。请更正文件后重试。`,
    }),
  }),
  'ledger.policy_weaker': define<{ readonly thresholds: readonly string[] }>({
    status: 422,
    title: { en: 'The policy lets more out than the one in force', zh: '该策略比现行策略宽松' },
    detail: (facts) => ({
      en: `A replay asks what a stricter policy would have kept in. Raise or keep "k" and "pShare", lower or keep "dominance.share"; weaker than in force: ${facts.thresholds.join(', ')}.`,
      zh: `重放用于检验更严格的策略会阻止哪些结果。请提高或保持“k”与“pShare”，降低或保持“dominance.share”；比现行策略宽松的项：${facts.thresholds.join('、')}。`,
    }),
  }),
} as const;
