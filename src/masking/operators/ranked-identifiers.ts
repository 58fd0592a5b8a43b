import { isResidentId, makeResidentId, normaliseResidentId, PROVINCE_CODES } from '../../identifiers/resident-id.ts';
import { isUscc, makeUscc, USCC_ALPHABET } from '../../identifiers/uscc.ts';

/** Identifiers of one kind, numbered from 0 without gaps. */
export interface RankedKind {
  readonly size: bigint;
  /** Undefined for what is not one of the numbered. */
  readonly rank: (text: string) => bigint | undefined;
  readonly unrank: (rank: bigint) => string;
}

/** Provinces, and the special regions and Taiwan that residence permits name. */
const PROVINCES: readonly string[] = [...PROVINCE_CODES, '81', '82', '83'];
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(1900, 0, 1) / DAY_MS;
const DAYS = BigInt(Date.UTC(2050, 0, 1) / DAY_MS - FIRST_DAY);
const REGIONS_OF_PROVINCE = 10_000n;
const SEQUENCES = 1000n;

/** Resident IDs by region, day of birth (1900 to 2049) and sequence. Source: GB 11643-1999; synthetic-and-masking.md §8 (rank the whole ID). */
export const RANKED_RESIDENT_IDS: RankedKind = {
  size: BigInt(PROVINCES.length) * REGIONS_OF_PROVINCE * DAYS * SEQUENCES,
  rank: (text) => {
    const id = normaliseResidentId(text);
    const province = PROVINCES.indexOf(id.slice(0, 2));
    if (!isResidentId(id) || province < 0) return undefined;
    const day = BigInt(Date.UTC(Number(id.slice(6, 10)), Number(id.slice(10, 12)) - 1, Number(id.slice(12, 14))) / DAY_MS - FIRST_DAY);
    if (day < 0n || day >= DAYS) return undefined;
    return ((BigInt(province) * REGIONS_OF_PROVINCE + BigInt(id.slice(2, 6))) * DAYS + day) * SEQUENCES + BigInt(id.slice(14, 17));
  },
  unrank: (rank) => {
    const sequence = Number(rank % SEQUENCES);
    const day = Number((rank / SEQUENCES) % DAYS);
    const region = rank / SEQUENCES / DAYS;
    const province = PROVINCES[Number(region / REGIONS_OF_PROVINCE)] ?? '';
    return makeResidentId({
      region: province + String(region % REGIONS_OF_PROVINCE).padStart(4, '0'),
      birthDate: new Date((day + FIRST_DAY) * DAY_MS).toISOString().slice(0, 10),
      sequence,
    });
  },
};

const RADIX = 31n;
const BODY_SIZE = RADIX ** 8n;
const REGIONS = 1_000_000n;

/** Credit codes by category, region and organisation. Source: GB 32100-2015, GB 11714-1997. */
export const RANKED_USCCS: RankedKind = {
  size: RADIX ** 2n * REGIONS * BODY_SIZE,
  rank: (text) => {
    if (!isUscc(text)) return undefined;
    return (read31(text.slice(0, 2)) * REGIONS + BigInt(text.slice(2, 8))) * BODY_SIZE + read31(text.slice(8, 16));
  },
  unrank: (rank) => {
    const head = rank / BODY_SIZE;
    return makeUscc({
      category: write31(head / REGIONS, 2),
      region: String(head % REGIONS).padStart(6, '0'),
      body: write31(rank % BODY_SIZE, 8),
    });
  },
};

function read31(text: string): bigint {
  return [...text].reduce((value, character) => value * RADIX + BigInt(USCC_ALPHABET.indexOf(character)), 0n);
}

function write31(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = USCC_ALPHABET.charAt(Number(rest % RADIX)) + text;
    rest /= RADIX;
  }
  return text;
}
