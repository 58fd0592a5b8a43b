/** Roles of the first form. Source: requirements.md §6.1 (MER, OPR egress approver, SUP, AUD, SRC, EXP; SRC's secrecy reviewer, QY-44c). */
export type ActorRole = 'merchant' | 'operator' | 'supervisor' | 'auditor' | 'source' | 'expert' | 'secrecy';

/** Who asks: an authenticated principal and the organisation it acts for. */
export interface Actor {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly ActorRole[];
}
