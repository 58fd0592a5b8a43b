import type { FastifyRequest } from 'fastify';

export type Language = 'en' | 'zh';

/** The language of `Accept-Language` that we speak, by weight; English when none is named. Source: RFC 9110 §12.5.4. */
export function preferredLanguage(header: string | undefined): Language {
  let best: { readonly language: Language; readonly weight: number } = { language: 'en', weight: 0 };
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const primary = range.split('-')[0];
    if (primary !== 'en' && primary !== 'zh') continue;
    const quality = parameters.map((item) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(item)?.[1]).find((item) => item !== undefined);
    const weight = quality === undefined ? 1 : Number(quality);
    if (weight > best.weight) best = { language: primary, weight };
  }
  return best.language;
}

export function languageOf(request: FastifyRequest): Language {
  return preferredLanguage(request.headers['accept-language']);
}
