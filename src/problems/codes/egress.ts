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
  'egress.contained': define<Record<string, never>>({
    status: 409,
    title: { en: 'An incident holds what this rests on', zh: '该申请所涉主体或数据因安全事件被暂停' },
    detail: () => ({
      en: 'The merchant, the dataset or the agreement is suspended by a security incident that is not closed. Close the incident first, then release.',
      zh: '数据商、数据集或协议因尚未办结的安全事件被暂停。请先办结该安全事件，再予放行。',
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
  'egress.kind_not_allowed': define<{ readonly kinds: readonly string[]; readonly profile: string }>({
    status: 422,
    title: { en: 'This kind of product may not leave', zh: '该类产品不得出域' },
    detail: (facts) => ({
      en: `Name a kind that profile "${facts.profile}" lets leave and that this way can give: ${facts.kinds.join(', ')}.`,
      zh: `请选择规则“${facts.profile}”允许出域且此途径可提供的产品类型：${facts.kinds.join('、')}。`,
    }),
  }),
  'egress.not_your_step': define<{ readonly step: string }>({
    status: 409,
    title: { en: 'Another step comes first', zh: '尚未轮到您的审核环节' },
    detail: (facts) => ({
      en: `The chain stands at step "${facts.step}", which is not yours. Wait until it is passed, then vote.`,
      zh: `审核流程目前处于“${facts.step}”环节，非您的环节。请待该环节通过后再提交意见。`,
    }),
  }),
  'egress.hard_stop': define<{ readonly rules: readonly string[] }>({
    status: 409,
    title: { en: 'A hard stop stands against it', zh: '存在不可豁免的问题' },
    detail: (facts) => ({
      en: `The gate found what nobody can waive (${facts.rules.join(', ')}). Reject the request; only a new artefact can change this.`,
      zh: `自动检查发现任何人均不得豁免的问题（${facts.rules.join('、')}）。请驳回该申请；只有新的成果才能改变结论。`,
    }),
  }),
  'egress.waiver_missing': define<{ readonly rules: readonly string[] }>({
    status: 422,
    title: { en: 'A reason for each soft finding is needed', zh: '须逐项说明放行理由' },
    detail: (facts) => ({
      en: `Give a reason in "waivers" for each of: ${facts.rules.join(', ')}; or reject, or return the request with questions.`,
      zh: `请在 "waivers" 中逐项填写放行理由：${facts.rules.join('、')}；或驳回，或附问题退回。`,
    }),
  }),
  'egress.checklist_unmet': define<{ readonly cells: readonly string[] }>({
    status: 422,
    title: { en: 'The compliance check is not passed', zh: '合规核查未通过' },
    detail: (facts) => ({
      en: `These cells of the compliance check are open or failed: ${facts.cells.join(', ')}. State open ones in "checklist" with evidence; where one failed, reject or return the request.`,
      zh: `合规核查的以下项目未填写或未通过：${facts.cells.join('、')}。未填写的请在 "checklist" 中附依据填写；未通过的请驳回或退回申请。`,
    }),
  }),
  'egress.files_incomplete': define<{ readonly files: readonly string[] }>({
    status: 422,
    title: { en: 'Vote on every file', zh: '须对每个文件表决' },
    detail: (facts) => ({
      en: `Name each of ${facts.files.join(', ')} once in "files". An approval approves all of them; a rejection rejects at least one.`,
      zh: `请在 "files" 中对每个文件表决一次：${facts.files.join('、')}。同意须同意全部文件；驳回须至少驳回一个文件。`,
    }),
  }),
  'egress.assessment_missing': define<Record<string, never>>({
    status: 409,
    title: { en: 'No risk assessment on record', zh: '缺少风险评估记录' },
    detail: () => ({
      en: 'The profile asks for a risk assessment. Have an operator record its number with "egress assess", then release.',
      zh: '现行规则要求风险评估。请由运营人员用 "egress assess" 登记评估编号后再出域。',
    }),
  }),
  'egress.questions_open': define<{ readonly questions: number }>({
    status: 422,
    title: { en: 'Answer every question', zh: '须逐一回答问题' },
    detail: (facts) => ({
      en: `The request was returned with ${facts.questions} questions. Give as many answers, in the same order, in "answers".`,
      zh: `该申请退回时附有 ${facts.questions} 个问题。请在 "answers" 中按相同顺序逐一回答。`,
    }),
  }),
  'egress.comment_quotes_result': define<Record<string, never>>({
    status: 422,
    title: { en: 'The text repeats the result', zh: '文字中引用了结果内容' },
    detail: () => ({
      en: 'What the merchant reads may not repeat a cell of the sealed result. Say it in other words, or make the comment private.',
      zh: '给数据商的文字不得引用封存结果中的内容。请换一种说法，或改为内部意见。',
    }),
  }),
  'egress.comment_private': define<Record<string, never>>({
    status: 422,
    title: { en: 'Your comments are public', zh: '您的意见为公开意见' },
    detail: () => ({
      en: 'Private comments are for people inside the domain. Send it with visibility "public".',
      zh: '内部意见仅供域内人员使用。请以 "public" 提交。',
    }),
  }),
  'egress.too_many_comments': define<{ readonly limit: number }>({
    status: 422,
    title: { en: 'Too many comments or questions', zh: '意见或问题过多' },
    detail: (facts) => ({
      en: `At most ${facts.limit} are kept. Put several into one, or reject the request.`,
      zh: `最多保留 ${facts.limit} 条。请合并，或驳回该申请。`,
    }),
  }),
  'egress.token_unusable': define<Record<string, never>>({
    status: 403,
    title: { en: 'The download token is not usable', zh: '下载令牌无效' },
    detail: () => ({
      en: 'A token serves one file, one recipient, once, for ten minutes. Ask for a new one with POST /v1/releases/{id}/download-tokens.',
      zh: '令牌仅供一名接收方在十分钟内下载一个文件一次。请用 POST /v1/releases/{id}/download-tokens 申请新令牌。',
    }),
  }),
  'egress.affiliation_days': define<Record<string, never>>({
    status: 422,
    title: { en: 'The days of the affiliation do not fit', zh: '关联关系的起止日期不成立' },
    detail: () => ({
      en: 'Give days as YYYY-MM-DD, the last not before the first. An affiliation ends today or later: what was decided under it stays.',
      zh: '请按 YYYY-MM-DD 填写日期，止日不得早于起日。终止日须为今天或以后，此前依其作出的决定不变。',
    }),
  }),
  'egress.same_organisation': define<Record<string, never>>({
    status: 422,
    title: { en: 'One organisation is not its own affiliate', zh: '机构不能与自身关联' },
    detail: () => ({
      en: 'Name two different organisations.',
      zh: '请填写两个不同的机构。',
    }),
  }),
} as const;
