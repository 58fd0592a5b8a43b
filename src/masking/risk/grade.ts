import { DEFAULT_MASKING_RULES } from '../masking-rules.ts';

/** 1 directly identifying, 2 quasi-identifiers with more risk than accepted, 3 less; 4 would be aggregates, which no table of records is. */
export type Grade = 1 | 2 | 3;

/** Risk that is accepted, unless the profile says otherwise. Not verified against the standard's text, so it is a value of the profile. Source: GB/T 42460-2023 §6.3; synthetic-and-masking.md §10. */
export const ACCEPTED_RISK: number = DEFAULT_MASKING_RULES.acceptedRisk;

/** The grade of a table of records. `risk`: the highest or the average chance, times the chance of the attack. Source: GB/T 42460-2023 §4 (分级); synthetic-and-masking.md §10. */
export function gradeOf(hasDirectIdentifiers: boolean, risk: number, accepted: number): Grade {
  if (hasDirectIdentifiers) return 1;
  return risk <= accepted ? 3 : 2;
}
