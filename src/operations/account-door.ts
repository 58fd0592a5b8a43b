import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor, ActorRole } from './actor.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** A right to enrol, told once. `principal` null: makes the first operator. */
export interface InvitationView {
  readonly principal: string | null;
  readonly token: string;
  readonly expiresAt: string;
}

/** What a new account holder is shown once. */
export interface EnrolledView {
  readonly principal: string;
  /** Base 32, and the same as an address that an authenticator scans. */
  readonly totpSecret: string;
  readonly otpauth: string;
  readonly recoveryCodes: readonly string[];
}

export interface SignedInView {
  readonly principal: string;
  /** For the cookie alone; never in a body. */
  readonly session: string;
  readonly csrfToken: string;
  readonly expiresAt: string;
}

/**
 * Built-in accounts: what people do before anybody knows who they are. Passwords are kept as argon2id, authenticators
 * sealed, sessions and invitations as digests. Source: issue 6 ("Who are you"); ASVS 5.0 chapters 6 and 7.
 */
export interface AccountDoor {
  /** Uses an invitation: makes the account, or makes it anew (password, authenticator, recovery codes), ending its sessions. */
  enrol(input: {
    readonly token: string;
    readonly password: string;
    readonly principal?: string | undefined;
    readonly organisation?: string | undefined;
  }): Outcome<EnrolledView>;
  /** Password and a code of the authenticator, or a recovery code. One answer for every reason to refuse. */
  signIn(input: { readonly principal: string; readonly password: string; readonly code: string }): Outcome<SignedInView>;
  /** Who a session belongs to; null once it has ended, was idle for half an hour or is twelve hours old. */
  session(token: string): Promise<Actor | null>;
  /** Ends the session; nothing where there is none. */
  signOut(actor: Actor, token: string): Promise<void>;
  /** Who a client certificate belongs to, by the SHA-256 of its public key, hex. */
  certificateHolder(fingerprint: string): Promise<Actor | null>;
}

/** What who sits at the machine of the instance does. */
export interface AccountDesk {
  invite(principal: string): Outcome<InvitationView>;
  /** An invitation for the first operator where nobody has an account or an API key; else null. */
  bootstrap(): Promise<InvitationView | null>;
  addCertificate(input: { readonly principal: string; readonly fingerprint: string }): Outcome<void>;
}

/** A program or person of a merchant, as operators see it. */
export interface MerchantView {
  readonly principal: string;
  readonly organisation: string;
  readonly state: string;
}

export interface InvitationOperations {
  /**
   * Operators: a merchant whom the instance knows from then on, still without account and key. Everybody with another role is registered at the
   * machine of the instance, so that no operator makes his own supervisor. Refuses names that are taken and organisations of another side.
   */
  registerMerchant(actor: Actor, input: { readonly principal: string; readonly organisation: string }): Outcome<MerchantView>;
  /** Operators: who has no role but merchant, by name. */
  listMerchants(actor: Actor): Outcome<readonly MerchantView[]>;
  /**
   * Operators, for merchants: a right to make the built-in account, or to make it anew where it was lost. Accounts of
   * everybody else are made at the machine of the instance, so that no operator becomes his own supervisor.
   */
  inviteAccount(actor: Actor, input: { readonly principal: string }): Outcome<InvitationView>;
}

/** The first operator's roles. */
export const FIRST_ROLES: readonly ActorRole[] = ['operator'];
