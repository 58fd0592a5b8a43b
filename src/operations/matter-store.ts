import type { AuditEvent } from '../audit/event.ts';
import type { Matter } from '../governance/matter.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Stretch } from './page-wish.ts';

/** A value that stands for one matter of its kind. `holder`: the organisation it counts in, or `*`. */
export interface MatterKey {
  readonly field: string;
  readonly holder: string;
  readonly value: string;
}

/** Something that people of a role, or of an organisation, should know. Never a text of a person. */
export interface MatterNotice {
  readonly id: string;
  /** Role whose people are meant, or null. */
  readonly role: string | null;
  /** Organisation whose people are meant, or null. */
  readonly organisation: string | null;
  readonly matter: string;
  readonly noun: string;
  readonly kind: 'step' | 'late' | 'provisional';
  /** Step taken, or timer that is late. */
  readonly what: string;
  readonly state: string;
  readonly at: string;
}

/** Reads of proceedings. Source: requirements.md §5. */
export interface MatterReads {
  readonly matters: {
    get(id: string): Promise<Matter | null>;
    /** Newest first. */
    list(
      filter: Stretch & {
        readonly noun?: string | undefined;
        readonly organisation?: string | undefined;
        readonly state?: string | undefined;
      },
    ): Promise<readonly Matter[]>;
    /** Those with a running time limit whose last day is before `today`. */
    late(today: string): Promise<readonly Matter[]>;
    notices(reader: {
      readonly roles: readonly string[];
      readonly organisation: string;
      readonly limit: number;
    }): Promise<readonly MatterNotice[]>;
  };
}

/** Writes of proceedings; see `StoreTransaction`. */
export interface MatterWrites {
  readonly matterWrites: {
    /** `matter.taken`: a key belongs to another matter. */
    add(matter: Matter, keys: readonly MatterKey[], event: AuditEvent): Promise<Result<void, readonly Problem[]>>;
    /** Replaces the revision before this one. `matter.changed`: it is not that one any more. */
    replace(matter: Matter, keys: readonly MatterKey[], event: AuditEvent): Promise<Result<void, readonly Problem[]>>;
    /** Puts organisations on the side of merchants for good; refuses one that stands on the other (`access.conflicting_roles`). */
    claimMerchants(organisations: readonly string[]): Promise<Result<void, readonly Problem[]>>;
    notify(notice: Omit<MatterNotice, 'at'>): Promise<void>;
  };
}
