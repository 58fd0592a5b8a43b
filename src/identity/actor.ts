/** Roles of the first form. Source: requirements.md §6.1 (MER, OPR egress approver, SUP, AUD, SRC). */
export type ActorRole = 'merchant' | 'operator' | 'supervisor' | 'auditor' | 'source';

/** Who asks: an authenticated principal and the organisation it acts for. */
export interface Actor {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly ActorRole[];
}
