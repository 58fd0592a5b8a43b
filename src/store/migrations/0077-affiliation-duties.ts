import { createDutyTrigger, dropDutyTrigger } from '../duty-triggers.ts';
import type { Migration } from './migration.ts';

/* S6 by the day of the vote, and terms of affiliations that nobody takes out or rewrites. Source: requirements.md §6.2 S6; ADR 0033. */

const ORGANISATIONS = '(e.organisation, j.organisation)';
const PAIR = (other: string): string => `((a.organisation = ${other} and a.affiliate in ${ORGANISATIONS})
      or (a.affiliate = ${other} and a.organisation in ${ORGANISATIONS}))`;

/** As in 0067, but only what was in force on `day`, the day of the vote in Asia/Shanghai. */
function notIndependent(day: string): string {
  const affiliated = (other: string): string => `exists (select 1 from affiliation_terms a where ${PAIR(other)}
      and (a.valid_from = '' or a.valid_from <= ${day}) and (a.valid_to = '' or a.valid_to >= ${day}))`;
  return `exists (select 1 from egress_requests e join jobs j on j.id = e.job where e.id = new.egress and (
    new.voter in (e.merchant, j.merchant) or new.organisation in ${ORGANISATIONS} or ${affiliated('new.organisation')}
    or exists (select 1 from principals p where p.id = new.voter and (p.organisation in ${ORGANISATIONS} or ${affiliated('p.organisation')}))))`;
}

/** All of a term stays as it is but an end that was open, which is written once. */
const TERM_CHANGED = `old.valid_to <> '' or new.valid_to = '' or new.organisation <> old.organisation or new.affiliate <> old.affiliate
  or new.ordinal <> old.ordinal or new.valid_from <> old.valid_from`;

export const AFFILIATION_DUTIES: Migration = {
  name: '0077-affiliation-duties',
  async up(db) {
    await dropDutyTrigger(db, { name: 'duty_vote_insert', table: 'votes' });
    await createDutyTrigger(db, {
      name: 'duty_vote_insert',
      table: 'votes',
      on: 'insert',
      rule: 'S6',
      refuses: {
        sqlite: notIndependent("date(new.at, '+8 hours')"),
        postgres: notIndependent("to_char((new.at::timestamptz at time zone 'UTC') + interval '8 hours', 'YYYY-MM-DD')"),
      },
    });
    const terms = { table: 'affiliation_terms', rule: 'S6' } as const;
    await createDutyTrigger(db, { ...terms, name: 'duty_term_fixed', on: 'update', refuses: TERM_CHANGED });
    await createDutyTrigger(db, { ...terms, name: 'duty_term_kept', on: 'delete', refuses: '1 = 1' });
  },
};
