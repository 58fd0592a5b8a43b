import { define } from '../definition.ts';

export const EGRESS_PROBLEMS = {
  'egress.reason_missing': define<Record<string, never>>({
    status: 422,
    title: { en: 'A reason is needed', zh: '缺少理由' },
    detail: () => ({
      en: 'Give a reason of 1 to 2000 characters in "reason"; it is kept with the request.',
      zh: '请在 "reason" 中填写 1 至 2000 个字符的理由，理由将随申请一并留存。',
    }),
  }),
  'egress.receipt_missing': define<Record<string, never>>({
    status: 422,
    title: { en: 'The filing receipt is not usable', zh: '备案回执号无效' },
    detail: () => ({
      en: 'Give the filing receipt number in "receipt": 4 to 64 letters, digits, hyphens, slashes or brackets.',
      zh: '请在 "receipt" 中填写备案回执号：4 至 64 个字母、数字、汉字、连字符、斜杠或括号。',
    }),
  }),
  'egress.content_changed': define<Record<string, never>>({
    status: 409,
    title: { en: 'The sealed result is not what was approved', zh: '封存结果与审核内容不一致' },
    detail: () => ({
      en: 'The sealed bytes or the stored digest changed after the vote, so nothing leaves and the votes are void. Treat it as a security event: verify the audit log, then have the merchant submit the job again.',
      zh: '封存数据或已存摘要在审核后发生变化，结果不予出域，已有审核意见作废。请按安全事件处理：先校验审计日志，再由数据商重新提交作业。',
    }),
  }),
  'egress.not_approved': define<{ readonly needed: number }>({
    status: 409,
    title: { en: 'Not enough standing approvals', zh: '有效审核意见不足' },
    detail: (facts) => ({
      en: `A release needs approvals of ${facts.needed} different independent operators on exactly this content. Have the missing votes given, then try again.`,
      zh: `出域须由 ${facts.needed} 名不同且独立的审核人员对同一内容作出同意意见。请补齐审核意见后重试。`,
    }),
  }),
  'egress.version_withdrawn': define<{ readonly dataset: string; readonly version: string }>({
    status: 409,
    title: { en: 'The data behind the result were withdrawn', zh: '结果所依据的数据版本已撤回' },
    detail: (facts) => ({
      en: `Version ${facts.version} of "${facts.dataset}" was withdrawn after the job ran, so nothing that rests on it is released. Reject the request; the merchant can submit the job again on the version in force.`,
      zh: `作业运行后，数据集“${facts.dataset}”的版本 ${facts.version} 已被撤回，基于该版本的结果不予出域。请驳回该申请；数据商可在现行版本上重新提交作业。`,
    }),
  }),
  'egress.reservation_expired': define<Record<string, never>>({
    status: 409,
    title: { en: 'The result waited too long for its decision', zh: '结果等待审批时间过长' },
    detail: () => ({
      en: 'More than seven days passed, so its figures were no longer kept apart from those of other results and may not be released beside them. Reject the request; the merchant can submit the same job again.',
      zh: '该结果已等待超过七天，其数值不再为其预留，无法保证与此后出域的结果并存时的安全。请驳回该申请；数据商可重新提交同一作业。',
    }),
  }),
  'egress.ledger_conflict': define<{ readonly rules: readonly string[] }>({
    status: 409,
    title: { en: 'The result may not stand beside what was released meanwhile', zh: '该结果与此后出域的结果不能并存' },
    detail: (facts) => ({
      en: `Since the job ran, other results were released or the rules became stricter, and together with them its figures would tell too much (${facts.rules.join(', ')}). Reject the request; the merchant can submit the same job again and gets what may stand beside them.`,
      zh: `作业运行后又有其他结果出域，或规则已更严格，其数值与之并存会泄露信息（${facts.rules.join('、')}）。请驳回该申请；数据商可重新提交同一作业，获得可以并存的结果。`,
    }),
  }),
  'egress.recalled': define<Record<string, never>>({
    status: 410,
    title: { en: 'The release was recalled', zh: '该出域结果已召回' },
    detail: () => ({
      en: 'This release was recalled and can no longer be downloaded. Delete the copies you hold and ask the operator about the reason.',
      zh: '该出域结果已被召回，不能再下载。请删除已持有的副本，并向运营机构询问原因。',
    }),
  }),
  'egress.package_damaged': define<Record<string, never>>({
    status: 409,
    title: { en: 'The release package is damaged', zh: '出域成果包已损坏' },
    detail: () => ({
      en: 'A file of this release is no longer the one that was released, so it is not handed out. Tell the operator: restore the package from a backup, or recall the release.',
      zh: '该出域成果的文件与发布时不一致，不予提供。请联系运营机构：从备份恢复成果包，或召回该结果。',
    }),
  }),
} as const;
