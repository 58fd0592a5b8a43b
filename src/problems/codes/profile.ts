import { define } from '../definition.ts';

export const PROFILE_PROBLEMS = {
  'profile.unknown': define<{ readonly profile: string; readonly known: readonly string[] }>({
    status: 404,
    title: { en: 'No such jurisdiction profile', zh: '没有该地区规则' },
    detail: (facts) => ({
      en: `There is no profile "${facts.profile}". Choose one of ${facts.known.join(', ')}.`,
      zh: `没有地区规则“${facts.profile}”。请从以下规则中选择：${facts.known.join('、')}。`,
    }),
  }),
  'profile.unknown_key': define<{ readonly key: string }>({
    status: 404,
    title: { en: 'No such key of a profile', zh: '没有该规则项' },
    detail: (facts) => ({
      en: `No profile has a key "${facts.key}". The command "profile show" lists them all.`,
      zh: `地区规则中没有“${facts.key}”一项。请用“profile show”命令查看全部规则项。`,
    }),
  }),
  'profile.invalid': define<{ readonly pointer: string; readonly keyword: string }>({
    status: 422,
    title: { en: 'The profile cannot be read', zh: '地区规则文件无效' },
    detail: (facts) => ({
      en: `What stands at "${facts.pointer}" is not as it must be (${facts.keyword}). Correct the file and have it signed again.`,
      zh: `“${facts.pointer}”处的内容不符合要求（${facts.keyword}）。请更正文件并重新签名。`,
    }),
  }),
  'profile.loosens': define<{ readonly key: string; readonly layer: string; readonly above: string }>({
    status: 422,
    title: { en: 'A layer asks for less than the one above it', zh: '下级规则宽于上级规则' },
    detail: (facts) => ({
      en: `Layer ${facts.layer} makes "${facts.key}" less strict than ${facts.above}, which no layer above permits. Tighten the value, or have the layer above permit it; the system floor never does.`,
      zh: `规则层 ${facts.layer} 的“${facts.key}”宽于 ${facts.above}，且上级规则未予允许。请收紧该值，或由上级规则明确允许；系统底线不可降低。`,
    }),
  }),
  'profile.signature': define<Record<string, never>>({
    status: 422,
    title: { en: 'The profile is not signed by the authority', zh: '地区规则未经主管部门签名' },
    detail: () => ({
      en: 'The signature does not fit the file and the public key. Ask the authority for the file again; do not correct it by hand.',
      zh: '签名与文件或公钥不符。请向主管部门重新索取该文件，不要自行修改。',
    }),
  }),
} as const;
