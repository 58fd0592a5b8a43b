import { type Masked, maskKnown, maskWhole } from '../operator.ts';

const CARD = /^\d{13,20}$/;

/**
 * A card number in groups of four: the first four digits and the last group are shown, everything between is marks. Numbers of fewer than 13 digits
 * are masked whole. The check digit is not asked for: a mistyped card number is one too. Source: ISO/IEC 7812-1; synthetic-and-masking.md §6.2.
 */
export function maskBankCard(value: string): Masked {
  const digits = value.replace(/[\s-]/g, '');
  if (!CARD.test(digits)) return maskWhole();
  const last = digits.length % 4 === 0 ? 4 : digits.length % 4;
  const groups = ['****', ...new Array<string>((digits.length - last - 8) / 4).fill('****')];
  // The check digit rules out nine of ten.
  return maskKnown([digits.slice(0, 4), ...groups, digits.slice(-last)].join(' '), 10 ** (digits.length - 4 - last - 1));
}
