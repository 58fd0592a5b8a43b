import { isPassport } from '../../identifiers/passport.ts';
import { isResidentId, normaliseResidentId } from '../../identifiers/resident-id.ts';
import { isUscc } from '../../identifiers/uscc.ts';
import { residentIdCandidates } from '../anonymity-set.ts';
import { type Masked, maskKnown, maskWhole } from '../operator.ts';

/** Characters of a document number that stay. */
export interface KeptEnds {
  readonly first: number;
  readonly last: number;
}

/** A set that anybody lists in a moment is no protection: below it the whole number is masked. Source: synthetic-and-masking.md §6.3. */
const LEAST_SET = 2000;
const ALPHABET = 31;

/**
 * A resident ID of 18 characters with its ends kept; one of 15 digits, and whatever fails form, date or check character, is
 * masked whole, and so is one whose kept ends would leave fewer than 2,000 numbers. Source: GB 11643-1999; synthetic-and-masking.md §6.2, §6.3.
 */
export function maskResidentId(value: string, kept: KeptEnds): Masked {
  const id = normaliseResidentId(value.trim());
  if (!isResidentId(id)) return maskWhole();
  const text = withEnds(id, kept);
  const set = residentIdCandidates(text);
  return set < LEAST_SET ? maskWhole() : maskKnown(text, set);
}

/** A credit code with its ends kept; whatever fails either check is masked whole. Source: GB 32100-2015; synthetic-and-masking.md §6.3. */
export function maskUscc(value: string, kept: KeptEnds): Masked {
  const code = value.trim().toUpperCase();
  if (!isUscc(code)) return maskWhole();
  const set = usccCandidates(kept);
  return set < LEAST_SET ? maskWhole() : maskKnown(withEnds(code, kept), set);
}

/** A passport number with its letters kept. Source: ICAO 9303; synthetic-and-masking.md §6.2. */
export function maskPassport(value: string): Masked {
  const number = value.trim().toUpperCase();
  return isPassport(number) ? maskKnown(`${number.slice(0, 2)}*******`, 10 ** 7) : maskWhole();
}

function withEnds(text: string, { first, last }: KeptEnds): string {
  const hidden = text.length - first - last;
  return text.slice(0, first) + '*'.repeat(hidden) + text.slice(text.length - last);
}

/** Credit codes that agree in these ends, by counting the free places and taking off one for each check that the ends show. */
function usccCandidates({ first, last }: KeptEnds): number {
  let set = 1;
  for (let place = first; place < 16 - Math.max(0, last - 2); place += 1) set *= place >= 2 && place < 8 ? 10 : ALPHABET;
  if (last >= 1) set /= ALPHABET;
  if (last >= 2) set /= 11;
  return Math.max(1, Math.floor(set));
}
