import { define } from '../definition.ts';

export const ACCOUNT_PROBLEMS = {
  'account.sign_in_refused': define<Record<string, never>>({
    status: 401,
    title: { en: 'Not signed in', zh: '登录未成功' },
    detail: () => ({
      en: 'Name, password or one-time code do not fit together, the code was used already, or the account waits after too many attempts. Wait for the next code and try again; who has lost the authenticator uses a recovery code or asks for a new invitation.',
      zh: '用户名、密码或一次性验证码不匹配，或验证码已使用，或因多次尝试账户暂时锁定。请等待下一个验证码后重试；丢失验证器者可使用恢复码或申请重新邀请。',
    }),
  }),
  'account.enrolment_refused': define<Record<string, never>>({
    status: 403,
    title: { en: 'This invitation cannot be used', zh: '该邀请无法使用' },
    detail: () => ({
      en: 'The token is unknown, was used already or is too old, or a newer one took its place. Ask for a new invitation (sluice account invite).',
      zh: '令牌不存在、已使用、已过期或已被新令牌取代。请重新申请邀请（sluice account invite）。',
    }),
  }),
  'account.password': define<{ readonly least: number; readonly most: number }>({
    status: 400,
    title: { en: 'The password is not accepted', zh: '不接受该密码' },
    detail: (facts) => ({
      en: `A password has ${facts.least} to ${facts.most} characters, at least five different ones, and does not hold your name. Take a longer phrase.`,
      zh: `密码须为 ${facts.least} 至 ${facts.most} 个字符，至少包含五种不同字符，且不得包含用户名。请使用更长的短语。`,
    }),
  }),
  'account.first_operator': define<Record<string, never>>({
    status: 400,
    title: { en: 'Say who the first operator is', zh: '请指明首位运营人员' },
    detail: () => ({
      en: 'The token of the first start makes the first operator: send "principal" and "organisation" with it. An invitation of somebody else takes neither.',
      zh: '首次启动令牌用于创建首位运营人员：请同时提交 "principal" 和 "organisation"。其他邀请不得提交这两项。',
    }),
  }),
  'access.csrf': define<Record<string, never>>({
    status: 403,
    title: { en: 'The request does not come from the console', zh: '请求并非来自控制台' },
    detail: () => ({
      en: 'A change under a session needs the header "X-CSRF-Token" that signing in (or GET /v1/session) gave, and comes from the page of this service. Reload the page and try again; programs use an API key.',
      zh: '使用会话进行变更须携带登录（或 GET /v1/session）返回的 "X-CSRF-Token" 请求头，且须来自本服务页面。请刷新页面重试；程序请使用 API 密钥。',
    }),
  }),
} as const;
