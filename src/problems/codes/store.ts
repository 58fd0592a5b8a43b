import { define } from '../definition.ts';

export const STORE_PROBLEMS = {
  'store.unavailable': define<Record<string, never>>({
    status: 503,
    title: { en: 'Records unavailable', zh: '业务记录暂不可用' },
    detail: () => ({
      en: 'The database that keeps the records of this instance does not answer, and nothing was done. Ask again in a little while; if it stays, the operator looks at SLUICE_DATABASE_URL and its server.',
      zh: '保存本实例记录的数据库没有响应，本次操作未执行。请稍后重试；如持续出现，请运营机构检查 SLUICE_DATABASE_URL 及其数据库服务器。',
    }),
  }),
} as const;
