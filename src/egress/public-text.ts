import type { ReleaseTable } from './release-content.ts';

/** Shorter texts and numbers stand in every sentence. */
const SHORTEST_TEXT = 2;
const FEWEST_DIGITS = 3;

/**
 * Whether words meant for the merchant repeat a cell of what he may not see yet: a text of two characters or more, or a number of
 * three digits or more, as it is written or grouped by commas. A coarse guard against slips of people who have the content before
 * them; does not find what is said in other words.
 * Source: egress-rules.md §1 item 2 (the verdict itself is egress).
 */
export function quotesResult(text: string, table: ReleaseTable): boolean {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/(?<=\d)[,，'](?=\d{3})/g, '');
  const numbers = new Set(plain.match(/\d+(?:\.\d+)?/g) ?? []);
  return table.rows.some((row) =>
    row.some((cell) => {
      if (cell === null || typeof cell === 'boolean') return false;
      const shown = String(cell).normalize('NFKC').toLowerCase().trim();
      if (/^-?\d+(?:\.\d+)?$/.test(shown)) {
        const digits = shown.replace('-', '');
        return digits.replace('.', '').length >= FEWEST_DIGITS && numbers.has(digits);
      }
      return shown.length >= SHORTEST_TEXT && plain.includes(shown);
    }),
  );
}
