import { listOf } from '../governance/field.ts';
import type { StoreView } from './ports.ts';

/** What a job, a request or a release rests on; absent: not known or not looked at. */
export interface HeldParts {
  readonly merchant: string;
  readonly organisation?: string | undefined;
  readonly dataset: string;
  readonly basis?: string | undefined;
}

/** States of an incident in which nothing is contained yet, or no more. */
const OPEN_HANDED: readonly string[] = ['DETECTED', 'FALSE_ALARM', 'CLOSED'];

/**
 * Whether an incident that is not closed has contained any of these. People, agreements and products that were suspended stay so after
 * it until somebody says otherwise; this holds what has no state of its own: a merchant without admission, grants without an
 * agreement, a dataset that was loaded anew. Drills hold nothing. Source: requirements.md §5.10; QZ-6.4a.
 */
export async function isContained(view: Pick<StoreView, 'matters'>, parts: HeldParts): Promise<boolean> {
  const incidents = await view.matters.list({ noun: 'incident' });
  return incidents.some(({ state, fields }) => {
    if (OPEN_HANDED.includes(state) || fields['drill'] === true) return false;
    const names = (field: string, value: string | undefined): boolean => value !== undefined && listOf(fields[field]).includes(value);
    return (
      names('persons', parts.merchant) ||
      names('merchants', parts.organisation) ||
      names('datasets', parts.dataset) ||
      names('agreements', parts.basis)
    );
  });
}
