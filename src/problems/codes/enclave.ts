import { define } from '../definition.ts';

/**
 * What the enclave's failures look like from outside. A merchant sees one code for every reason a real job did not come
 * out: which one it was (time, memory, a crash, a value that does not convert) would tell about the data.
 * Source: gate.md §9.
 */
export const ENCLAVE_PROBLEMS = {
  'enclave.failed': define<Record<string, never>>({
    status: 422,
    title: { en: 'The job did not complete', zh: '作业未完成' },
    detail: () => ({
      en: 'The job could not be completed on the real data. The reason is not disclosed, because it could reveal something about the data. Run the same job on simulation data, where the cause is shown, simplify it or make it read less, and submit it again.',
      zh: '作业未能在真实数据上完成。由于原因本身可能泄露数据信息，故不予披露。请在仿真数据上运行同一作业（可查看具体原因），简化作业或减少读取的数据量后重新提交。',
    }),
  }),
  'enclave.isolation_unavailable': define<Record<string, never>>({
    status: 503,
    title: { en: 'No isolation for jobs', zh: '作业隔离环境不可用' },
    detail: () => ({
      en: 'This machine cannot isolate jobs as its configuration demands, so none is run. Operator: install bubblewrap or allow unprivileged user namespaces; only for a demonstration without real data, set the isolation to "process". Merchants: try again later.',
      zh: '本机无法按配置要求隔离作业，因此不执行任何作业。运营人员请安装 bubblewrap，或启用非特权用户命名空间；仅在不含真实数据的演示环境中可将隔离级别设为“process”。数据商请稍后重试。',
    }),
  }),
  'enclave.digest_mismatch': define<{ readonly dataset: string; readonly version: string }>({
    status: 500,
    title: { en: 'Sealed data were altered', zh: '封存数据已被改动' },
    detail: (facts) => ({
      en: `Version ${facts.version} of the data set "${facts.dataset}" is not the file that was sealed, so it was not opened. Withdraw the version, find out who changed the file, and load the data again from its source or a backup.`,
      zh: `数据集“${facts.dataset}”的版本 ${facts.version} 与封存时的文件不一致，系统已拒绝打开。请撤下该版本，查明改动来源，并从数据源或备份重新加载。`,
    }),
  }),
  'enclave.sealed_file_unusable': define<{ readonly dataset: string; readonly version: string }>({
    status: 500,
    title: { en: 'Sealed data cannot be read', zh: '封存数据不可读' },
    detail: (facts) => ({
      en: `The file of version ${facts.version} of the data set "${facts.dataset}" is missing, is a link, or may be written by others, so it was not opened. Restore it with permissions for its owner only, or load the data again.`,
      zh: `数据集“${facts.dataset}”版本 ${facts.version} 的文件缺失、为链接，或可被其他用户写入，系统已拒绝打开。请恢复该文件并仅保留所有者权限，或重新加载数据。`,
    }),
  }),
  'enclave.busy': define<Record<string, never>>({
    status: 503,
    title: { en: 'No worker could be started', zh: '无法启动执行进程' },
    detail: () => ({
      en: 'No worker could be started for this step. Submit it again in a few minutes; if it stays so, ask the operator to check memory and disk space of the machine.',
      zh: '当前无法为该步骤启动执行进程。请几分钟后重新提交；若问题持续，请联系运营机构检查机器的内存与磁盘空间。',
    }),
  }),
} as const;
