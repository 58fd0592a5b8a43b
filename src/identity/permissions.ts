import type { ActorRole } from './actor.ts';

/** Everything that can be permitted. An action that is not here cannot be permitted to anybody. */
export const ACTIONS = [
  'dataset.load',
  'load.read',
  'dataset.read',
  'dataset.versions.read',
  'dataset.withdraw',
  'simulation.create',
  'simulation.read',
  'simulation.download',
  'simulation.manage',
  'simulation.fit',
  'job.submit',
  'job.read',
  'job.cancel',
  'egress.read',
  'egress.review',
  'egress.vote',
  'egress.withdraw',
  'egress.file',
  'egress.release',
  'egress.recall',
  'release.read',
  'release.download',
  'ledger.replay',
  'audit.read',
  'audit.verify',
  'principal.manage',
  'grant.manage',
] as const;

export type Action = (typeof ACTIONS)[number];

/** `all`: on every object. `own`: on what belongs to the actor. Absent: never. */
export type Scope = 'all' | 'own';

/**
 * Role → action → scope, deny by default. Source: requirements.md §6.1 (MER, OPR with egress approver, SUP, AUD, SRC).
 *
 * `egress.review` is sight of findings, votes and the sealed content inside the domain; `egress.vote` covers approve,
 * reject and return; `simulation.manage` checks, publishes and withdraws sets. Two readings of the matrix that are ours: a merchant may generate L0 simulation data, since it is
 * made from the published catalogue alone; and reading one's own part of the log comes with the log search, not here.
 */
export const PERMISSIONS: Readonly<Record<ActorRole, Readonly<Partial<Record<Action, Scope>>>>> = {
  merchant: {
    'dataset.read': 'all',
    'simulation.create': 'all',
    'simulation.read': 'all',
    'simulation.download': 'all',
    'simulation.fit': 'all',
    'job.submit': 'all',
    'job.read': 'own',
    'job.cancel': 'own',
    'egress.read': 'own',
    'egress.withdraw': 'own',
    'release.read': 'own',
    'release.download': 'own',
  },
  operator: {
    'dataset.load': 'all',
    'load.read': 'all',
    'dataset.read': 'all',
    'dataset.versions.read': 'all',
    'dataset.withdraw': 'all',
    'simulation.create': 'all',
    'simulation.read': 'all',
    'simulation.download': 'all',
    'simulation.manage': 'all',
    'job.read': 'all',
    'job.cancel': 'all',
    'egress.read': 'all',
    'egress.review': 'all',
    'egress.vote': 'all',
    'egress.release': 'all',
    'egress.recall': 'all',
    'release.read': 'all',
    'ledger.replay': 'all',
    'audit.verify': 'all',
    'principal.manage': 'all',
    'grant.manage': 'all',
  },
  supervisor: {
    'load.read': 'all',
    'dataset.read': 'all',
    'dataset.versions.read': 'all',
    'simulation.read': 'all',
    'simulation.download': 'all',
    'job.read': 'all',
    'job.cancel': 'all',
    'egress.read': 'all',
    'egress.review': 'all',
    'egress.file': 'all',
    'egress.recall': 'all',
    'release.read': 'all',
    'audit.read': 'all',
    'audit.verify': 'all',
  },
  auditor: {
    'load.read': 'all',
    'dataset.read': 'all',
    'dataset.versions.read': 'all',
    'simulation.read': 'all',
    'job.read': 'all',
    'egress.read': 'all',
    'release.read': 'all',
    'ledger.replay': 'all',
    'audit.read': 'all',
    'audit.verify': 'all',
  },
  source: {
    'dataset.load': 'own',
    'load.read': 'own',
    'dataset.read': 'all',
    'dataset.versions.read': 'own',
    'dataset.withdraw': 'own',
    'simulation.read': 'all',
    'simulation.download': 'all',
  },
};
