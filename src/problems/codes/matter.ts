import { define, type Facts } from '../definition.ts';

type None = Record<string, never>;

const matterProblem = <F extends Facts>(
  status: number,
  title: readonly [en: string, zh: string],
  en: (facts: F) => string,
  zh: (facts: F) => string,
) => define<F>({ status, title: { en: title[0], zh: title[1] }, detail: (facts) => ({ en: en(facts), zh: zh(facts) }) });

export const MATTER_PROBLEMS = {
  'matter.fields_missing': matterProblem<{ readonly fields: readonly string[] }>(
    422,
    ['Something required is missing', '缺少必填内容'],
    (facts) => `Fill in ${facts.fields.join(', ')} and take the step again.`,
    (facts) => `请填写 ${facts.fields.join('、')} 后重新办理。`,
  ),
  'matter.field_invalid': matterProblem<{ readonly field: string; readonly keyword: string }>(
    422,
    ['A field does not hold what it must', '字段内容不符合要求'],
    (facts) => `Correct "${facts.field}" (${facts.keyword}). The reference page of this kind of matter says what it holds.`,
    (facts) => `请更正“${facts.field}”（${facts.keyword}）。该事项的说明页列明了字段要求。`,
  ),
  'matter.no_such_step': matterProblem<{ readonly step: string; readonly state: string; readonly steps: readonly string[] }>(
    409,
    ['No such step in this state', '当前状态没有该步骤'],
    (facts) => `In state ${facts.state} there is no step "${facts.step}". Possible: ${facts.steps.join(', ') || 'none'}.`,
    (facts) => `状态 ${facts.state} 下没有步骤“${facts.step}”。可办理的步骤：${facts.steps.join('、') || '无'}。`,
  ),
  'matter.reason_missing': matterProblem<None>(
    422,
    ['A reason is needed', '缺少理由'],
    () => 'Give a reason of 1 to 2000 characters in "reason"; it is kept with the step.',
    () => '请在 "reason" 中填写 1 至 2000 个字符的理由，理由将随步骤一并留存。',
  ),
  'matter.revision_missing': matterProblem<None>(
    428,
    ['Say which state you decided on', '未指明所依据的版本'],
    () => 'Read the matter, then send its ETag as "If-Match", so that nothing is decided on what has changed meanwhile.',
    () => '请先读取该事项，并以 "If-Match" 提交其 ETag，避免依据已变更的内容作出决定。',
  ),
  'matter.changed': matterProblem<None>(
    412,
    ['The matter changed meanwhile', '事项已发生变更'],
    () => 'Somebody took a step since you read it. Read it again and decide anew.',
    () => '自您读取之后，该事项已有新的办理步骤。请重新读取后再作决定。',
  ),
  'matter.taken': matterProblem<{ readonly field: string }>(
    409,
    ['Already used', '已被使用'],
    (facts) =>
      `The value of "${facts.field}" belongs to another matter: one scenario, one application; one code, one certificate. Choose another or continue that one.`,
    (facts) => `“${facts.field}”的值已用于其他事项：一场景一申请、一证一码。请另行填写或继续办理原事项。`,
  ),
  'matter.merchant_not_registered': matterProblem<{ readonly organisation: string }>(
    409,
    ['The merchant is not registered', '数据商尚未注册'],
    (facts) => `"${facts.organisation}" has no registration in force. Finish its onboarding, or have its suspension lifted.`,
    (facts) => `“${facts.organisation}”没有有效的进驻注册。请先完成进驻或解除暂停。`,
  ),
  'matter.agreements_open': matterProblem<{ readonly agreements: readonly string[] }>(
    409,
    ['Agreements are still open', '尚有未了结的协议'],
    (facts) => `Close these first: ${facts.agreements.join(', ')}.`,
    (facts) => `请先了结以下协议：${facts.agreements.join('、')}。`,
  ),
  'matter.domains_not_passed': matterProblem<{ readonly domains: readonly string[] }>(
    409,
    ['The compliance check is not complete', '合规核查未完成'],
    (facts) => `Not passed yet: ${facts.domains.join(', ')}. Record the result of each, or reject.`,
    (facts) => `尚未通过：${facts.domains.join('、')}。请逐项记录核查结果，或予以驳回。`,
  ),
  'matter.reviews_missing': matterProblem<{ readonly bodies: readonly string[] }>(
    409,
    ['Reviews are missing', '审核意见不齐'],
    (facts) => `These have not spoken yet: ${facts.bodies.join(', ')}.`,
    (facts) => `以下单位尚未审核：${facts.bodies.join('、')}。`,
  ),
  'matter.not_on_route': matterProblem<{ readonly route: readonly string[] }>(
    403,
    ['Not yours to review, or already done', '不在审核范围内或已审核'],
    (facts) => `The route is ${facts.route.join(', ')}, and each speaks once in a round.`,
    (facts) => `审核单位为 ${facts.route.join('、')}，每轮各审核一次。`,
  ),
  'matter.application_not_approved': matterProblem<None>(
    409,
    ['No approved application stands behind it', '没有已批准的使用申请'],
    () => 'Name an approved application of the same merchant with the same scenario that covers every dataset of the agreement.',
    () => '请填写同一数据商、同一场景且涵盖协议全部数据集的已批准使用申请。',
  ),
  'matter.term_too_long': matterProblem<{ readonly years: number }>(
    422,
    ['The term is too long', '期限过长'],
    (facts) => `At most ${facts.years} years. Shorten it; where the cap is soft in this city, record why it is exceeded in "termOverride".`,
    (facts) => `最长 ${facts.years} 年。请缩短期限；如本市规定为原则性上限，请在 "termOverride" 中记录超出的理由。`,
  ),
  'matter.plan_missing': matterProblem<None>(
    409,
    ['No filed emergency plan', '缺少已报备的应急预案'],
    () => 'Name an emergency plan that is filed in "plan": one authorisation, one plan.',
    () => '请在 "plan" 中填写已报备的应急预案：一授权一预案。',
  ),
  'matter.decision_missing': matterProblem<{ readonly bodies: readonly string[] }>(
    409,
    ['No decision on record', '缺少决策记录'],
    (facts) => `This city wants a decision of ${facts.bodies.join(', ')}. Put the number of its minutes into "decisionRef".`,
    (facts) => `本市要求由 ${facts.bodies.join('、')} 作出决定。请在 "decisionRef" 中填写纪要编号。`,
  ),
  'matter.filing_missing': matterProblem<{ readonly targets: readonly string[] }>(
    409,
    ['Not filed yet', '尚未备案'],
    (facts) => `File it with ${facts.targets.join(', ')} and record the number in "filingNo".`,
    (facts) => `请向 ${facts.targets.join('、')} 备案，并在 "filingNo" 中填写备案号。`,
  ),
  'matter.not_registered_resource': matterProblem<{ readonly datasets: readonly string[] }>(
    409,
    ['Resources are not registered', '数据资源尚未登记'],
    (facts) => `These datasets have no valid certificate: ${facts.datasets.join(', ')}. Register them first.`,
    (facts) => `以下数据集没有有效登记证书：${facts.datasets.join('、')}。请先办理登记。`,
  ),
  'matter.ground_unknown': matterProblem<{ readonly grounds: readonly string[] }>(
    422,
    ['No ground of termination', '终止事由无效'],
    (facts) => `In this city an agreement ends on: ${facts.grounds.join(', ')}.`,
    (facts) => `本市协议终止事由为：${facts.grounds.join('、')}。`,
  ),
  'matter.hold_not_over': matterProblem<None>(
    409,
    ['Logs must still be held', '日志留存期未满'],
    () => 'The time for which logs are held is not over; "holdUntil" says when it is.',
    () => '日志留存期尚未届满，届满日期见 "holdUntil"。',
  ),
  'matter.data_not_deleted': matterProblem<None>(
    409,
    ['Data of the agreement are still there', '协议相关数据尚未删除'],
    () => 'Not every sealed result could be destroyed, so no certificate is given. Stop the jobs that run and take the step again.',
    () => '尚有封存结果未能销毁，因此不出具删除证明。请停止运行中的作业后重新办理。',
  ),
  'matter.no_laboratory': matterProblem<None>(
    409,
    ['This city has no laboratory stage', '本市无数据实验室阶段'],
    () => 'Under the rules of this city development starts with the agreement. Apply for use instead.',
    () => '按本市规则，签订协议后方可开发利用。请直接提出使用申请。',
  ),
  'matter.laboratory_too_long': matterProblem<{ readonly months: number }>(
    422,
    ['The laboratory lasts too long', '数据实验室期限过长'],
    (facts) => `At most ${facts.months} months from its start.`,
    (facts) => `自开始之日起最长 ${facts.months} 个月。`,
  ),
  'matter.hearing_missing': matterProblem<None>(
    409,
    ['Not everybody was heard', '尚未听取各方意见'],
    () => 'Record in "hearing" what the parties said before the file goes on.',
    () => '报送前请在 "hearing" 中记录各方意见。',
  ),
  'matter.not_a_party': matterProblem<None>(
    403,
    ['Not a party', '不是当事人'],
    () => 'Only who is affected by a result can appeal against it. Name a matter of your own organisation.',
    () => '只有受该结果影响的当事人可以提出申诉。请填写本机构的事项。',
  ),
  'matter.certificate_too_long': matterProblem<{ readonly years: number }>(
    422,
    ['The certificate lasts too long', '证书有效期过长'],
    (facts) => `At most ${facts.years} years and never beyond the authorised term, and not past already.`,
    (facts) => `最长 ${facts.years} 年，不得超过授权运营期限，且不得早于今日。`,
  ),
  'matter.staff_gate': matterProblem<{ readonly gates: readonly string[] }>(
    409,
    ['The person may not enter the domain yet', '该人员尚不能进入平台'],
    (facts) => `Still missing: ${facts.gates.join(', ')}.`,
    (facts) => `尚缺：${facts.gates.join('、')}。`,
  ),
  'matter.data_refused': matterProblem<{ readonly label: string }>(
    422,
    ['Data of this kind are not operated', '此类数据不得授权运营'],
    (facts) => `Data labelled "${facts.label}", or barred from opening, are not taken in under the rules of this city.`,
    (facts) => `按本市规则，标记为“${facts.label}”或禁止开放的数据不得授权运营。`,
  ),
  'matter.no_agreement': matterProblem<None>(
    409,
    ['No agreement in force', '没有有效的协议'],
    () => 'The grant must name an agreement in force of the same merchant and scenario that covers the dataset until the last day.',
    () => '授权须关联同一数据商、同一场景、涵盖该数据集且在截止日前有效的协议。',
  ),
} as const;
