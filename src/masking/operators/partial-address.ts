import { charactersOf, type Masked, maskKnown, maskWhole } from '../operator.ts';

/** Province, city and county of an address, greedily. Source: GB/T 2260-2007 (names of divisions). */
const DIVISIONS =
  /^(?:\p{Script=Han}{2,7}?(?:省|自治区|特别行政区))?(?:\p{Script=Han}{2,10}?(?:市|自治州|地区|盟))?(?:\p{Script=Han}{1,10}?(?:区|县|旗|市))?/u;
const NUMBERED = /[0-9０-９〇零一二三四五六七八九十百a-zA-Zａ-ｚＡ-Ｚ]/u;

/**
 * An address down to its county and then marks, four whatever its length. With `hide`, the last so many characters are marks instead
 * (and everything from the first number on): how long the rest is then shows. Without a division of GB/T 2260 in front, or where nothing
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
