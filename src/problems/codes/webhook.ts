import { define } from '../definition.ts';

export const WEBHOOK_PROBLEMS = {
  'webhook.address': define<{ readonly fault: 'form' | 'scheme' | 'private' }>({
    status: 422,
    title: { en: 'No address for notices', zh: '不能作为通知接收地址' },
    detail: () => ({
      en: 'Notices go to a public https address without user name or password, on port 443 or above 1023. Give another one, or ask who runs the instance to name the host in SLUICE_WEBHOOK_ALLOW.',
      zh: '通知只发送到公网 https 地址，不得含用户名或密码，端口为 443 或 1023 以上。请更换地址，或请运维人员将该主机列入 SLUICE_WEBHOOK_ALLOW。',
    }),
  }),
  'webhook.kind': define<{ readonly kind: string }>({
    status: 422,
    title: { en: 'No kind of notice', zh: '不是通知类型' },
    detail: (facts) => ({
      en: `"${facts.kind}" is no kind of notice. Write them as in the inbox, such as "release.recalled" or "matter.late"; none at all means all.`,
      zh: `“${facts.kind}”不是通知类型。请按收件箱中的写法填写，如“release.recalled”或“matter.late”；不填则表示全部。`,
    }),
  }),
  'webhook.too_many': define<{ readonly limit: number }>({
    status: 409,
    title: { en: 'Too many webhooks', zh: '回调地址过多' },
    detail: (facts) => ({
      en: `A person has at most ${facts.limit} active webhooks. End one first (sluice webhook end ID).`,
      zh: `每人最多有 ${facts.limit} 个有效回调地址。请先停用一个（sluice webhook end ID）。`,
    }),
  }),
} as const;
