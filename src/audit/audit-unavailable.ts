/**
 * Fault: the audit log cannot be extended, so the action does not happen. `kind` says why without any content.
 * The edge answers it with the problem `audit.unavailable`.
 * Source: models-and-audit.md §2.4, two-phase rule ("fail closed").
 */
export class AuditUnavailable extends Error {
  readonly kind:
    | 'log-contradicts-checkpoint'
    | 'log-contradicts-tiles'
    | 'log-not-writable'
    | 'checkpoint-missing'
    | 'checkpoint-invalid'
    | 'checkpoint-not-written'
    | 'witnesses-missing';

  constructor(kind: AuditUnavailable['kind'], options?: ErrorOptions) {
    super(`Audit log unavailable: ${kind}`, options);
    this.name = 'AuditUnavailable';
    this.kind = kind;
  }
}
