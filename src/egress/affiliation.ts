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
  const inForce = terms.filter(({ validFrom, validTo }) => (validFrom ?? day) <= day && day <= (validTo ?? day));
  return [...new Set(inForce.flatMap((term) => otherOf(term, organisation)))].sort();
}

function otherOf(term: AffiliationTerm, organisation: string): readonly string[] {
  if (term.organisation === organisation) return [term.affiliate];
  return term.affiliate === organisation ? [term.organisation] : [];
}
