import { createHash } from 'node:crypto';

/** SHA-256 of a text, lower-case hex: how words of people (reasons, receipts, SQL) stand in the log. */
export function textDigest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * A count as a range that is safe to keep: `0`, `1–9`, `10–99`, `100–999`, … Never the count.
 * Source: requirements.md §7.6 ("banded").
 */
export function countBand(count: number): string {
  if (!(count > 0)) return '0';
  const digits = Math.floor(count).toString().length;
  return `${10 ** (digits - 1)}–${10 ** digits - 1}`;
}

/** A duration as a range: `<1s`, `1–9s`, `10–99s`, `100–999s`, … */
export function durationBand(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 1 ? '<1s' : `${countBand(seconds)}s`;
}
