const ORDINARY = /^[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}$/;
const SMALL_ELECTRIC = /^[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\d{4}$/;
const LARGE_ELECTRIC = /^[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-HJ-NP-Z]\d{5}[A-HJK]$/;

/** Letter of an issuing office that no province has; Sichuan and Guangdong use it, so they lend the sign of a neighbour. */
export const SAFE_PLATE_LETTER = 'Z';

/** Sign of a province on plates that no office issues, by the first two digits of its region code. Source: GA 36-2018; synthetic-and-masking.md §3.1. */
export const SAFE_PLATE_SIGNS: Readonly<Record<string, string>> = {
  11: '京',
  12: '津',
  13: '冀',
  14: '晋',
  15: '蒙',
  21: '辽',
  22: '吉',
  23: '黑',
  31: '沪',
  32: '苏',
  33: '浙',
  34: '皖',
  35: '闽',
  36: '赣',
  37: '鲁',
  41: '豫',
  42: '鄂',
  43: '湘',
  44: '桂',
  45: '桂',
  46: '琼',
  50: '渝',
  51: '渝',
  52: '贵',
  53: '云',
  54: '藏',
  61: '陕',
  62: '甘',
  63: '青',
  64: '宁',
  65: '新',
};

/** Whether `text` has the form of a mainland plate, ordinary or of an electric car. Has no check digit. Source: GA 36-2018. */
export function isPlate(text: string): boolean {
  return ORDINARY.test(text) || SMALL_ELECTRIC.test(text) || LARGE_ELECTRIC.test(text);
}

/** Whether a plate of right form names an issuing office that does not exist. Source: synthetic-and-masking.md §3.1. */
export function isSafePlate(text: string): boolean {
  return isPlate(text) && text.charAt(1) === SAFE_PLATE_LETTER && Object.values(SAFE_PLATE_SIGNS).includes(text.charAt(0));
}
