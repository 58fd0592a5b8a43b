import { isMobile } from '../../identifiers/mobile.ts';
import { type Masked, maskKnown, maskWhole } from '../operator.ts';

const SEPARATORS = /[\s()-]/g;
/** Beijing and the large cities have area codes of three digits, all others of four. Source: YD/T 1131. */
const LANDLINE = /^(0(?:10|2[0-9])|0[3-9]\d{2})(\d{7,8})$/;

/** A mobile number as three digits, four marks, four digits; prefix +86 and separators are left out. Source: synthetic-and-masking.md §6.2. */
export function maskMobile(value: string): Masked {
  const digits = value.replace(SEPARATORS, '').replace(/^(\+|00)?86(?=1\d{10}$)/, '');
  return isMobile(digits) ? maskKnown(`${digits.slice(0, 3)}****${digits.slice(7)}`, 10 ** 4) : maskWhole();
}

/** A landline number as area code, marks, two digits. Source: YD/T 1131; synthetic-and-masking.md §6.2. */
export function maskLandline(value: string): Masked {
  const match = LANDLINE.exec(value.replace(SEPARATORS, '').replace(/^(\+|00)86(?=[1-9])/, '0'));
  const [, area = '', local = ''] = match ?? [];
  if (match === null) return maskWhole();
  return maskKnown(`${area}${'*'.repeat(local.length - 2)}${local.slice(-2)}`, 10 ** (local.length - 2));
}
