/**
 * What stands together in a merge of two cities' rules, and what is stricter: `min`, `max` of numbers; `union`,
 * `intersection` of sets; `strictest` of an ordered list, weakest first; `and`, `or` of flags. `perCity`: each city's own
 * rule holds for its own part, and a lower layer simply replaces an upper one.
 */
export type ProfileRule = 'min' | 'max' | 'union' | 'intersection' | 'strictest' | 'and' | 'or' | 'perCity';

export type ProfileValue = number | boolean | string | readonly string[];

/** One key of a jurisdiction profile. `preset` holds where every layer is silent; null: no rule then. */
export interface ProfileKey {
  readonly meaning: string;
  readonly rule: ProfileRule;
  readonly kind: 'number' | 'flag' | 'word' | 'words';
  /** The closed list of words; for `strictest` from the weakest to the strictest. */
  readonly words?: readonly string[];
  readonly preset: ProfileValue | null;
}

const number = (rule: 'min' | 'max' | 'perCity', meaning: string, preset: number | null): ProfileKey => ({
  meaning,
  rule,
  kind: 'number',
  preset,
});
const flag = (rule: 'and' | 'or' | 'perCity', meaning: string, preset: boolean): ProfileKey => ({ meaning, rule, kind: 'flag', preset });
const ordered = (meaning: string, preset: string, ...words: readonly string[]): ProfileKey => ({
  meaning,
  rule: 'strictest',
  kind: 'word',
  words,
  preset,
});
const set = (rule: 'union' | 'intersection', meaning: string, preset: readonly string[], ...more: readonly string[]): ProfileKey => ({
  meaning,
  rule,
  kind: 'words',
  words: [...new Set([...preset, ...more])],
  preset,
});
const own = (meaning: string, preset: string | null, ...more: readonly string[]): ProfileKey => ({
  meaning,
  rule: 'perCity',
  kind: 'word',
  words: [...(preset === null ? [] : [preset]), ...more],
  preset,
});

const SEVEN_KINDS = ['masked_dataset', 'api', 'indicator', 'report', 'model_algorithm', 'application', 'service'] as const;
const FOUR_DOMAINS = ['data_security', 'network_security', 'personal_information', 'trade_secret'] as const;
const SEVEN_GROUNDS = [
  'expiry',
  'own_request',
  'breach',
  'hazard_not_fixed',
  'evaluation_failed',
  'law_or_policy_change',
  'other_illegality',
] as const;
const LOGGED = ['converge', 'share', 'query', 'compare', 'download', 'analyse', 'access', 'update'] as const;

/**
 * Every key there is; a profile with another key is refused. Sets of duties (`subject.gate`, `data.shared_in`) are
 * unions: all of them must be met. Source: requirements.md §4.3 (columns "Project default if silent" and "Merge"), §4.4.
 */
export const PROFILE_KEYS = {
  'meta.status': own('legal status of the text', null, 'draft', 'in_force', 'in_force_trial', 'placeholder'),
  'meta.valid_years': number('perCity', 'validity of the measure itself, not of agreements', null),
  'meta.parent': own('rules layers above', null, 'national>province>city', 'national>province', 'national>city'),
  'meta.district_override': flag('perCity', 'a district may refine the rules', false),
  'authorisation.mode': ordered('unit of authorisation', 'scenario', 'whole', 'field', 'scenario'),
  'authorisation.grantor': own(
    'who signs with the data user',
    'operator',
    'government_authority',
    'public_body_filed_with_city',
    'implementing_body',
  ),
  'authorisation.decision_body': set(
    'union',
    'bodies that must decide before signing',
    ['review_route'],
    'coordination_mechanism',
    'leading_group',
    'municipal_government',
    'collective_decision',
  ),
  'authorisation.emergency_plan': ordered(
    'what an emergency plan is for',
    'per_authorisation',
    'per_scenario_class',
    'in_plan_and_agreement',
    'per_authorisation',
    'per_authorisation_with_drill',
  ),
  'term.max_years': number('min', 'longest term of an agreement', null),
  'term.cap_modality': ordered('force of that cap', 'hard', 'soft_normally', 'soft_in_principle', 'hard'),
  'term.renewal': ordered('what happens at expiry', 'reapply', 'by_agreement', 'renew_or_exit_clause', 'reapply'),
  'onboarding.decision_wd': number('min', 'working days to register or refuse', 5),
  'onboarding.anomaly_report_wd': number('min', 'working days to report a refusal or credit anomaly', 3),
  'onboarding.staff_gate': set(
    'union',
    'what a person needs before entering the domain',
    ['realname', 'nda'],
    'training',
    'filed_vetted',
    'operator_staff_filed',
    'core_approved',
  ),
  'application.review_wd': number('min', 'working days for each reviewing body', 5),
  'application.reviewers': set(
    'union',
    'who reviews a use application; with ?: where the route of the dataset says so',
    ['source', 'supervisor'],
    'source?',
    'district?',
    'supervisor?',
    'experts',
    'coordination',
    'government',
  ),
  'share.reply_wd': number('min', 'working days to answer a request of conditional sharing', null),
  'share.implement_wd': number('min', 'working days to implement it, from the answer', null),
  'share.uncatalogued_confirm_wd': number('min', 'working days to confirm a demand for data not in the catalogue', null),
  'catalogue.update_wd': number('min', 'working days to update an entry after a change of law or function', 15),
  'catalogue.approve_wd': number('min', 'working days to approve an entry', 5),
  'sandbox.sim_preview': ordered('simulation data before an application', 'off', 'with_supervisor_grant', 'off'),
  'sandbox.dev_stage': ordered('when development access opens', 'after_agreement', 'lab_before_authorisation', 'after_agreement'),
  'sandbox.trial_max_months': number('min', 'longest laboratory stage', null),
  'sandbox.trial_fee': number('perCity', 'fee of the laboratory', null),
  'sandbox.sim_before_real': ordered('a real run only after a simulation run', 'required', 'optional', 'required'),
  'sandbox.compute_modes': set('intersection', 'declared ways of computing', ['centralised'], 'mpc', 'federated', 'tee'),
  'data.refuse_if': set('union', 'what is not taken in', ['state_secret', 'work_secret', 'open_prohibited'], 'fails_4_tests'),
  'data.shared_in': set(
    'union',
    'data obtained from another body by sharing',
    ['needs_provider_consent'],
    'banned_from_own_open_catalogue',
  ),
  'data.registration_required': flag('or', 'resources are registered before operation', false),
  'subject.gate': set('union', 'before personal or secret data are used', ['mask_or_consent'], 'consent', 'mask', 'no_infringement_test'),
  'subject.kinds': set(
    'union',
    'whose interests count',
    ['natural', 'legal', 'unincorporated'],
    'personal_information',
    'privacy',
    'trade_secret',
  ),
  'masking.accepted_risk_percent': number(
    'min',
    'highest chance of re-identification, in percent, that a masked dataset may leave with',
    5,
  ),
  'masking.rule_owner': set(
    'union',
    'whose masking rules bind',
    ['city_data_authority'],
    'operator_ruleset_agreed_by_authority',
    'operator_governance_rules',
  ),
  'desecret.rule_owner': set('union', 'whose de-secreting rules bind', ['secrecy_authority']),
  'raw_export.public_source_exempt': flag('and', 'lawfully public raw data may leave, once that is proved', false),
  'egress.product_kinds': set('intersection', 'kinds that may leave', SEVEN_KINDS, 'business_service', 'component', 'other'),
  'egress.approvers': set(
    'union',
    'steps of approval after the automatic gate',
    ['operator_check', 'supervisor_filing'],
    'authority_expert_review',
    'secrecy_review',
    'risk_assessment',
    'security_review',
    'business_compliance_review',
  ),
  'egress.approvers_needed': number('max', 'different people who approve an egress request', 2),
  'egress.filing_mode': ordered('filing before release', 'receipt_before_release', 'notify_only', 'receipt_before_release'),
  'egress.check_domains': set('union', 'domains of the compliance check', FOUR_DOMAINS, 'compliance', 'security'),
  'egress.reversibility_check': ordered('check for ways back to raw data', 'required', 'optional', 'required'),
  'egress.linkage_check': ordered('check for accumulation over releases', 'required', 'optional', 'required'),
  'egress.aggregation_k': number('max', 'smallest group that is shown; no seed gives a number', 10),
  'sod.operator_merchant': ordered('may the operator develop products', 'separated', 'same_unit_allowed', 'no_redevelopment', 'separated'),
  'logs.audit': flag('or', 'every act stands in the audit log', true),
  'logs.audit_retention_months': number('max', 'months an entry is kept', 36),
  'logs.network_after_end_months': number('max', 'months network logs are kept after termination', 6),
  'logs.operations': set('union', 'operations that must be logged', [...LOGGED, 'egress', 'admin']),
  'termination.close_and_delete': ordered(
    'access closed and data deleted at the end',
    'required',
    'revoke_authorisation',
    'required',
    'required_promptly',
  ),
  'termination.grounds': set('union', 'coded grounds of termination', SEVEN_GROUNDS, 'by_agreement', 'refusal_to_rectify'),
  'timeouts.approve': flag('and', 'a time limit that passes approves', false),
  'filing.agreement_target': set(
    'union',
    'where an agreement is filed',
    [],
    'provincial_government',
    'city_data_authority',
    'city_data_office',
  ),
  'filing.agreement_wd': number('min', 'working days to file an agreement', 5),
  'registration.cert_years': number('min', 'validity of a certificate', null),
  'registration.renew_window_days': number('perCity', 'calendar days before expiry in which it is renewed', null),
  'registration.accept_wd': number('perCity', 'working days to accept a registration; text of the nation', null),
  'registration.review_wd': number('perCity', 'working days to review it; text of the nation', null),
  'registration.publicity_wd': number('perCity', 'working days of publicity; text of the nation', null),
  'registration.objection_wd': number('perCity', 'working days to answer an objection; text of the nation', null),
  'appeal.supervisor_wd': number('min', 'working days until the authority has the file', 15),
  'appeal.authority_wd': number('min', 'working days until the authority decides', 30),
  'quality.deadline': ordered('how the limit of a quality ticket is set', 'set_period', 'set_period', 'fixed'),
  'quality.ticket_wd': number('min', 'working days to answer a quality ticket', 5),
  'open.reply_wd': number('min', 'working days to answer a request of conditional opening', null),
  'trade.venue': ordered('duty to trade on an exchange', 'in_principle', 'allowed', 'recommended', 'in_principle', 'mandatory'),
  'price.industry': own('industrial use', 'paid', 'conditionally_paid', 'compute_cost_borne', 'government_guided_cost_plus'),
  'price.public': own('public governance and welfare', 'conditionally_free'),
  'evaluation.cycle_years': number('min', 'years between evaluations', 1),
  'evaluation.grades': {
    meaning: 'grades of an evaluation',
    rule: 'perCity',
    kind: 'words',
    words: ['excellent', 'pass', 'fail'],
    preset: ['excellent', 'pass', 'fail'],
  },
  'report.annual_basis': own('start of the year that is counted', 'anniversary', 'within_term', 'each_full_year_of_operation'),
  'security.baseline': set(
    'union',
    'baseline of protection',
    ['mlps_3', 'cryptography_law', 'pipl', 'encrypted_backup'],
    'classification_grading',
    'encrypted_local_and_offsite_backup',
    'backup_restore',
    'emergency',
    'crypto',
    'domestic_stack',
  ),
} as const satisfies Readonly<Record<string, ProfileKey>>;

export type ProfileKeyName = keyof typeof PROFILE_KEYS;

/** The key of that name, or null: unknown keys have no rule. */
export function profileKey(name: string): ProfileKey | null {
  return Object.hasOwn(PROFILE_KEYS, name) ? PROFILE_KEYS[name as ProfileKeyName] : null;
}
