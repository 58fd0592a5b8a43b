/** A lease as it is kept: `object` is the id of a job or load, or `process/<holder>`. Times are ISO 8601 UTC. */
export interface Lease {
  readonly object: string;
  readonly holder: string;
  readonly until: string;
}

/**
 * Who works on what. Leases are no state of anything: they decide which process tries, and states decide what may happen,
 * so that a late holder is refused by the state its work has meanwhile. No audit entries; the work itself has them.
 * Source: ADR 0024.
 */
export interface LeaseStore {
  /**
   * Takes up to `most` of the jobs that wait and that nobody holds, oldest first, each by one caller only however many ask at
   * once. `only`: these and no others; else all but those bound to the process that made them.
   */
  claim(claim: {
    readonly holder: string;
    readonly now: string;
    readonly until: string;
    readonly most: number;
    readonly only: readonly string[] | null;
  }): Promise<readonly string[]>;
  /** Takes one object that nobody else can know of yet. */
  hold(lease: Lease): Promise<void>;
  /** Moves the end of what `holder` still has of `objects`; gives those. */
  extend(holder: string, objects: readonly string[], until: string): Promise<readonly string[]>;
  /** Puts `holder` in place of one whose lease is over by `now`; false where it no longer stands as given. */
  seize(lapsed: Lease, by: { readonly holder: string; readonly until: string; readonly now: string }): Promise<boolean>;
  drop(holder: string, objects: readonly string[]): Promise<void>;
  list(): Promise<readonly Lease[]>;
  /** Drops every lease: for the only process of an instance, which knows that all holders are dead. */
  clear(): Promise<void>;
}
