import { isBankCard } from '../bank-card.ts';
import type { IdentifierKind } from '../identifier-kind.ts';
import { isMobile } from '../mobile.ts';
import { isOldResidentId, residentIdCheckCharacter } from '../resident-id.ts';
import { assembledReadings } from './assembled.ts';
import { digitReadings, numberReadings, windowReadings } from './digit-decoders.ts';
import { laidOutReadings } from './layouts.ts';
import { isCheckedId } from './scan-disguised.ts';

/** A number that would identify if the reading were meant; chance gives some, so only whole columns count (`column-disguises.ts`). */
export interface Hint {
  readonly kind: IdentifierKind;
  readonly disguise: string;
  /** The number as read. Never leaves the detector. */
  readonly digits: string;
}

/** What a cell would be if its digits were rearranged, shifted, written in another base, or spread between other signs. Each kind and way once. Own design: ADR 0017. */
export function numberHints(text: string): readonly Hint[] {
  const trimmed = text.trim().replace(/^'/, '');
  if (trimmed.length < 6 || trimmed.length > 400) return [];
  const hints = new Map<string, Hint>();
  const judge = (digits: string, disguise: string): void => {
    const kind = kindOf(digits);
    if (kind !== null && !hints.has(`${kind}|${disguise}`)) hints.set(`${kind}|${disguise}`, { kind, disguise, digits });
  };
  for (const reading of [...digitReadings(trimmed), ...numberReadings(trimmed)]) {
    judge(reading.text, reading.name);
    for (const second of reading.name === 'reversed' ? [] : turned(reading.text)) judge(second, `${reading.name}, reversed`);
  }
  for (const reading of windowReadings(trimmed)) judge(reading.text, reading.name);
  for (const reading of assembledReadings(trimmed)) judge(reading.text, reading.name);
  for (const reading of laidOutReadings(trimmed)) judge(reading.text, reading.name);
  const digits = trimmed.replaceAll(/[^0-9Xx]|[Xx](?=.*\d)/g, '');
  if (digits.length >= 11 && digits.length <= 18 && digits !== trimmed) judge(digits.toUpperCase(), 'interleaved');
  return [...hints.values()];
}

function turned(text: string): readonly string[] {
  return text.length === 11 || text.length === 18 ? [[...text].reverse().join('')] : [];
}

function kindOf(digits: string): IdentifierKind | null {
  if (isMobile(digits)) return 'mobile';
  if (isCheckedId(digits) || (/^\d{17}$/.test(digits) && isCheckedId(digits + residentIdCheckCharacter(digits)))) return 'residentId';
  if (digits.length >= 16 && digits.startsWith('62') && isBankCard(digits)) return 'bankCard';
  return isOldResidentId(digits) ? 'residentId' : null;
}
