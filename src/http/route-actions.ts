import { ACTOR_ROLES, type ActorRole } from '../identity/actor.ts';
import { type Action, PERMISSIONS, type Scope } from '../identity/permissions.ts';
import type { Permission } from './plugins/identity.ts';

/**
 * Operation behind a route → the action that it asks for first. `self`: whoever is known may look at himself.
 * The check itself stands in the operation; that this table tells the truth is tested against the real operations.
 */
const ACTION_OF: Readonly<Partial<Record<Permission, Action | 'self'>>> = {
  uploadInboxFile: 'dataset.load',
  readMetrics: 'metrics.read',
  whoAmI: 'self',
  inviteAccount: 'principal.manage',
  registerMerchant: 'principal.manage',
  listMerchants: 'principal.manage',
  declareAffiliation: 'principal.manage',
  endAffiliation: 'principal.manage',
  listAffiliations: 'principal.manage',
  startLoad: 'dataset.load',
  showLoad: 'load.read',
  listDatasets: 'dataset.read',
  showDataset: 'dataset.read',
  withdrawVersion: 'dataset.withdraw',
  simulate: 'simulation.create',
  simulationsUnderWay: 'simulation.create',
  listSimulations: 'simulation.read',
  showSimulation: 'simulation.read',
  simulationKit: 'simulation.download',
  previewSimulation: 'simulation.read',
  simulationFile: 'simulation.download',
  checkSimulation: 'simulation.manage',
  publishSimulation: 'simulation.manage',
  withdrawSimulation: 'simulation.manage',
  fitModel: 'simulation.fit',
  measureFidelity: 'simulation.fit',
  showFitBudget: 'simulation.read',
  trainModel: 'job.submit',
  scoreModel: 'job.submit',
  listModels: 'job.read',
  showModel: 'job.read',
  proposeMaskPolicy: 'policy.propose',
  listMaskPolicies: 'policy.read',
  showMaskPolicy: 'policy.read',
  decideMaskPolicy: 'policy.decide',
  maskDataset: 'masked.create',
  hashSubject: 'matter.open',
  registerExternalData: 'external.manage',
  listExternalData: 'external.read',
  withdrawExternalData: 'external.manage',
  createGrant: 'grant.manage',
  listGrants: 'job.read',
  submitJob: 'job.submit',
  listJobs: 'job.read',
  showJob: 'job.read',
  jobEvents: 'job.read',
  cancelJob: 'job.cancel',
  listEgress: 'egress.read',
  showEgress: 'egress.read',
  approve: 'egress.vote',
  reject: 'egress.vote',
  returnToMerchant: 'egress.vote',
  resubmit: 'egress.resubmit',
  comment: 'egress.comment',
  clear: 'egress.clear',
  assess: 'egress.assess',
  file: 'egress.file',
  withdraw: 'egress.withdraw',
  recall: 'egress.recall',
  appeal: 'egress.appeal',
  decideAppeal: 'egress.appeal.decide',
  release: 'egress.release',
  showRelease: 'release.read',
  releaseFile: 'release.download',
  issueDownloadToken: 'release.download',
  traceCopy: 'release.trace',
  listNotices: 'notice.read',
  createApi: 'product.create',
  createVerification: 'product.create',
  callApi: 'product.call',
  verifyKeys: 'product.call',
  stopProduct: 'product.stop',
  makeReport: 'report.read',
  scheduleReport: 'report.schedule',
  listReportSchedules: 'report.schedule',
  endReportSchedule: 'report.schedule',
  listKeptReports: 'report.kept',
  fetchKeptReport: 'report.kept',
  createWebhook: 'webhook.manage',
  listWebhooks: 'webhook.manage',
  showWebhook: 'webhook.manage',
  endWebhook: 'webhook.manage',
  pingWebhook: 'webhook.manage',
  listDeliveries: 'webhook.manage',
  createKey: 'key.manage',
  listKeys: 'key.manage',
  rotateKey: 'key.manage',
  revokeKey: 'key.manage',
  replayLedger: 'ledger.replay',
  auditEntries: 'audit.read',
  searchAudit: 'audit.read',
  traceAudit: 'audit.read',
  auditSignals: 'audit.read',
  verifyAudit: 'audit.verify',
  auditReceipt: 'audit.read',
  auditCheckpoint: 'audit.verify',
  queryText: 'audit.read',
  requestOpening: 'audit.open',
  approveOpening: 'audit.open',
  openQueryText: 'audit.open',
  exportAudit: 'audit.export',
  pruneAudit: 'audit.keep',
  holdAudit: 'audit.keep',
  releaseAuditHold: 'audit.keep',
  openMatter: 'matter.open',
  listMatters: 'matter.read',
  showMatter: 'matter.read',
  stepMatter: 'matter.step',
  listMatterNotices: 'matter.read',
};

/** Who may use a route: the action of src/identity/permissions.ts, and the reach of each role that has it. */
export interface RoutePermission {
  readonly permission: Action | 'self' | 'public';
  /** Roles that are not named are refused. Empty for `self` and `public`. */
  readonly roles: Readonly<Partial<Record<ActorRole, Scope>>>;
}

/** What stands at a route of the OpenAPI document. Throws for an operation that has no action: it cannot be documented. */
export function routePermission(operation: Permission | undefined): RoutePermission {
  if (operation === undefined) return { permission: 'public', roles: {} };
  const action = ACTION_OF[operation];
  if (action === undefined) throw new Error(`No action is named for ${operation}`);
  if (action === 'self') return { permission: 'self', roles: {} };
  const roles = ACTOR_ROLES.flatMap((role) => {
    const scope = PERMISSIONS[role][action];
    return scope === undefined ? [] : [[role, scope] as const];
  });
  return { permission: action, roles: Object.fromEntries(roles) };
}
