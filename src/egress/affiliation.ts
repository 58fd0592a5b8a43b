import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';

/** Two organisations that belong together, and in which days. Never removed; an end is written once. */
export interface AffiliationTerm {
  readonly organisation: string;
  readonly affiliate: string;
  /** First day (`YYYY-MM-DD`, Asia/Shanghai); null: nobody knows since when, so always. */
  readonly validFrom: string | null;
  /** Last day; null: to this day. */
  readonly validTo: string | null;
}

/**
 * Who belongs with an organisation at an instant (ISO 8601), whichever of the two was named first. What is judged is the day of the act: neither
 * an affiliation that ended before it nor one that began after it counts. Source: requirements.md §6.2 S1, S6 (affiliates declared and checked).
 */
export function affiliatesAt(terms: readonly AffiliationTerm[], organisation: string, at: string): readonly string[] {
  const day = shanghaiDate(new Date(at));
  return affiliatesWithin(terms, organisation, { from: day, to: day });
}

/**
 * Who belongs with an organisation on any of these days (`YYYY-MM-DD`, Asia/Shanghai, both included): what is counted over a time belongs to all of
 * them, also where the affiliation ended meanwhile. Source: requirements.md §6.2 S1, S6; ADR 0036.
 */
export function affiliatesWithin(
  terms: readonly AffiliationTerm[],
  organisation: string,
  { from, to }: { readonly from: string; readonly to: string },
): readonly string[] {
  const inForce = terms.filter(({ validFrom, validTo }) => (validFrom ?? to) <= to && from <= (validTo ?? from));
  return [...new Set(inForce.flatMap((term) => otherOf(term, organisation)))].sort();
}

function otherOf(term: AffiliationTerm, organisation: string): readonly string[] {
  if (term.organisation === organisation) return [term.affiliate];
  return term.affiliate === organisation ? [term.organisation] : [];
}
