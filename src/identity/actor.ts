/**
 * Every role there is. Source: requirements.md §1.2, §6.1 (MER, OPR, SUP, AUD, SRC; AUTH with IMPL, COUNCIL, DIST, EXP, REG; SRC's secrecy reviewer, QY-44c).
 */
export const ACTOR_ROLES = [
  'merchant',
  'operator',
  'supervisor',
  'auditor',
  'source',
  'authority',
  'council',
  'district',
  'expert',
  'registry',
  'secrecy',
] as const;
export type ActorRole = (typeof ACTOR_ROLES)[number];

/** Who asks: an authenticated principal and the organisation it acts for. */
export interface Actor {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly ActorRole[];
  /** What the API key in use is limited to, see key-terms.ts; absent: to nothing but the roles. */
  readonly scopes?: readonly string[];
}
