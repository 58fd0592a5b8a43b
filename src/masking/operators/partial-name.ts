import { charactersOf, type Masked, maskKnown, maskWhole } from '../operator.ts';

/** Surnames of two characters that are in use; a name that starts with one keeps both. Source: GB/T 37964-2019; 中国姓氏大辞典 (common compound surnames). */
const COMPOUND_SURNAMES: ReadonlySet<string> = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 ' +
    '子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 ' +
    '公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 纳兰 完颜 耶律 叶赫 那拉 富察'
  ).split(' '),
);
const INTERPUNCT = /[·•・‧∙⋅．]/u;
const HAN = /^\p{Script=Han}+$/u;
const MOST_CHARACTERS = 4;

/**
 * Keeps the surname (one character, two of a compound one) and shows a mark for each other character of a name of two to four
 * characters. A name in parts with a middle dot keeps its first character only and hides how long each part is. Anything else
 * (Latin letters, one character, titles, spaces inside) is masked whole. How many people share a surname is not counted.
 * Source: synthetic-and-masking.md §6.2.
 */
export function maskName(value: string): Masked {
  const text = value.normalize('NFC').trim();
  const parts = text.split(INTERPUNCT);
  if (parts.some((part) => !HAN.test(part))) return maskWhole();
  const characters = charactersOf(text);
  if (parts.length > 1) return maskKnown(`${characters[0] ?? ''}${parts.map(() => '**').join('·')}`, null);
  if (characters.length < 2 || characters.length > MOST_CHARACTERS) return maskWhole();
  const kept = characters.length > 2 && COMPOUND_SURNAMES.has(characters.slice(0, 2).join('')) ? 2 : 1;
  return maskKnown(characters.slice(0, kept).join('') + '*'.repeat(characters.length - kept), null);
}
