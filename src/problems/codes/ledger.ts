import { define } from '../definition.ts';

/** What is refused about the release ledger itself. Source: gate.md §7 (replay). */
export const LEDGER_PROBLEMS = {
  'ledger.unreconciled': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'Shut since the instance was restored', zh: '实例恢复后尚未开放' },
    detail: (facts) => ({
      en: `This instance was restored from a backup, and its ledger may lack releases of ${facts.dataset} made since. Until the operator has run "sluice ledger reconcile" over the newest log files, nothing of its real data is computed or released.`,
      zh: `本实例由备份恢复，其台账可能缺少 ${facts.dataset} 在备份之后的出域记录。在运营机构用最新的日志文件执行 "sluice ledger reconcile" 之前，不计算也不放行其真实数据。`,
    }),
  }),
  'ledger.log_not_newer': define<{ readonly faults: readonly string[] }>({
    status: 409,
    title: { en: 'These log files do not follow from the backup', zh: '该日志文件与备份不衔接' },
    detail: (facts) => ({
      en: `The ledger stays shut: the files must be this instance's log, whole, signed, and go on from the log in the backup (found: ${facts.faults.join(', ')}). Give the "audit" folder of the instance that was lost, or the newest copy of it.`,
      zh: `台账仍保持关闭：日志文件须为本实例的日志，完整、带签名，并与备份中的日志相衔接（发现：${facts.faults.join('、')}）。请提供丢失实例的“audit”文件夹或其最新副本。`,
    }),
  }),
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
