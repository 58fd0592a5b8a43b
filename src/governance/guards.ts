import { ruleNumber, ruleWords } from '../catalog/profiles/profile-catalogue.ts';
import type { ResolvedProfile } from '../catalog/profiles/resolve-profile.ts';
import type { Actor } from '../identity/actor.ts';
import { addDays, addMonths } from '../kernel/calendar/shanghai-date.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { isFilled, listOf } from './field.ts';
import { type Matter, stepsSince } from './matter.ts';

/** What a guard may look at. `matter` already has the fields that the step sets. */
export interface GuardContext {
  readonly matter: Matter;
  readonly actor: Pick<Actor, 'id' | 'organisation' | 'roles'> | null;
  /** Day in Asia/Shanghai. */
  readonly today: string;
  readonly profile: ResolvedProfile;
  /** Matters that this one names in its fields, and every matter of its organisation. */
  readonly related: readonly Matter[];
}

type Guard = (context: GuardContext) => readonly Problem[];

/** Four domains that a compliance check covers. Source: GZ-15. */
const FOUR_DOMAINS = ['data_security', 'network_security', 'personal_information', 'trade_secret'] as const;

/**
 * Clauses without which an agreement is not signed, by who signs it. Source: requirements.md §7.2 (GZ-20c: ten, CQ-OP-16b: twelve);
 * elsewhere what every city needs to bind a grant.
 */
const CLAUSES: Readonly<Record<string, readonly string[]>> = {
  operator: ['duties', 'scenario', 'datasets', 'endsOn', 'conditions', 'security', 'fees', 'trade', 'grounds', 'breach'],
  implementing_body: [
    'datasets',
    'endsOn',
    'products',
    'ownership',
    'disclosure',
    'accounting',
    'security',
    'evaluation',
    'breach',
    'dispute',
    'grounds',
    'other',
  ],
};
const CLAUSES_ELSEWHERE = ['scenario', 'datasets', 'endsOn', 'security', 'breach', 'grounds'] as const;

/**
 * Every condition a step can have, by name; each gives the problems that stand in its way.
 * Source: requirements.md §5 (guards), §6.2 (S1, S6), §7.
 */
export const GUARDS = {
  /** GZ-14b, GZ-4d: the merchant is registered and not suspended. */
  merchant_registered: ({ matter, related }) => {
    const registered = related.some(
      (item) => item.noun === 'onboarding' && item.organisation === matter.organisation && item.state === 'REGISTERED',
    );
    return registered ? [] : [problem('matter.merchant_not_registered', { organisation: matter.organisation })];
  },
  /** GZ-14a: credit, technical and security conditions were checked and passed. */
  all_conditions_pass: ({ matter }) => {
    const missing = ['creditPassed', 'technicalPassed', 'securityPassed'].filter((field) => matter.fields[field] !== true);
    return missing.length === 0 ? [] : [problem('matter.fields_missing', { fields: missing })];
  },
  /** §5.1: all agreements are closed before a merchant leaves. */
  agreements_closed: ({ matter, related }) => {
    const open = related.filter(
      (item) =>
        item.noun === 'agreement' && item.organisation === matter.organisation && !['CLOSED', 'LOGS_HELD', 'DRAFT'].includes(item.state),
    );
    return open.length === 0 ? [] : [problem('matter.agreements_open', { agreements: open.map((item) => item.id) })];
  },
  /** GZ-15: the four domains of the check were all passed. */
  four_domains_pass: ({ matter }) => {
    const passed = listOf(matter.fields['domainsPassed']);
    const missing = FOUR_DOMAINS.filter((domain) => !passed.includes(domain));
    return missing.length === 0 ? [] : [problem('matter.domains_not_passed', { domains: missing })];
  },
  /** GZ-19: every body of the route has passed it in this round. */
  all_reviewers_passed: ({ matter }) => {
    const given = stepsSince(matter, 'review', 'IN_REVIEW').map((item) => item.role);
    const missing = listOf(matter.fields['route']).filter((body) => !given.includes(body));
    return missing.length === 0 ? [] : [problem('matter.reviews_missing', { bodies: missing })];
  },
  /** GZ-19: the actor's body is on the route and has not spoken in this round. */
  reviewer_on_route: ({ matter, actor }) => {
    const route = listOf(matter.fields['route']);
    const role = actor?.roles.find((item) => route.includes(item));
    const given = stepsSince(matter, 'review', 'IN_REVIEW').map((item) => item.role);
    return role !== undefined && !given.includes(role) ? [] : [problem('matter.not_on_route', { route })];
  },
  /** GZ-5c: where source departments review, they are named. */
  reviewers_named: ({ matter }) =>
    listOf(matter.fields['route']).includes('source') && !isFilled(matter.fields['sources'])
      ? [problem('matter.fields_missing', { fields: ['sources'] })]
      : [],
  /** S6, NB-14: an opinion is given by somebody who has not given one in this round. */
  one_opinion_each: ({ matter, actor }) =>
    stepsSince(matter, 'review', matter.state).some((item) => item.actor === actor?.id)
      ? [problem('access.separation_of_duties', { rule: 'S6' })]
      : [],
  /** GZ-20b: the application that the agreement rests on is approved, of the same merchant, for the same scenario. */
  application_approved: ({ matter, related }) => {
    const application = related.find((item) => item.id === matter.fields['application']);
    const fits =
      application?.noun === 'use-application' &&
      ['APPROVED', 'SIGNED'].includes(application.state) &&
      application.organisation === matter.organisation &&
      application.fields['scenario'] === matter.fields['scenario'] &&
      listOf(matter.fields['datasets']).every((dataset) => listOf(application.fields['datasets']).includes(dataset));
    return fits ? [] : [problem('matter.application_not_approved', {})];
  },
  /** GZ-20c, CQ-OP-16b: every clause the city asks for is filled. */
  clauses_complete: ({ matter, profile }) => {
    const grantor = ruleWords(profile, 'authorisation.grantor')[0] ?? '';
    const clauses = CLAUSES[grantor] ?? CLAUSES_ELSEWHERE;
    const missing = clauses.filter((clause) => !isFilled(matter.fields[clause]));
    return missing.length === 0 ? [] : [problem('matter.fields_missing', { fields: missing })];
  },
  /** NB-16, CQ-OP-16c: the cap on the term; where it is soft, a recorded reason goes beyond it. */
  term_within_cap: ({ matter, profile }) => {
    const [start, end] = [matter.fields['startsOn'], matter.fields['endsOn']];
    if (typeof start !== 'string' || typeof end !== 'string') return [problem('matter.fields_missing', { fields: ['startsOn', 'endsOn'] })];
    if (end < start) return [problem('matter.field_invalid', { field: 'endsOn', keyword: 'before its start' })];
    const cap = ruleNumber(profile, 'term.max_years');
    if (cap === null || end <= addDays(addMonths(start, 12 * cap), -1)) return [];
    const soft = ruleWords(profile, 'term.cap_modality')[0] !== 'hard';
    return soft && isFilled(matter.fields['termOverride']) ? [] : [problem('matter.term_too_long', { years: cap })];
  },
  /** NB-25, GZ-28b, CQ-OP-10: an emergency plan is filed. */
  plan_filed: ({ matter, related }) => {
    const plan = related.find((item) => item.id === matter.fields['plan']);
    return plan?.noun === 'emergency-plan' && ['FILED', 'DRILLED'].includes(plan.state) ? [] : [problem('matter.plan_missing', {})];
  },
  /** NB-5, NB-15a, CQ-OP-16a: where the city wants a decision, its minutes are named. */
  decision_recorded: ({ matter, profile }) => {
    const bodies = ruleWords(profile, 'authorisation.decision_body').filter((body) => body !== 'review_route');
    return bodies.length === 0 || isFilled(matter.fields['decisionRef']) ? [] : [problem('matter.decision_missing', { bodies })];
  },
  /** CQ-OP-17, QY-40b, NB-15b: where the city wants the agreement filed, it is. */
  filing_recorded: ({ matter, profile }) => {
    const targets = ruleWords(profile, 'filing.agreement_target');
    return targets.length === 0 || isFilled(matter.fields['filingNo']) ? [] : [problem('matter.filing_missing', { targets })];
  },
  /** CQ-REG-8: where the city wants resources registered, a certificate of the resource is valid. */
  resources_registered: ({ matter, profile, related }) => {
    if (profile.rules['data.registration_required'].value !== true) return [];
    const valid = related.filter((item) => item.noun === 'certificate' && ['VALID', 'RENEWABLE'].includes(item.state));
    const registered = valid.flatMap((item) => listOf(item.fields['dataset']));
    const missing = listOf(matter.fields['datasets']).filter((dataset) => !registered.includes(dataset));
    return missing.length === 0 ? [] : [problem('matter.not_registered_resource', { datasets: missing })];
  },
  /** CQ-OP-23: the ground is one that the city knows. */
  ground_known: ({ matter, profile }) => {
    const grounds = ruleWords(profile, 'termination.grounds');
    return grounds.includes(String(matter.fields['ground'])) || grounds.includes('by_agreement')
      ? []
      : [problem('matter.ground_unknown', { grounds })];
  },
  /** GZ-20b: today is within the term. */
  term_running: ({ matter, today }) => {
    const { startsOn, endsOn } = matter.fields;
    const running = typeof startsOn === 'string' && typeof endsOn === 'string' && startsOn <= today && today <= endsOn;
    return running ? [] : [problem('matter.field_invalid', { field: 'startsOn', keyword: 'today is not within the term' })];
  },
  /** NB-17a: the instance itself destroyed what was there and wrote the certificate. */
  deletion_certified: ({ matter }) =>
    isFilled(matter.fields['certificateDigest']) && isFilled(matter.fields['holdUntil']) ? [] : [problem('matter.data_not_deleted', {})],
  /** QZ-3.1.8b, NB-17a: logs were held as long as they must be. */
  hold_over: ({ matter, today }) => {
    const until = matter.fields['holdUntil'];
    return typeof until === 'string' && today > until ? [] : [problem('matter.hold_not_over', {})];
  },
  /** NB-12b: a laboratory lasts no longer than the city says, and costs nothing there. */
  laboratory_within_cap: ({ matter, profile }) => {
    const months = ruleNumber(profile, 'sandbox.trial_max_months');
    if (months === null || !ruleWords(profile, 'sandbox.dev_stage').includes('lab_before_authorisation'))
      return [problem('matter.no_laboratory', {})];
    const [start, end] = [matter.fields['startsOn'], matter.fields['endsOn']];
    const within = typeof start === 'string' && typeof end === 'string' && end >= start && end <= addMonths(start, months);
    return within ? [] : [problem('matter.laboratory_too_long', { months })];
  },
  /** GZ-35b: everybody concerned was heard, and that is on record. */
  hearing_recorded: ({ matter }) => (isFilled(matter.fields['hearing']) ? [] : [problem('matter.hearing_missing', {})]),
  /** GZ-35a: the appellant is a party to what he appeals against. */
  party_to_subject: ({ matter, related }) => {
    if (matter.fields['subjectKind'] === 'platform_rules') return [];
    const subject = related.find((item) => item.id === matter.fields['subject']);
    const known = subject === undefined ? matter.fields['subjectKind'] === 'egress_result' : subject.organisation === matter.organisation;
    return known ? [] : [problem('matter.not_a_party', {})];
  },
  /** CQ-REG-17b, CQ-REG-18b: no longer than the city's years and the authorised term, and not past. */
  certificate_within_term: ({ matter, profile, today }) => {
    const years = ruleNumber(profile, 'registration.cert_years');
    const { validFrom, validUntil, authorisedUntil } = matter.fields;
    if (typeof validFrom !== 'string' || typeof validUntil !== 'string')
      return [problem('matter.fields_missing', { fields: ['validFrom', 'validUntil'] })];
    const capped = years === null || validUntil <= addDays(addMonths(validFrom, 12 * years), -1);
    const authorised = typeof authorisedUntil !== 'string' || validUntil <= authorisedUntil;
    return capped && authorised && validUntil >= today ? [] : [problem('matter.certificate_too_long', { years: years ?? 0 })];
  },
  /** CQ-REG-18b: a renewal starts the day after the previous end. */
  renewal_follows_on: ({ matter }) => {
    const { validFrom, previousUntil } = matter.fields;
    return typeof previousUntil === 'string' && validFrom === addDays(previousUntil, 1)
      ? []
      : [problem('matter.field_invalid', { field: 'validFrom', keyword: 'the day after previousUntil' })];
  },
  /** NB-18, QZ-3.2, CQ-REG-11: everything the city asks of a person before he enters the domain. */
  staff_gate_passed: ({ matter, profile }) => {
    const missing = ruleWords(profile, 'onboarding.staff_gate').filter((gate) => !isFilled(matter.fields[STAFF_FIELDS[gate] ?? gate]));
    return missing.length === 0 ? [] : [problem('matter.staff_gate', { gates: missing })];
  },
  /** CQ-OP-5a: a resource endangers none of four interests. */
  admission_tests_pass: ({ matter, profile }) => {
    if (!ruleWords(profile, 'data.refuse_if').includes('fails_4_tests')) return [];
    const passed = listOf(matter.fields['admissionPassed']);
    const missing = ['national_security', 'public_interest', 'trade_secret', 'privacy'].filter((test) => !passed.includes(test));
    return missing.length === 0 ? [] : [problem('matter.domains_not_passed', { domains: missing })];
  },
  /** NB-4b, GZ-2: what the city takes in at all. */
  may_be_operated: ({ matter, profile }) => {
    const refused = ruleWords(profile, 'data.refuse_if');
    const label = String(matter.fields['sensitivity']);
    const prohibited = matter.fields['openness'] === 'none' && refused.includes('open_prohibited');
    return refused.includes(label) || prohibited ? [problem('matter.data_refused', { label })] : [];
  },
} as const satisfies Readonly<Record<string, Guard>>;

const STAFF_FIELDS: Readonly<Record<string, string>> = {
  training: 'trainedOn',
  realname: 'realNameRef',
  filed_vetted: 'vettingRef',
  nda: 'confidentialityRef',
  operator_staff_filed: 'filingRef',
  core_approved: 'coreApprovalRef',
};

export type GuardName = keyof typeof GUARDS;
