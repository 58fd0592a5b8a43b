import type { AuditOperation } from '../audit/operation.ts';

/** Where a simulation set may stand. Source: requirement GZ-7a (NONE is: there is no record), with WITHDRAWN for sets taken back. */
export const SIMULATION_STATES = ['GENERATED', 'CHECKED', 'PUBLISHED', 'STALE', 'WITHDRAWN'] as const;
export type SimulationState = (typeof SIMULATION_STATES)[number];

/** What must hold before an arrow may be taken; checked where the transition is made. */
export type SimulationGuard = 'same_bytes_again' | 'schema_in_force' | 'schema_changed' | 'reason_given';

export interface SimulationTransition {
  readonly from: SimulationState;
  readonly to: SimulationState;
  readonly owner: 'operator' | 'system';
  readonly guards: readonly SimulationGuard[];
  /** Operation of the audit event in the same transaction. Every arrow has one. */
  readonly audit: AuditOperation;
}

const IN_USE: readonly SimulationState[] = ['GENERATED', 'CHECKED', 'PUBLISHED'];

/**
 * The whole machine of a simulation set. What is not listed is impossible: a stale set never comes back, since what it was
 * made for is gone. Source: requirement GZ-7a; architecture.md, "Conventions" (every state machine is a table).
 */
export const SIMULATION_TRANSITIONS: readonly SimulationTransition[] = [
  { from: 'GENERATED', to: 'CHECKED', owner: 'operator', guards: ['same_bytes_again', 'schema_in_force'], audit: 'simulation.check' },
  { from: 'CHECKED', to: 'PUBLISHED', owner: 'operator', guards: ['schema_in_force'], audit: 'simulation.publish' },
  ...IN_USE.map(
    (from): SimulationTransition => ({ from, to: 'STALE', owner: 'system', guards: ['schema_changed'], audit: 'simulation.stale' }),
  ),
  ...([...IN_USE, 'STALE'] as const).map(
    (from): SimulationTransition => ({ from, to: 'WITHDRAWN', owner: 'operator', guards: ['reason_given'], audit: 'simulation.withdraw' }),
  ),
];

/** Every state from which `to` can be reached in one step. */
export function simulationSourcesOf(to: SimulationState): readonly SimulationState[] {
  return SIMULATION_TRANSITIONS.filter((item) => item.to === to).map((item) => item.from);
}

/** Whether jobs may run on a set in this state, and people read it. */
export function isInUse(state: SimulationState): boolean {
  return IN_USE.includes(state);
}
