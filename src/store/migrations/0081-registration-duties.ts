import { createDutyTrigger, type DutyTrigger } from '../duty-triggers.ts';
import type { Migration } from './migration.ts';

/*
 * Who may stand behind a registration, as rules of the store over the one JSON text of a proceeding. Source: requirements.md §6.2, S2 (CQ-OP-22) and
 * S5 (CQ-REG-14), affiliates that were declared included, in both directions.
 */

interface Dialect {
  /** Text of a field of the row, null where it has none. */
  readonly field: (row: 'new' | 'old', name: string) => string;
  /** `select` of the values of a list field of the new row. */
  readonly each: (name: string) => string;
  readonly differ: string;
  /** Day of the change in Asia/Shanghai. */
  readonly day: string;
}

const SQLITE: Dialect = {
  field: (row, name) => `json_extract(${row}.body, '$.fields.${name}')`,
  each: (name) => `select l.value from json_each(new.body, '$.fields.${name}') l`,
  differ: 'is not',
  day: "date(new.updated_at, '+8 hours')",
};
const POSTGRES: Dialect = {
  field: (row, name) => `(${row}.body::jsonb #>> '{fields,${name}}')`,
  each: (name) => `select l.value from jsonb_array_elements_text(coalesce(new.body::jsonb #> '{fields,${name}}', '[]')) l`,
  differ: 'is distinct from',
  day: "to_char((new.updated_at::timestamptz at time zone 'UTC') + interval '8 hours', 'YYYY-MM-DD')",
};

const holding = (role: string): string => `select p.organisation as party from principals p where p.roles like '%"${role}"%'`;
/** One of `parties` is `other`, or belonged together with it on that day. */
const related = ({ day }: Dialect, parties: string, other: string): string => `exists (select 1 from (${parties}) q where q.party = ${other}
  or exists (select 1 from affiliation_terms a where (a.valid_from = '' or a.valid_from <= ${day}) and (a.valid_to = '' or a.valid_to >= ${day})
    and ((a.organisation = q.party and a.affiliate = ${other}) or (a.affiliate = q.party and a.organisation = ${other}))))`;

function registrants({ each }: Dialect): string {
  return `select new.organisation as party union ${each('jointRegistrants')}`;
}

/** The evidence comes from the registrant's or the registry's own side while it is put down as a third party's. */
function evidenceRelated(dialect: Dialect): string {
  const provider = dialect.field('new', 'evidenceProvider');
  const parties = `${registrants(dialect)} union ${holding('registry')}`;
  return `new.noun = 'certificate' and ${provider} is not null and ${related(dialect, parties, provider)}`;
}

/** A product made from a delivered one is registered by the operator who delivered it, or by somebody who belongs to an operator. */
function operatorDevelops(dialect: Dialect): string {
  const operators = `exists (select 1 from (${holding('operator')}) o where ${related(dialect, registrants(dialect), 'o.party')})`;
  return `new.noun = 'certificate' and ${dialect.field('new', 'parentProduct')} is not null and ${operators}`;
}

/** Affiliations that were declared later do not stop a proceeding from being ended: what counts is looked at when it is put down. */
function changed(dialect: Dialect, field: string, condition: string): string {
  const { field: of, differ } = dialect;
  const either = [field, 'jointRegistrants'].map((name) => `${of('new', name)} ${differ} ${of('old', name)}`).join(' or ');
  return `(${either}) and ${condition}`;
}

function both(name: string, rule: string, field: string, condition: (dialect: Dialect) => string): readonly DutyTrigger[] {
  const of = (dialect: Dialect) => condition(dialect);
  const update = (dialect: Dialect) => changed(dialect, field, condition(dialect));
  return [
    { name: `${name}_insert`, table: 'matters', on: 'insert', rule, refuses: { sqlite: of(SQLITE), postgres: of(POSTGRES) } },
    { name: `${name}_update`, table: 'matters', on: 'update', rule, refuses: { sqlite: update(SQLITE), postgres: update(POSTGRES) } },
  ];
}

const TRIGGERS = [
  ...both('duty_evidence', 'S5', 'evidenceProvider', evidenceRelated),
  ...both('duty_redevelopment', 'S2', 'parentProduct', operatorDevelops),
];

export const REGISTRATION_DUTIES: Migration = {
  name: '0081-registration-duties',
  async up(db) {
    for (const trigger of TRIGGERS) await createDutyTrigger(db, trigger);
  },
};
