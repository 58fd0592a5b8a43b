import type { AuditEvent } from '../audit/event.ts';

export interface AccountRecord {
  readonly principal: string;
  /** PHC string. */
  readonly passwordHash: string;
  readonly totpSecret: Uint8Array;
  /** The last time step whose code was used. */
  readonly totpStep: number;
  readonly failures: number;
  readonly lockedUntil: string | null;
}

export interface SessionRecord {
  readonly digest: string;
  readonly principal: string;
  readonly createdAt: string;
  /** To within a minute. */
  readonly seenAt: string;
}

/** A right to make, or make anew, the account of a principal; of the first operator where `principal` is null. */
export interface EnrolmentRecord {
  readonly digest: string;
  readonly principal: string | null;
  readonly expiresAt: string;
}

export interface AccountReads {
  get(principal: string): Promise<AccountRecord | null>;
  /** Whether anybody has an account. */
  hasAny(): Promise<boolean>;
  /** Living sessions only; whether they are too old is the caller's to say. */
  session(digest: string): Promise<SessionRecord | null>;
  /** Unused ones only. */
  enrolment(digest: string): Promise<EnrolmentRecord | null>;
  /** The principal of a client certificate, by the SHA-256 of its public key. */
  certificateHolder(fingerprint: string): Promise<string | null>;
}

export interface AccountWrites {
  /** Makes the account or makes it anew: password, authenticator and recovery codes together; ends its sessions. */
  put(
    account: Pick<AccountRecord, 'principal' | 'passwordHash' | 'totpSecret'>,
    recoveryDigests: readonly string[],
    event: AuditEvent,
  ): Promise<void>;
  noteAttempt(principal: string, after: Pick<AccountRecord, 'failures' | 'lockedUntil' | 'totpStep'>, event: AuditEvent): Promise<void>;
  /** False where there is no such unused code. */
  useRecoveryCode(principal: string, digest: string, event: AuditEvent): Promise<boolean>;
  addSession(session: { readonly digest: string; readonly principal: string }, event: AuditEvent): Promise<void>;
  endSession(digest: string, event: AuditEvent): Promise<void>;
  addEnrolment(enrolment: EnrolmentRecord, event: AuditEvent): Promise<void>;
  /** False where it was used already. */
  useEnrolment(digest: string, event: AuditEvent): Promise<boolean>;
  addCertificate(certificate: { readonly fingerprint: string; readonly principal: string }, event: AuditEvent): Promise<void>;
}
