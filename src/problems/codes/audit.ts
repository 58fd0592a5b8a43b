import { define } from '../definition.ts';

export const AUDIT_PROBLEMS = {
  'audit.unavailable': define<Record<string, never>>({
    status: 503,
    title: { en: 'Audit log unavailable', zh: '审计日志不可用' },
    detail: () => ({
      en: 'Nothing was done, because it could not be written to the audit log. Tell the security team; they run "sluice audit verify".',
      zh: '由于无法写入审计日志，本次操作未执行。请通知安全团队运行 "sluice audit verify"。',
    }),
  }),
  'audit.second_person': define<Record<string, never>>({
    status: 409,
    title: { en: 'A second person is needed', zh: '需要第二人批准' },
    detail: () => ({
      en: 'Literals of a query are opened by one person and agreed to by another. Ask a colleague with the same permission to approve, then open as the one who asked.',
      zh: '查询中的字面值须由一人申请、另一人批准后方可查看。请具有相同权限的同事批准，再由申请人打开。',
    }),
  }),
  'audit.sealed_result_missing': define<{ readonly job: string }>({
    status: 409,
    title: { en: 'Sealed result missing', zh: '封存结果缺失' },
    detail: (facts) => ({
      en: `There is no sealed result of job ${facts.job}. Run the job again; if it should be there, tell the security team.`,
      zh: `作业 ${facts.job} 没有封存结果。请重新运行该作业；如果结果本应存在，请通知安全团队。`,
    }),
  }),
  'audit.sealed_result_changed': define<{ readonly job: string }>({
    status: 409,
    title: { en: 'Sealed result changed', zh: '封存结果已被改动' },
    detail: (facts) => ({
      en: `The sealed result of job ${facts.job} is damaged or was changed, and nothing of it is used. Tell the security team and run the job again.`,
      zh: `作业 ${facts.job} 的封存结果已损坏或被改动，其内容不会被使用。请通知安全团队并重新运行该作业。`,
    }),
  }),
  'audit.sealed_model_missing': define<{ readonly job: string }>({
    status: 409,
    title: { en: 'Sealed model missing', zh: '封存模型缺失' },
    detail: (facts) => ({
      en: `A model of job ${facts.job} is not among the sealed models of the instance. Look for it in the latest backup and tell the security team; its merchant hands it in again with a new job.`,
      zh: `作业 ${facts.job} 的模型不在本实例的封存模型中。请在最近的备份中查找并通知安全团队；商户可用新作业重新提交该模型。`,
    }),
  }),
  'audit.sealed_model_changed': define<{ readonly job: string }>({
    status: 409,
    title: { en: 'Sealed model changed', zh: '封存模型已被改动' },
    detail: (facts) => ({
      en: `A sealed model of job ${facts.job} is damaged or was changed, and nothing of it is used. Tell the security team; its merchant hands it in again with a new job.`,
      zh: `作业 ${facts.job} 的封存模型已损坏或被改动，其内容不会被使用。请通知安全团队；商户可用新作业重新提交该模型。`,
    }),
  }),
} as const;
