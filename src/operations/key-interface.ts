import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/** An API key without its secret. */
export interface KeyView {
  readonly id: string;
  readonly principal: string;
  readonly label: string;
  readonly state: 'active' | 'expired' | 'revoked';
  /** Absent: not limited further than the roles of its principal. */
  readonly scopes?: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To within some minutes. */
  readonly lastUsedAt?: string;
  /** The key that takes its place; it ends at `expiresAt`. */
  readonly replacedBy?: string;
}

/** What is told once: the key itself is stored nowhere. */
export interface IssuedKeyView extends KeyView {
  readonly key: string;
}

/**
 * API keys. Everybody manages his own; an operator also those of merchants, so that nobody who reviews, files or audits
 * can be impersonated by who runs the system. Source: requirements.md §6.2 S6–S8; models-and-audit.md §3.1.
 */
export interface KeyOperations {
  /** Without `principal`: for the asker. The scopes must lie within those of the key in use. */
  createKey(
    actor: Actor,
    input: {
      readonly principal?: string | undefined;
      readonly label: string;
      readonly scopes?: readonly string[] | undefined;
      readonly days?: number | undefined;
    },
  ): Refusable<IssuedKeyView>;
  /** Without `principal`: the asker's own. */
  listKeys(actor: Actor, filter: { readonly principal?: string | undefined }): Refusable<readonly KeyView[]>;
  /** A key in the place of one that lives, with its scopes and its length of life; the old one goes on for `overlapHours`. */
  rotateKey(actor: Actor, input: { readonly id: string; readonly overlapHours: number }): Refusable<IssuedKeyView>;
  /** At once and for good. */
  revokeKey(actor: Actor, id: string): Refusable<KeyView>;
}
