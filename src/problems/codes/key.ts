import { define } from '../definition.ts';

export const KEY_PROBLEMS = {
  'key.scope': define<{ readonly scope: string }>({
    status: 400,
    title: { en: 'No such scope', zh: '没有该权限范围' },
    detail: (facts) => ({
      en: `"${facts.scope}" is neither an action such as "job.read" nor the noun of actions such as "job". Take one of docs/reference/permissions.md.`,
      zh: `“${facts.scope}”既不是操作（如“job.read”），也不是操作的名词（如“job”）。请从 docs/reference/permissions.md 中选取。`,
    }),
  }),
  'key.scope_wider': define<Record<string, never>>({
    status: 403,
    title: { en: 'A key cannot hand on more than it holds', zh: '密钥不能授予超出自身的权限' },
    detail: () => ({
      en: 'The scopes asked for reach further than those of the key you use. Ask for fewer, or sign in with a key that holds them.',
      zh: '所申请的权限范围超出您当前密钥的范围。请缩小范围，或使用具有该范围的密钥。',
    }),
  }),
  'key.instance_open': define<Record<string, never>>({
    status: 409,
    title: { en: 'Somebody else has the instance open', zh: '实例正被其他进程使用' },
    detail: () => ({
      en: 'Keys are turned while nobody works with them. Stop the servers and workers of this instance, then try again; the backup that was made is good.',
      zh: '轮换密钥时不得有其他进程在使用该实例。请先停止该实例的服务与工作进程，然后重试；已生成的备份有效。',
    }),
  }),
  'key.too_many': define<{ readonly limit: number }>({
    status: 409,
    title: { en: 'Too many keys', zh: '密钥过多' },
    detail: (facts) => ({
      en: `A principal holds at most ${facts.limit} living keys. Revoke one that is not used any more (sluice key list shows the last use).`,
      zh: `每个主体最多持有 ${facts.limit} 个有效密钥。请先撤销不再使用的密钥（sluice key list 可查看最近使用时间）。`,
    }),
  }),
} as const;
