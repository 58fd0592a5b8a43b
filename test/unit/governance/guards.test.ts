import { describe, expect, test } from 'vitest';
import { profileCatalogue } from '../../../src/catalog/profiles/profile-catalogue.ts';
import type { Fields } from '../../../src/governance/field.ts';
import { GUARDS, type GuardName } from '../../../src/governance/guards.ts';
import type { Matter } from '../../../src/governance/matter.ts';

const CATALOGUE = profileCatalogue();
const PERSON = { id: 'p', organisation: 'them', roles: ['expert'] as const };

function matter(noun: string, state: string, fields: Fields = {}, more: Partial<Matter> = {}): Matter {
  const times = { openedAt: '', updatedAt: '' };
  return {
    id: `the-${noun}`,
    noun,
    state,
    revision: 1,
    organisation: 'us',
    author: 'me',
    profile: 'x',
    city: 'GZ',
    fields,
    timers: [],
    steps: [],
    ...times,
    ...more,
  };
}

function problems(guard: GuardName, about: Matter, city: string, related: readonly Matter[], today: string): readonly string[] {
  const profile = CATALOGUE.resolve(city);
  if (!profile.ok) throw new Error(city);
  return GUARDS[guard]({ matter: about, actor: PERSON, today, profile: profile.value, related }).map((item) => item.code);
}

interface Case {
  readonly guard: GuardName;
  readonly about: string;
  readonly fields?: Fields;
  readonly city?: string;
  readonly related?: readonly Matter[];
  readonly today?: string;
  readonly refused?: string;
}

const TERM = { startsOn: '2026-03-02', endsOn: '2027-03-01' };
const TEN = {
  duties: 'd',
  scenario: 's',
  datasets: ['a'],
  endsOn: '2027-03-01',
  conditions: 'c',
  security: 's',
  fees: 'f',
  trade: 't',
  grounds: 'g',
  breach: 'b',
};
const VALID = { validFrom: '2026-03-02', validUntil: '2029-03-01' };
const APPROVED = matter('use-application', 'APPROVED', { scenario: 's', datasets: ['a', 'b'] }, { id: 'app' });
const REGISTERED = matter('certificate', 'VALID', { dataset: 'a' });

const CASES: readonly Case[] = [
  { guard: 'merchant_registered', about: 'GZ-14b a registered merchant', related: [matter('onboarding', 'REGISTERED')] },
  {
    guard: 'merchant_registered',
    about: 'GZ-14b a suspended one',
    related: [matter('onboarding', 'SUSPENDED')],
    refused: 'matter.merchant_not_registered',
  },
  {
    guard: 'merchant_registered',
    about: 'somebody else’s registration',
    related: [matter('onboarding', 'REGISTERED', {}, { organisation: 'x' })],
    refused: 'matter.merchant_not_registered',
  },
  { guard: 'all_conditions_pass', about: 'GZ-14a all passed', fields: { creditPassed: true, technicalPassed: true, securityPassed: true } },
  {
    guard: 'all_conditions_pass',
    about: 'GZ-14a one not',
    fields: { creditPassed: true, technicalPassed: false, securityPassed: true },
    refused: 'matter.fields_missing',
  },
  { guard: 'agreements_closed', about: 'GZ-14d all closed', related: [matter('agreement', 'CLOSED')] },
  {
    guard: 'agreements_closed',
    about: 'GZ-14d one in force',
    related: [matter('agreement', 'EFFECTIVE')],
    refused: 'matter.agreements_open',
  },
  {
    guard: 'four_domains_pass',
    about: 'GZ-15 four of four',
    fields: { domainsPassed: ['data_security', 'network_security', 'personal_information', 'trade_secret'] },
  },
  {
    guard: 'four_domains_pass',
    about: 'GZ-15 three of four',
    fields: { domainsPassed: ['data_security', 'network_security', 'trade_secret'] },
    refused: 'matter.domains_not_passed',
  },
  { guard: 'all_reviewers_passed', about: 'GZ-19c nobody has spoken', fields: { route: ['source'] }, refused: 'matter.reviews_missing' },
  { guard: 'reviewers_named', about: 'GZ-5c departments named', fields: { route: ['source'], sources: ['dept'] } },
  { guard: 'reviewers_named', about: 'GZ-5c not named', fields: { route: ['source'] }, refused: 'matter.fields_missing' },
  { guard: 'reviewer_on_route', about: 'GZ-19a an expert on the route', fields: { route: ['expert'] } },
  { guard: 'reviewer_on_route', about: 'GZ-19a not on it', fields: { route: ['source'] }, refused: 'matter.not_on_route' },
  {
    guard: 'application_approved',
    about: 'GZ-20b the same scenario and data',
    fields: { application: 'app', scenario: 's', datasets: ['a'] },
    related: [APPROVED],
  },
  {
    guard: 'application_approved',
    about: 'GZ-27e another scenario',
    fields: { application: 'app', scenario: 'z', datasets: ['a'] },
    related: [APPROVED],
    refused: 'matter.application_not_approved',
  },
  {
    guard: 'application_approved',
    about: 'more data',
    fields: { application: 'app', scenario: 's', datasets: ['a', 'c'] },
    related: [APPROVED],
    refused: 'matter.application_not_approved',
  },
  {
    guard: 'application_approved',
    about: 'of another merchant',
    fields: { application: 'app', scenario: 's', datasets: ['a'] },
    related: [{ ...APPROVED, organisation: 'x' }],
    refused: 'matter.application_not_approved',
  },
  { guard: 'clauses_complete', about: 'GZ-20c ten clauses', fields: TEN },
  { guard: 'clauses_complete', about: 'GZ-20c nine', fields: { ...TEN, trade: '' }, refused: 'matter.fields_missing' },
  {
    guard: 'clauses_complete',
    about: 'CQ-OP-16b the ten of Guangzhou are not the twelve of Chongqing',
    fields: TEN,
    city: 'CQ',
    refused: 'matter.fields_missing',
  },
  { guard: 'term_within_cap', about: 'NB-16 three years', fields: { startsOn: '2026-03-02', endsOn: '2029-03-01' }, city: 'NB' },
  {
    guard: 'term_within_cap',
    about: 'NB-16 a day more',
    fields: { startsOn: '2026-03-02', endsOn: '2029-03-02' },
    city: 'NB',
    refused: 'matter.term_too_long',
  },
  { guard: 'term_within_cap', about: 'no cap in Guangzhou', fields: { startsOn: '2026-03-02', endsOn: '2039-03-02' } },
  {
    guard: 'term_within_cap',
    about: 'the end before the start',
    fields: { startsOn: '2026-03-02', endsOn: '2026-03-01' },
    refused: 'matter.field_invalid',
  },
  { guard: 'term_within_cap', about: 'no term', refused: 'matter.fields_missing' },
  {
    guard: 'plan_filed',
    about: 'NB-25, CQ-OP-10 a filed plan',
    fields: { plan: 'p1' },
    related: [matter('emergency-plan', 'FILED', {}, { id: 'p1' })],
  },
  {
    guard: 'plan_filed',
    about: 'NB-25 a draft',
    fields: { plan: 'p1' },
    related: [matter('emergency-plan', 'DRAFT', {}, { id: 'p1' })],
    refused: 'matter.plan_missing',
  },
  { guard: 'decision_recorded', about: 'NB-15a minutes', fields: { decisionRef: 'm1' }, city: 'NB' },
  { guard: 'decision_recorded', about: 'NB-15a none', city: 'NB', refused: 'matter.decision_missing' },
  { guard: 'decision_recorded', about: 'none wanted in Guangzhou' },
  { guard: 'filing_recorded', about: 'CQ-OP-17 filed', fields: { filingNo: 'f' }, city: 'CQ' },
  { guard: 'filing_recorded', about: 'CQ-OP-17 not filed', city: 'CQ', refused: 'matter.filing_missing' },
  { guard: 'resources_registered', about: 'CQ-REG-8, CQ-OP-9 registered', fields: { datasets: ['a'] }, city: 'CQ', related: [REGISTERED] },
  {
    guard: 'resources_registered',
    about: 'CQ-REG-8 not',
    fields: { datasets: ['a', 'b'] },
    city: 'CQ',
    related: [REGISTERED],
    refused: 'matter.not_registered_resource',
  },
  {
    guard: 'resources_registered',
    about: 'CQ-REG-8 a lapsed certificate',
    fields: { datasets: ['a'] },
    city: 'CQ',
    related: [{ ...REGISTERED, state: 'CANCELLED' }],
    refused: 'matter.not_registered_resource',
  },
  { guard: 'resources_registered', about: 'no registration in Guangzhou', fields: { datasets: ['a'] } },
  { guard: 'ground_known', about: 'CQ-OP-23 one of seven', fields: { ground: 'evaluation_failed' }, city: 'CQ' },
  {
    guard: 'ground_known',
    about: 'CQ-OP-23 none of seven',
    fields: { ground: 'refusal_to_rectify' },
    city: 'CQ',
    refused: 'matter.ground_unknown',
  },
  { guard: 'term_running', about: 'GZ-20b the first day', fields: TERM },
  { guard: 'term_running', about: 'the day before', fields: TERM, today: '2026-03-01', refused: 'matter.field_invalid' },
  { guard: 'term_running', about: 'the day after', fields: TERM, today: '2027-03-02', refused: 'matter.field_invalid' },
  { guard: 'deletion_certified', about: 'NB-17a certified', fields: { certificateDigest: 'a', holdUntil: '2029-01-01' } },
  { guard: 'deletion_certified', about: 'NB-17a not', refused: 'matter.data_not_deleted' },
  { guard: 'hold_over', about: 'QZ-3.1.8b over', fields: { holdUntil: '2026-03-01' } },
  { guard: 'hold_over', about: 'QZ-3.1.8b its last day', fields: { holdUntil: '2026-03-02' }, refused: 'matter.hold_not_over' },
  { guard: 'laboratory_within_cap', about: 'NB-12b six months', fields: { startsOn: '2026-03-02', endsOn: '2026-09-02' }, city: 'NB' },
  {
    guard: 'laboratory_within_cap',
    about: 'NB-12b a day more',
    fields: { startsOn: '2026-03-02', endsOn: '2026-09-03' },
    city: 'NB',
    refused: 'matter.laboratory_too_long',
  },
  {
    guard: 'laboratory_within_cap',
    about: 'none elsewhere',
    fields: { startsOn: '2026-03-02', endsOn: '2026-04-02' },
    refused: 'matter.no_laboratory',
  },
  { guard: 'hearing_recorded', about: 'GZ-35b heard', fields: { hearing: 'all' } },
  { guard: 'hearing_recorded', about: 'GZ-35b not', refused: 'matter.hearing_missing' },
  {
    guard: 'party_to_subject',
    about: 'GZ-35a his own',
    fields: { subjectKind: 'onboarding_result', subject: 'the-onboarding' },
    related: [matter('onboarding', 'REFUSED')],
  },
  {
    guard: 'party_to_subject',
    about: 'GZ-35a of others',
    fields: { subjectKind: 'onboarding_result', subject: 'the-onboarding' },
    related: [matter('onboarding', 'REFUSED', {}, { organisation: 'x' })],
    refused: 'matter.not_a_party',
  },
  { guard: 'party_to_subject', about: 'GZ-35a rules of the platform', fields: { subjectKind: 'platform_rules', subject: 'r' } },
  { guard: 'certificate_within_term', about: 'CQ-REG-17b three years', fields: VALID, city: 'CQ' },
  {
    guard: 'certificate_within_term',
    about: 'CQ-REG-17b a day more',
    fields: { ...VALID, validUntil: '2029-03-02' },
    city: 'CQ',
    refused: 'matter.certificate_too_long',
  },
  {
    guard: 'certificate_within_term',
    about: 'CQ-REG-18b beyond the authorised term',
    fields: { ...VALID, authorisedUntil: '2028-01-01' },
    city: 'CQ',
    refused: 'matter.certificate_too_long',
  },
  { guard: 'renewal_follows_on', about: 'CQ-REG-18b the day after', fields: { previousUntil: '2026-03-01', validFrom: '2026-03-02' } },
  {
    guard: 'renewal_follows_on',
    about: 'CQ-REG-18b a gap',
    fields: { previousUntil: '2026-03-01', validFrom: '2026-03-03' },
    refused: 'matter.field_invalid',
  },
  {
    guard: 'staff_gate_passed',
    about: 'NB-18 four of four',
    fields: { trainedOn: '2026-01-01', realNameRef: 'r', vettingRef: 'v', confidentialityRef: 'c' },
    city: 'NB',
  },
  {
    guard: 'staff_gate_passed',
    about: 'NB-18 three',
    fields: { trainedOn: '2026-01-01', realNameRef: 'r', vettingRef: 'v' },
    city: 'NB',
    refused: 'matter.staff_gate',
  },
  {
    guard: 'staff_gate_passed',
    about: 'QZ-3.2 core staff approved',
    fields: { trainedOn: '2026-01-01', filingRef: 'f', coreApprovalRef: 'c' },
    city: 'QZ',
  },
  { guard: 'staff_gate_passed', about: 'CQ-REG-11 real name', fields: { realNameRef: 'r' }, city: 'CQ' },
  { guard: 'staff_gate_passed', about: 'CQ-REG-11 none', city: 'CQ', refused: 'matter.staff_gate' },
  {
    guard: 'admission_tests_pass',
    about: 'CQ-OP-5a four of four',
    fields: { admissionPassed: ['national_security', 'public_interest', 'trade_secret', 'privacy'] },
    city: 'CQ',
  },
  { guard: 'admission_tests_pass', about: 'CQ-OP-5a none', city: 'CQ', refused: 'matter.domains_not_passed' },
  {
    guard: 'may_be_operated',
    about: 'GZ-2 personal information',
    fields: { sensitivity: 'personal_information', openness: 'conditional' },
  },
  {
    guard: 'may_be_operated',
    about: 'GZ-2 a work secret',
    fields: { sensitivity: 'work_secret', openness: 'conditional' },
    refused: 'matter.data_refused',
  },
  {
    guard: 'may_be_operated',
    about: 'NB-4b barred from opening',
    fields: { sensitivity: 'none', openness: 'none' },
    city: 'NB',
    refused: 'matter.data_refused',
  },
];

describe('guards', () => {
  test.each(CASES)('$guard: $about', ({ guard, fields, city, related, today, refused }) => {
    const found = problems(guard, matter('x', 'X', fields), city ?? 'GZ', related ?? [], today ?? '2026-03-02');
    expect(found).toEqual(refused === undefined ? [] : [refused]);
  });

  test('each can refuse', () => {
    const refusing = new Set(CASES.filter((item) => item.refused !== undefined).map((item) => item.guard));
    const untried = (Object.keys(GUARDS) as GuardName[]).filter((guard) => !refusing.has(guard));
    expect(untried).toEqual(['one_opinion_each']); // which needs steps: below
  });

  test('S6: one person gives one opinion in a round', () => {
    const step = { step: 'review', from: 'OPEN', to: 'OPEN', actor: 'p', organisation: 'them', role: 'expert', at: '', reason: null };
    expect(problems('one_opinion_each', matter('x', 'OPEN', {}, { steps: [step] }), 'GZ', [], '2026-03-02')).toEqual([
      'access.separation_of_duties',
    ]);
    expect(problems('one_opinion_each', matter('x', 'OPEN', {}, { steps: [{ ...step, actor: 'q' }] }), 'GZ', [], '2026-03-02')).toEqual([]);
  });
});
