import { isResidentId, SAFE_PREFECTURE } from '../identifiers/resident-id.ts';
import { isUscc } from '../identifiers/uscc.ts';
import { mixedBits, streamKey } from './draw.ts';
import { MARKS, REALISTIC_MARKS } from './identifier-sql.ts';

export interface WatermarkFinding {
  /** Identifiers looked at: valid resident IDs and credit codes. */
  readonly examined: number;
  readonly marked: number;
  /** How many would be marked by chance. */
  readonly expected: number;
  /** Whether the set is the source, beyond reasonable doubt (one in a million). */
  readonly recognised: boolean;
}

/** The stream that marks identifiers of one simulation set: who knows its seed recognises its rows. Own design: ADR 0016. */
export function watermarkStream(seed: string): string {
  return streamKey(seed, 'watermark');
}

/**
 * Whether identifiers found somewhere come from the simulation set with this seed: in each, some digits are a keyed function
 * of the others, which happens by chance once in 99 (safe), or once in 10 (realistic). Looks at nothing else of a row.
 * Source: synthetic-and-masking.md §3.1 (watermark); Own design: ADR 0016.
 */
export function recogniseWatermark(identifiers: readonly string[], seed: string): WatermarkFinding {
  const stream = watermarkStream(seed);
  let [examined, marked, expected, variance] = [0, 0, 0, 0];
  for (const text of new Set(identifiers)) {
    const chance = markChance(text);
    if (chance === 0) continue;
    examined += 1;
    expected += chance;
    variance += chance * (1 - chance);
    if (isMarked(text, stream)) marked += 1;
  }
  const recognised = examined >= 3 && marked - expected > 5 * Math.sqrt(variance) + 1;
  return { examined, marked, expected, recognised };
}

function markChance(text: string): number {
  if (isResidentId(text)) return text.slice(2, 4) === SAFE_PREFECTURE ? 1 / MARKS : 1 / REALISTIC_MARKS;
  return isUscc(text) && text.slice(4, 6) === SAFE_PREFECTURE ? 1 / MARKS : 0;
}

function isMarked(text: string, stream: string): boolean {
  if (!isResidentId(text)) {
    const index = BigInt(text.slice(8, 16));
    return (mixedBits(stream, index) % BigInt(MARKS)) + 1n === BigInt(text.slice(6, 8));
  }
  const digits = BigInt(text.slice(0, 17));
  if (text.slice(2, 4) === SAFE_PREFECTURE) {
    const county = BigInt(text.slice(4, 6));
    return (mixedBits(stream, digits - county * 100_000_000_000n) % BigInt(MARKS)) + 1n === county;
  }
  const last = digits % BigInt(REALISTIC_MARKS);
  return mixedBits(stream, digits - last) % BigInt(REALISTIC_MARKS) === last;
}
