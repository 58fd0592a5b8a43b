import { createDutyTrigger, type DutyTrigger } from '../duty-triggers.ts';
import type { Migration } from './migration.ts';

/*
 * Separation of duties as rules of the store: a mistake of the code, or another program, is refused too. Source: requirements.md §6.2, S1–S9;
 * tracker issue 5 ("constraints of the store as well as checks of the code, affiliates included").
 */

const PUBLIC_ROLES = ['operator', 'supervisor', 'auditor', 'authority', 'council', 'registry', 'secrecy'];
/** What nobody holds together; as in src/identity/separation-of-duties.ts when this was made. */
const EXCLUSIVE: readonly (readonly [string, string, readonly string[]])[] = [
  ['S1', 'merchant', PUBLIC_ROLES],
  ['S3', 'source', ['authority']],
  ['S7', 'auditor', ['operator', 'supervisor', 'source', 'authority', 'expert', 'secrecy']],
  ['S8', 'operator', ['supervisor', 'authority']],
  ['S9', 'operator', ['secrecy']],
];

const holds = (role: string): string => `new.roles like '%"${role}"%'`;
const together = (role: string, others: readonly string[]): string => `(${holds(role)} and (${others.map(holds).join(' or ')}))`;
const ROLES_TOGETHER = EXCLUSIVE.map(([, role, others]) => together(role, others)).join(' or ');

/** The other side of the organisation, by its people or by what it was put down as. */
const OTHER_SIDE = `
  (${holds('merchant')} and (
    exists (select 1 from organisation_sides s where s.organisation = new.organisation and s.side = 'public')
    or exists (select 1 from principals p where p.organisation = new.organisation and p.id <> new.id
      and (${PUBLIC_ROLES.map((role) => `p.roles like '%"${role}"%'`).join(' or ')}))))
  or ((${PUBLIC_ROLES.map(holds).join(' or ')}) and (
    exists (select 1 from organisation_sides s where s.organisation = new.organisation and s.side = 'merchant')
    or exists (select 1 from principals p where p.organisation = new.organisation and p.id <> new.id and p.roles like '%"merchant"%')))`;

/** The voter made it, belongs to who made it, or to somebody affiliated with it; or may not write at all. */
const NOT_INDEPENDENT = `
  exists (select 1 from egress_requests e join jobs j on j.id = e.job where e.id = new.egress and (
    new.voter in (e.merchant, j.merchant) or new.organisation in (e.organisation, j.organisation)
    or exists (select 1 from affiliations a where (a.organisation = new.organisation and a.affiliate in (e.organisation, j.organisation))
      or (a.affiliate = new.organisation and a.organisation in (e.organisation, j.organisation)))
    or exists (select 1 from principals p where p.id = new.voter and (p.organisation in (e.organisation, j.organisation)
      or exists (select 1 from affiliations a where (a.organisation = p.organisation and a.affiliate in (e.organisation, j.organisation))
        or (a.affiliate = p.organisation and a.organisation in (e.organisation, j.organisation)))))))`;
/** A vote is not rewritten into another one; who cast it may have been affiliated since. */
const VOTE_CHANGED =
  'new.egress <> old.egress or new.round <> old.round or new.voter <> old.voter or new.organisation <> old.organisation or new.vote <> old.vote or new.content_digest <> old.content_digest';
const READS_ONLY = `exists (select 1 from principals p where p.id = new.voter and p.roles like '%"auditor"%')`;

/** Fewer than two people approved these bytes in this round. */
const TOO_FEW = `new.state = 'RELEASED' and old.state <> 'RELEASED' and (
  select count(distinct v.voter) from votes v
  where v.egress = new.id and v.round = new.round and v.vote = 'approve' and v.content_digest = new.content_digest) < 2`;

/** Who proposed decides, or one person decides for both sides. */
const OWN_POLICY = {
  sqlite: `exists (select 1 from json_each(new.record, '$.decisions') d where json_extract(d.value, '$.by') = json_extract(new.record, '$.proposedBy.id'))
    or (select count(*) - count(distinct json_extract(d.value, '$.by')) from json_each(new.record, '$.decisions') d) > 0`,
  postgres: `exists (select 1 from jsonb_array_elements(new.record::jsonb -> 'decisions') d where d ->> 'by' = new.record::jsonb #>> '{proposedBy,id}')
    or (select count(*) - count(distinct d ->> 'by') from jsonb_array_elements(new.record::jsonb -> 'decisions') d) > 0`,
};

const NO_MERCHANT = `exists (select 1 from principals p where p.id = new.merchant and p.roles not like '%"merchant"%')`;

/** Who is suspended keeps his roles: that must always be possible. */
const changed = (condition: string): string => `(new.roles <> old.roles or new.organisation <> old.organisation) and (${condition})`;

const TRIGGERS: readonly DutyTrigger[] = [
  { name: 'duty_roles_insert', table: 'principals', on: 'insert', rule: 'S1, S3, S7, S8, S9', refuses: ROLES_TOGETHER },
  { name: 'duty_roles_update', table: 'principals', on: 'update', rule: 'S1, S3, S7, S8, S9', refuses: changed(ROLES_TOGETHER) },
  { name: 'duty_side_insert', table: 'principals', on: 'insert', rule: 'S1', refuses: OTHER_SIDE },
  { name: 'duty_side_update', table: 'principals', on: 'update', rule: 'S1', refuses: changed(OTHER_SIDE) },
  { name: 'duty_side_fixed', table: 'organisation_sides', on: 'update', rule: 'S1', refuses: 'new.side <> old.side' },
  { name: 'duty_grant', table: 'grants', on: 'insert', rule: 'S4', refuses: NO_MERCHANT },
  { name: 'duty_vote_insert', table: 'votes', on: 'insert', rule: 'S6', refuses: NOT_INDEPENDENT },
  { name: 'duty_vote_fixed', table: 'votes', on: 'update', rule: 'S6', refuses: VOTE_CHANGED },
  { name: 'duty_auditor', table: 'votes', on: 'insert', rule: 'S7', refuses: READS_ONLY },
  { name: 'duty_two_people', table: 'egress_requests', on: 'update', rule: 'S6', refuses: TOO_FEW },
  { name: 'duty_policy_insert', table: 'mask_policies', on: 'insert', rule: 'S8, S9', refuses: OWN_POLICY },
  { name: 'duty_policy_update', table: 'mask_policies', on: 'update', rule: 'S8, S9', refuses: OWN_POLICY },
  {
    name: 'duty_opening',
    table: 'audit_openings',
    on: 'update',
    rule: 'S8',
    refuses: 'new.approved_by is not null and new.approved_by = new.requested_by',
  },
];

export const DUTIES: Migration = {
  name: '0067-duties',
  async up(db) {
    for (const trigger of TRIGGERS) await createDutyTrigger(db, trigger);
  },
};
