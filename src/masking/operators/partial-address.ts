import { PROVINCE_NAMES } from '../../identifiers/region.ts';
import { charactersOf, type Masked, maskKnown, maskWhole } from '../operator.ts';
import { COUNTY_PATTERN } from './county-names.ts';
import { PREFECTURE_PATTERN } from './prefecture-names.ts';

const PROVINCE = `(?:${[...Object.values(PROVINCE_NAMES), '台湾省', '香港特别行政区', '澳门特别行政区'].join('|')})`;
/** Known province and prefecture, then a known county. Anything may stand in front of 市 or 区, a name of a person too, so they are told by name. Source: GB/T 2260-2007. */
const DIVISIONS = new RegExp(`^(?:${PROVINCE}${PREFECTURE_PATTERN}?|${PREFECTURE_PATTERN})(?:${COUNTY_PATTERN})?`, 'u');
const NUMBERED = /[0-9０-９〇零一二三四五六七八九十百a-zA-Zａ-ｚＡ-Ｚ]/u;

/**
 * An address down to its county, where that is a known one, and then marks, four whatever its length. With `hide`, the last so many characters are marks instead
 * (and everything from the first number on): how long the rest is then shows. Without a province or prefecture of GB/T 2260 in front, or where nothing
 * would stay hidden, the whole address is masked. How many addresses a county has is not counted. Source: synthetic-and-masking.md §6.2.
 */
export function maskAddress(value: string, hide?: number): Masked {
  const text = value.trim();
  const characters = charactersOf(text);
  const divisions = charactersOf(DIVISIONS.exec(text)?.[0] ?? '').length;
  if (divisions < 3) return maskWhole();
  if (hide === undefined)
    return divisions < characters.length ? maskKnown(`${characters.slice(0, divisions).join('')}****`, null) : maskWhole();
  const numbered = characters.findIndex((character, index) => index >= divisions && NUMBERED.test(character));
  const kept = Math.min(characters.length - hide, numbered < 0 ? characters.length : numbered);
  if (kept <= 0 || hide < 1) return maskWhole();
  return maskKnown(characters.slice(0, kept).join('') + '*'.repeat(characters.length - kept), null);
}
