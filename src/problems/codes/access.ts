import { define } from '../definition.ts';

export const ACCESS_PROBLEMS = {
  'access.unauthenticated': define<Record<string, never>>({
    status: 401,
    title: { en: 'Not signed in', zh: '未登录' },
    detail: () => ({
      en: 'Send a valid API key as "Authorization: Bearer …", or sign in (POST /v1/sessions). An operator gives invitations and first keys.',
      zh: '请以 "Authorization: Bearer …" 提供有效的 API 密钥，或通过 POST /v1/sessions 登录。邀请和首个密钥由运营方发放。',
    }),
  }),
  'access.not_found': define<{ readonly kind: string }>({
    status: 404,
    title: { en: 'Not found', zh: '未找到' },
    detail: (facts) => ({
      en: `There is no such ${facts.kind}, or it is not yours to see. Check the id, or ask its owner.`,
      zh: `没有该对象（${facts.kind}），或您无权查看。请核对编号或联系其所有者。`,
    }),
  }),
  'access.forbidden': define<{ readonly action: string }>({
    status: 403,
    title: { en: 'Not permitted', zh: '无权限' },
    detail: (facts) => ({
      en: `Your roles do not permit "${facts.action}". Ask the operator for the role that does.`,
      zh: `您的角色不允许执行“${facts.action}”。请向运营机构申请相应角色。`,
    }),
  }),
  'access.state_conflict': define<{ readonly kind: string; readonly state: string; readonly waitsFor?: string }>({
    status: 409,
    title: { en: 'Not possible in this state', zh: '当前状态不允许该操作' },
    detail: (facts) => ({
      en: `The ${facts.kind} is now in state "${facts.state}", where this step is not possible.${waiting(facts).en} Read it again and decide anew.`,
      zh: `该对象（${facts.kind}）当前状态为“${facts.state}”，不允许执行此步骤。${waiting(facts).zh}请重新读取后再作决定。`,
    }),
  }),
  'access.separation_of_duties': define<{ readonly rule: string }>({
    status: 403,
    title: { en: 'Separation of duties', zh: '职责分离' },
    detail: (facts) => ({
      en: `Rule ${facts.rule} of the separation of duties forbids this to you. Ask a person with the role, of another organisation than the author's, who has not acted in this request yet.`,
      zh: `职责分离规则 ${facts.rule} 不允许您执行此操作。请由具有相应角色、与作者不属于同一机构且尚未参与本次申请的人员办理。`,
    }),
  }),
  'access.conflicting_roles': define<{ readonly rule: string; readonly organisation: string }>({
    status: 409,
    title: { en: 'Conflicting roles', zh: '角色冲突' },
    detail: (facts) => ({
      en: `Rule ${facts.rule} forbids these roles together in organisation "${facts.organisation}". Register the person under another organisation or with other roles.`,
      zh: `规则 ${facts.rule} 禁止机构“${facts.organisation}”同时拥有这些角色。请以其他机构或其他角色登记该人员。`,
    }),
  }),
} as const;

const WAITS_FOR: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  merchant: { en: 'the merchant', zh: '数商' },
  operator: { en: 'the operators', zh: '运营机构' },
  reviewer: { en: 'the votes of the reviewers', zh: '审核人员投票' },
  supervisor: { en: 'the supervisor (filing, or the ruling on an appeal)', zh: '监管机构（备案或对申诉的裁决）' },
};

function waiting({ waitsFor }: { readonly waitsFor?: string }): { readonly en: string; readonly zh: string } {
  const who = WAITS_FOR[waitsFor ?? ''];
  return who === undefined ? { en: '', zh: '' } : { en: ` It waits for ${who.en}.`, zh: `目前等待${who.zh}。` };
}
