/**
 * What a fact of an audit entry may be. There is no kind for a literal, a row, engine text or a count of people:
 * numbers of people and rows enter as bands, texts of people as digests.
 *
 * - `id`: a name or id the instance knows (letters, digits, `_ . : @ / -`, at most 200)
 * - `ids`: up to 200 of them
 * - `digest`, `digests`: SHA-256, lower-case hex
 * - `code`, `codes`: problem codes, rule ids, states
 * - `band`: a range of a count, see `countBand`
 * - `number`: a number that is policy or was chosen by the asker (k, round, requested rows, HTTP status), never one measured on data
 * - `flag`: true or false
 *
 * Source: requirements.md §7.6; architecture.md, "Conventions".
 */
export type FactKind = 'id' | 'ids' | 'digest' | 'digests' | 'code' | 'codes' | 'band' | 'number' | 'flag';

/** One auditable operation: the kind of object it is about, the operation kinds of QZ-3.1.8b it stands for, and its facts. */
export interface OperationDefinition {
  readonly object: ObjectKind;
  readonly covers: readonly CoveredOperation[];
  readonly facts: Readonly<Record<string, FactKind>>;
}

export type ObjectKind =
  | 'instance'
  | 'principal'
  | 'organisation'
  | 'key'
  | 'grant'
  | 'dataset'
  | 'load'
  | 'simulation'
  | 'job'
  | 'touch'
  | 'egress'
  | 'release'
  | 'audit'
  | 'incident'
  | 'request'
  | 'matter'
  | 'webhook'
  | 'report'
  | 'policy'
  | 'external';

/** The eight kinds that every data domain must be able to trace. Source: QZ-3.1.8b. */
export type CoveredOperation = 'converge' | 'share' | 'query' | 'compare' | 'download' | 'analyse' | 'access' | 'maintain';

/** Keeps the literal types of the facts. */
function operation<const F extends Readonly<Record<string, FactKind>>>(
  object: ObjectKind,
  facts: F,
  ...covers: readonly CoveredOperation[]
): { readonly object: ObjectKind; readonly covers: readonly CoveredOperation[]; readonly facts: F } {
  return { object, covers, facts };
}

/**
 * Every operation that can stand in the log, closed. A name is a promise like a problem code: never renamed, never
 * used again for something else. Every fact is optional; a fact not named here is refused when the entry is made.
 * Source: requirements.md §7.6.
 */
export const AUDIT_OPERATIONS = {
  'instance.start': operation('instance', { isolation: 'code', productVersion: 'id', interface: 'code' }),
  'instance.stop': operation('instance', { interface: 'code' }),
  'instance.backup': operation('instance', { size: 'number', digest: 'digest', copies: 'number' }, 'maintain'),
  'instance.key_turn': operation('instance', { purpose: 'code' }, 'maintain'),
  'instance.restore': operation('instance', { size: 'number', digest: 'digest' }, 'maintain'),
  'instance.heartbeat': operation('instance', { size: 'number', root: 'digest' }),
  'incident.outcome_missing': operation('incident', { intent: 'number', of: 'code' }),
  'principal.register': operation('principal', { organisation: 'id', roles: 'codes' }, 'maintain'),
  'principal.suspend': operation('principal', { reasonDigest: 'digest' }, 'maintain'),
  'principal.certificate': operation('principal', { fingerprint: 'digest' }, 'maintain'),
  'account.invite': operation('principal', { expiresAt: 'id' }, 'maintain'),
  'account.enrol': operation('principal', {}, 'maintain'),
  'account.sign_in': operation('principal', { recovery: 'flag', failures: 'number', lockedUntil: 'id' }, 'access'),
  'account.sign_out': operation('principal', {}, 'access'),
  'account.recover': operation('principal', {}, 'access'),
  'key.issue': operation('key', { principal: 'id', scopes: 'codes', expiresAt: 'id', replaces: 'id', overlapEnds: 'id' }, 'maintain'),
  'key.revoke': operation('key', { principal: 'id' }, 'maintain'),
  'grant.create': operation(
    'grant',
    { merchant: 'id', dataset: 'id', scenario: 'digest', tables: 'ids', endsOn: 'id', mode: 'code' },
    'share',
  ),
  'grant.revoke': operation('grant', { merchant: 'id', dataset: 'id', reasonDigest: 'digest' }, 'maintain'),
  'load.start': operation('load', { dataset: 'id', declarationDigest: 'digest', files: 'number' }, 'converge'),
  'load.done': operation(
    'load',
    {
      dataset: 'id',
      version: 'id',
      digest: 'digest',
      rowsBand: 'band',
      tables: 'ids',
      declarationDigest: 'digest',
      inputDigests: 'digests',
    },
    'converge',
    'maintain',
  ),
  'load.refused': operation('load', { dataset: 'id', problems: 'codes' }, 'converge'),
  'load.failed': operation('load', { dataset: 'id', failure: 'code' }, 'converge'),
  'dataset.publish': operation('dataset', { dataset: 'id', datasetVersion: 'id', tables: 'ids', contentDigest: 'digest' }, 'share'),
  'dataset.withdraw': operation('dataset', { version: 'id', reasonDigest: 'digest', digest: 'digest' }, 'maintain'),
  'dataset.erase': operation('dataset', { version: 'id', reasonDigest: 'digest', digest: 'digest' }, 'maintain'),
  'simulation.create': operation(
    'simulation',
    {
      dataset: 'id',
      datasetVersion: 'id',
      rows: 'number',
      seedDigest: 'digest',
      digest: 'digest',
      label: 'code',
      model: 'id',
      mode: 'code',
    },
    'share',
  ),
  'simulation.check': operation('simulation', { dataset: 'id', digest: 'digest', tables: 'ids', state: 'code' }, 'analyse'),
  'simulation.publish': operation('simulation', { dataset: 'id', digest: 'digest', state: 'code' }, 'share'),
  'simulation.withdraw': operation('simulation', { dataset: 'id', from: 'code', reasonDigest: 'digest' }, 'maintain'),
  'simulation.stale': operation('simulation', { dataset: 'id', from: 'code', schemaDigest: 'digest' }, 'maintain'),
  'simulation.preview': operation('simulation', { dataset: 'id', table: 'id', rows: 'number' }, 'access'),
  'simulation.download': operation('simulation', { dataset: 'id', table: 'id', digest: 'digest', format: 'code' }, 'download'),
  'job.submit': operation(
    'job',
    {
      dataset: 'id',
      target: 'code',
      sqlDigest: 'digest',
      shapeDigest: 'digest',
      artefactHash: 'digest',
      grant: 'id',
      tables: 'ids',
      columns: 'ids',
    },
    'query',
  ),
  'job.refuse': operation('job', { dataset: 'id', target: 'code', sqlDigest: 'digest', problems: 'codes' }, 'query'),
  'job.queue': operation('job', { dataset: 'id', target: 'code', artefactHash: 'digest' }, 'query'),
  'job.intent': operation(
    'job',
    {
      dataset: 'id',
      datasetVersion: 'id',
      datasetDigest: 'digest',
      target: 'code',
      artefactHash: 'digest',
      grant: 'id',
      tables: 'ids',
      columns: 'ids',
      k: 'number',
      isolation: 'code',
    },
    'query',
    'access',
    'compare',
    'analyse',
  ),
  'job.outcome': operation(
    'job',
    {
      dataset: 'id',
      datasetVersion: 'id',
      target: 'code',
      artefactHash: 'digest',
      state: 'code',
      verdict: 'code',
      failure: 'code',
      problems: 'codes',
      rules: 'codes',
      isolation: 'code',
      resultDigest: 'digest',
      rowsBand: 'band',
      withheldBand: 'band',
      durationBand: 'band',
    },
    'query',
    'analyse',
  ),
  'enclave.intent': operation('touch', { call: 'code', about: 'id', dataset: 'id', datasetVersion: 'id', isolation: 'code' }, 'access'),
  'enclave.outcome': operation('touch', { call: 'code', about: 'id', dataset: 'id', datasetVersion: 'id', durationBand: 'band' }, 'access'),
  'job.cancel': operation('job', { dataset: 'id', target: 'code', from: 'code' }, 'query'),
  'job.done': operation('job', { egress: 'id', state: 'code' }, 'query'),
  'privacy.spend': operation('job', { dataset: 'id', grant: 'id', rho: 'number' }, 'query'),
  'fit.spend': operation('job', { dataset: 'id', rho: 'number' }, 'maintain'),
  // figures: new sums of the job. room: how many of them the units of the dataset bear. beside: released cells it differs from by few.
  'ledger.reserve': operation(
    'job',
    { dataset: 'id', datasetVersion: 'id', rules: 'codes', figures: 'number', room: 'number', beside: 'ids' },
    'query',
    'compare',
  ),
  'ledger.reconcile': operation(
    'instance',
    { from: 'number', size: 'number', root: 'digest', jobs: 'number', datasets: 'ids', reasonDigest: 'digest' },
    'maintain',
  ),
  'ledger.expire': operation('job', { dataset: 'id' }, 'maintain'),
  'ledger.replay': operation('dataset', { k: 'number', share: 'number', pShare: 'number', after: 'number' }, 'compare'),
  'egress.create': operation(
    'egress',
    { job: 'id', dataset: 'id', contentDigest: 'digest', productKind: 'code', profile: 'id', withheldBand: 'band', state: 'code' },
    'share',
  ),
  'egress.check': operation('egress', { job: 'id', contentDigest: 'digest', state: 'code', rules: 'codes', withheldBand: 'band' }, 'share'),
  'egress.view': operation('egress', { job: 'id', contentDigest: 'digest' }, 'access'),
  'egress.vote': operation(
    'egress',
    {
      job: 'id',
      contentDigest: 'digest',
      round: 'number',
      step: 'code',
      vote: 'code',
      grounds: 'code',
      state: 'code',
      waived: 'codes',
      reasonDigest: 'digest',
    },
    'share',
  ),
  'egress.clear': operation('egress', { job: 'id', rules: 'codes', reasonDigest: 'digest' }, 'share'),
  'egress.comment': operation('egress', { job: 'id', round: 'number', visibility: 'code', textDigest: 'digest' }, 'share'),
  'egress.resubmit': operation('egress', { job: 'id', contentDigest: 'digest', round: 'number', textDigest: 'digest' }, 'share'),
  'egress.appeal': operation('egress', { job: 'id', from: 'code', state: 'code', round: 'number', reasonDigest: 'digest' }, 'share'),
  'egress.assess': operation('egress', { job: 'id', contentDigest: 'digest', referenceDigest: 'digest' }, 'share'),
  'egress.return': operation('egress', { job: 'id', round: 'number', reasonDigest: 'digest' }, 'share'),
  'egress.withdraw': operation('egress', { job: 'id', from: 'code', reasonDigest: 'digest' }, 'share'),
  'egress.file': operation('egress', { job: 'id', contentDigest: 'digest', receiptDigest: 'digest' }, 'share'),
  'egress.release': operation(
    'egress',
    {
      job: 'id',
      release: 'id',
      recipient: 'id',
      dataset: 'id',
      datasetVersion: 'id',
      contentDigest: 'digest',
      productKind: 'code',
      profile: 'id',
      firstRelease: 'id',
      files: 'digests',
      approvers: 'ids',
    },
    'share',
  ),
  'egress.mark': operation('egress', { job: 'id', contentDigest: 'digest', state: 'code', mark: 'code' }, 'maintain'),
  'egress.recall': operation('egress', { job: 'id', release: 'id', contentDigest: 'digest', reasonDigest: 'digest' }, 'share'),
  'policy.propose': operation('policy', { dataset: 'id', policy: 'id', policyDigest: 'digest' }, 'maintain'),
  'policy.decide': operation(
    'policy',
    {
      dataset: 'id',
      policy: 'id',
      version: 'number',
      policyDigest: 'digest',
      owner: 'code',
      decision: 'code',
      state: 'code',
      reasonDigest: 'digest',
    },
    'maintain',
  ),
  'external.register': operation('external', { dataset: 'id', contentDigest: 'digest' }, 'maintain'),
  'external.withdraw': operation('external', { dataset: 'id', reasonDigest: 'digest' }, 'maintain'),
  'matter.open': operation('matter', { noun: 'code', profile: 'id', fields: 'codes', bodyDigest: 'digest' }, 'maintain'),
  'matter.step': operation(
    'matter',
    {
      noun: 'code',
      step: 'code',
      from: 'code',
      to: 'code',
      role: 'code',
      profile: 'id',
      fields: 'codes',
      bodyDigest: 'digest',
      reasonDigest: 'digest',
    },
    'maintain',
  ),
  'matter.breach': operation('matter', { noun: 'code', timer: 'code', dueOn: 'id', calendar: 'id', escalatesTo: 'codes' }, 'maintain'),
  'product.call': operation(
    'release',
    { job: 'id', dataset: 'id', contentDigest: 'digest', outcome: 'code', rules: 'codes' },
    'query',
    'share',
  ),
  'product.stop': operation('release', { egress: 'id', state: 'code', reasonDigest: 'digest' }, 'maintain'),
  'verification.ask': operation(
    'release',
    { dataset: 'id', datasetVersion: 'id', keysBand: 'band', basisDigest: 'digest', outcome: 'code', rules: 'codes' },
    'compare',
  ),
  'release.token': operation('release', { egress: 'id', file: 'id', recipient: 'id', tokenDigest: 'digest', expiresAt: 'id' }, 'share'),
  'release.download': operation(
    'release',
    { egress: 'id', file: 'id', digest: 'digest', recipient: 'id', tokenDigest: 'digest' },
    'download',
  ),
  'release.trace': operation('release', { contentDigest: 'digest', accused: 'ids' }, 'compare'),
  'organisation.affiliate': operation(
    'organisation',
    { affiliate: 'id', validFrom: 'id', validTo: 'id', reasonDigest: 'digest' },
    'maintain',
  ),
  'organisation.part': operation('organisation', { affiliate: 'id', validTo: 'id', reasonDigest: 'digest' }, 'maintain'),
  'job.erase': operation('job', { dataset: 'id', agreement: 'id' }, 'maintain'),
  'report.make': operation('instance', { name: 'code', from: 'id', to: 'id' }, 'access'),
  'report.schedule': operation('report', { name: 'code', rhythm: 'code', dataset: 'id' }, 'maintain'),
  'report.unschedule': operation('report', { name: 'code' }, 'maintain'),
  'report.keep': operation('report', { name: 'code', from: 'id', to: 'id', dataset: 'id', organisation: 'id', digest: 'digest' }, 'share'),
  'report.fetch': operation('report', { name: 'code', digest: 'digest' }, 'download'),
  'webhook.register': operation('webhook', { urlDigest: 'digest', kinds: 'codes' }, 'maintain'),
  'webhook.end': operation('webhook', {}, 'maintain'),
  'webhook.ping': operation('webhook', { notice: 'id' }, 'share'),
  'webhook.deliver': operation(
    'webhook',
    { delivery: 'id', notice: 'id', kind: 'code', state: 'code', attempts: 'number', failure: 'code' },
    'share',
  ),
  'audit.read': operation('audit', { after: 'number', limit: 'number' }, 'access'),
  'audit.verify': operation('audit', { verified: 'flag', faults: 'codes' }, 'access'),
  'audit.rebuild': operation('audit', { entries: 'number', chainHead: 'digest', algorithm: 'code' }, 'maintain'),
  'audit.trace': operation('audit', { id: 'id', found: 'number' }, 'access'),
  'audit.search': operation('audit', { filters: 'codes', found: 'number', saved: 'id' }, 'access'),
  'audit.search_save': operation('audit', { name: 'id', filterDigest: 'digest' }, 'maintain'),
  'audit.signals': operation('audit', { signals: 'codes' }, 'access'),
  'audit.receipt': operation('audit', { entry: 'number' }, 'access'),
  'audit.export': operation('audit', { format: 'code', from: 'number', to: 'number', digest: 'digest', destination: 'id' }, 'share'),
  'audit.prune': operation('audit', { before: 'id', classes: 'codes', ranges: 'ids', entries: 'number' }, 'maintain'),
  'audit.hold': operation('audit', { hold: 'id', reasonDigest: 'digest' }, 'maintain'),
  'audit.unhold': operation('audit', { hold: 'id', reasonDigest: 'digest' }, 'maintain'),
  'audit.open_request': operation('job', { opening: 'id', reasonDigest: 'digest' }, 'access'),
  'audit.open_approve': operation('job', { opening: 'id', requestedBy: 'id' }, 'access'),
  'audit.open': operation('job', { opening: 'id', approvedBy: 'id', textDigest: 'digest' }, 'access'),
  'auth.refused': operation('request', { action: 'code', problem: 'code', objectKind: 'code', objectId: 'id', route: 'id' }, 'access'),
} as const satisfies Readonly<Record<string, OperationDefinition>>;

export type AuditOperation = keyof typeof AUDIT_OPERATIONS;
