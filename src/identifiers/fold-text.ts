/** Letters of other scripts that look like Latin ones, in pairs. Own compilation after Unicode TR 39 ("confusables"). */
const LOOK_ALIKES = new Map(
  ['АA', 'ВB', 'ЕE', 'КK', 'МM', 'НH', 'ОO', 'РP', 'СC', 'ТT', 'ХX', 'аa', 'еe', 'оo', 'рp', 'сc', 'хx', 'уy', 'іi', 'ѕs', 'јj']
    .concat(['ΑA', 'ΒB', 'ΕE', 'ΖZ', 'ΗH', 'ΙI', 'ΚK', 'ΜM', 'ΝN', 'ΟO', 'ΡP', 'ΤT', 'ΥY', 'ΧX', 'οo', 'νv', 'ԁd', 'ԛq', 'ԝw', 'ɡg'])
    .map((pair) => [pair.charAt(0), pair.charAt(1)] as const),
);
/** Chinese numerals, plain and capital, and the ones of telephone speech. Source: GB/T 15835-2011. */
const NUMERALS = new Map(
  ['〇零○Ｏ', '一壹弌幺', '二贰貳弍两', '三叁參弎', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖'].flatMap((signs, digit) =>
    [...signs].map((sign) => [sign, String(digit)] as const),
  ),
);
const NUMERAL_CODES = new Set([...NUMERALS.keys()].map((sign) => sign.charCodeAt(0)));
const PUNCTUATION = new Set([...'，。；：！？、（）《》“”‘’·'].map((sign) => sign.charCodeAt(0)));
const NUMERAL_CLASS = [...NUMERALS.keys()].join('');
/** Seven numerals in a row are a number; fewer may be words (三亚, 五一). */
const NUMERAL_RUN = new RegExp(`[${NUMERAL_CLASS}](?:[ \\-·.,、，]{0,2}[${NUMERAL_CLASS}]){6,}`, 'gu');
const HAS_NUMERAL = new RegExp(`[${NUMERAL_CLASS}]`, 'u');
/** Tabs and line ends separate; taken out they would join what stands around them. */
const LAYOUT = /[\t\n\v\f\r\u0085\u2028\u2029]/g;
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\p{Cc}ᅟᅠㅤﾠ]/gu;
const OTHER_DIGIT = /\p{Nd}/gu;
const LOOK_ALIKE = /[\u0391-\u03bf\u0400-\u052f\u0261]/gu;

/**
 * One spelling for all: full-width and styled characters plain, invisible ones gone, digits of every script and runs of at least
 * seven Chinese numerals as 0…9, look-alike letters Latin. Never longer than a few times the text; keeps everything else.
 * Source: Unicode TR 15 (NFKC), TR 39.
 */
export function foldText(text: string): string {
  if (isPlain(text)) return text;
  let folded = text.normalize('NFKC').replace(LAYOUT, ' ').replace(INVISIBLE, '');
  if (isPlain(folded)) return folded;
  folded = folded.replace(OTHER_DIGIT, digitOf).replace(LOOK_ALIKE, (letter) => LOOK_ALIKES.get(letter) ?? letter);
  if (HAS_NUMERAL.test(folded)) folded = folded.replace(NUMERAL_RUN, (run) => [...run].map((sign) => NUMERALS.get(sign) ?? sign).join(''));
  return folded;
}

/** Printable ASCII, common ideographs without numerals, and punctuation that the detectors know: nothing to fold. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code <= 0x7e) continue;
    if (code >= 0x4e00 && code <= 0x9fff && !NUMERAL_CODES.has(code)) continue;
    if (PUNCTUATION.has(code)) continue;
    return false;
  }
  return true;
}

/** Digits of a script stand in a row of ten that begins at …0 or …6. */
function digitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80) return sign;
  const row = code - (code % 16);
  const zero = /\p{Nd}/u.test(String.fromCodePoint(row)) ? row : row + 6;
  const value = code - zero;
  return value >= 0 && value <= 9 ? String(value) : sign;
}
