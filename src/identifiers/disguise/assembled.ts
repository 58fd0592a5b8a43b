import { foldText } from '../fold-text.ts';
import type { TextReading } from './text-decoders.ts';

const SUM = /^(\d{5,18})\s?([+-])\s?(\d{1,18})$/;
const MASKED = /^(?=.{11}$|.{18}$)\d+[*＊●○•#]{1,2}\d*[\dX]?$/i;
const MASK_SIGN = /[*＊●○•#]/;
const LONGEST_JSON = 400;

/**
 * Numbers that a cell holds in parts: fractions one behind the other, groups from the last to the first, a sum, the leaves of JSON, digits between units of
 * counting, the tail of a shortened address, all but one or two signs of a mask. Each could be chance; only whole columns count. Own design: ADR 0017.
 */
export function assembledReadings(text: string): readonly TextReading[] {
  const readings: TextReading[] = [];
  const put = (name: string, read: string): void => {
    if (/^[0-9X]{11,18}$/i.test(read)) readings.push({ name, text: read.toUpperCase() });
  };
  if (/(?:^|\D)0\.\d/.test(text)) put('fractions', text.replaceAll(/(?<!\d)0\./g, '').replaceAll(/[^\dX]/gi, ''));
  const groups = text.split(/[-/ .,:|]+/);
  if (groups.length > 2 && groups.length < 10) put('groups reversed', groups.toReversed().join(''));
  const [, left = '', sign, right = ''] = SUM.exec(text) ?? [];
  if (sign !== undefined) put('sum', String(sign === '+' ? BigInt(left) + BigInt(right) : BigInt(left) - BigInt(right)));
  if (/^[[{]/.test(text) && text.length <= LONGEST_JSON) put('leaves', leavesOf(text));
  if (/[万亿萬億]/.test(text)) put('units', foldText(text.replaceAll(/[万亿萬億]/g, '')));
  if (text.includes('::')) {
    const tail = text.replaceAll(':', '').replaceAll(/a/gi, 'X');
    for (const width of [11, 18]) put('layout, tail', tail.slice(-width));
  }
  if (MASKED.test(text)) readings.push(...unmasked(text));
  return readings;
}

/** All texts and numbers of a JSON text in their order, ten as X; empty where it is none. */
function leavesOf(text: string): string {
  const leaves: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) walk(item);
    else leaves.push(value === 10 ? 'X' : String(value));
  };
  try {
    walk(JSON.parse(text));
  } catch {
    return '';
  }
  return leaves.join('');
}

/** A mask that leaves a hundred candidates at most hides nobody. */
function unmasked(text: string): readonly TextReading[] {
  const signs = [...text].filter((sign) => MASK_SIGN.test(sign)).length;
  return Array.from({ length: 10 ** signs }, (_, fill) => {
    const digits = [...String(fill).padStart(signs, '0')];
    return {
      name: 'mask that keeps too much',
      text: [...text].map((sign) => (MASK_SIGN.test(sign) ? (digits.shift() ?? '0') : sign)).join(''),
    };
  });
}
