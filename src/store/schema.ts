import type { ExchangeTables } from './exchange-schema.ts';

/**
 * Tables of our own records as Kysely sees them. Columns are what is searched or compared; the rest of a record is
 * JSON in `body`. `ordinal` is the number of the audit entry that tells of the row's creation: the order of creation.
 * Times are ISO 8601 UTC text. Only text and integers, so that every dialect has the same.
 */
export interface Database extends ExchangeTables {
  readonly schema_migrations: { readonly name: string; readonly applied_at: string };
  readonly datasets: {
    readonly name: string;
    readonly declaration: string;
    readonly owner_id: string;
    readonly owner_organisation: string;
    readonly current_version: string | null;
    readonly updated_at: string;
  };
  readonly dataset_versions: {
    readonly dataset: string;
    readonly version: string;
    readonly ordinal: number;
    readonly state: string;
    readonly body: string;
  };
  readonly loads: {
    readonly id: string;
    readonly ordinal: number;
    readonly dataset: string;
    readonly state: string;
    readonly owner_id: string;
    readonly owner_organisation: string;
    readonly step: string;
    readonly percent: number;
    readonly body: string;
    readonly created_at: string;
    readonly updated_at: string;
  };
  readonly simulations: {
    readonly id: string;
    readonly ordinal: number;
    readonly dataset: string;
    readonly state: string;
    readonly body: string;
  };
  readonly grants: {
    readonly id: string;
    readonly ordinal: number;
    readonly merchant: string;
    readonly dataset: string;
    readonly body: string;
    readonly created_at: string;
    readonly revoked_at: string | null;
  };
  readonly principals: {
    readonly id: string;
    readonly organisation: string;
    readonly roles: string;
    readonly state: string;
    readonly created_at: string;
  };
  readonly api_keys: {
    readonly id: string;
    readonly principal: string;
    readonly mac: string;
    readonly created_at: string;
    readonly revoked_at: string | null;
    readonly label: string | null;
    /** JSON list, or null for no limit. */
    readonly scopes: string | null;
    /** Null: no key. */
    readonly expires_at: string | null;
    readonly last_used_at: string | null;
    readonly replaced_by: string | null;
  };
  readonly idempotent_answers: {
    readonly principal: string;
    readonly key_digest: string;
    readonly fingerprint: string;
    readonly state: string;
    readonly sealed: string | null;
    readonly at: string;
  };
  readonly accounts: {
    readonly principal: string;
    readonly password_hash: string;
    readonly totp_sealed: string;
    readonly totp_step: number;
    readonly failures: number;
    readonly locked_until: string | null;
    readonly updated_at: string;
  };
  readonly recovery_codes: { readonly principal: string; readonly digest: string; readonly used_at: string | null };
  readonly sessions: {
    readonly digest: string;
    readonly principal: string;
    readonly created_at: string;
    readonly seen_at: string;
    readonly ended_at: string | null;
  };
  readonly client_certificates: { readonly fingerprint: string; readonly principal: string; readonly created_at: string };
  readonly enrolments: {
    readonly digest: string;
    readonly principal: string | null;
    readonly expires_at: string;
    readonly used_at: string | null;
  };
  readonly job_events: { readonly job: string; readonly seq: number; readonly state: string; readonly at: string };
  readonly jobs: {
    readonly id: string;
    readonly ordinal: number;
    readonly dataset: string;
    readonly target: string;
    readonly state: string;
    readonly merchant: string;
    readonly organisation: string;
    readonly grant_id: string;
    readonly sql: string;
    readonly artefact_hash: string | null;
    readonly body: string;
    readonly created_at: string;
    readonly updated_at: string;
    /** 1: only the process that made it may run it, because somebody waits there. */
    readonly bound: number;
  };
  /** Sealed models that a job refers to; an empty name: its record still holds bytes. */
  readonly job_models: { readonly job: string; readonly name: string };
  readonly leases: { readonly object: string; readonly holder: string; readonly until: string };
  readonly egress_requests: {
    readonly id: string;
    readonly ordinal: number;
    readonly job: string;
    readonly dataset: string;
    readonly merchant: string;
    readonly organisation: string;
    readonly state: string;
    readonly round: number;
    readonly product_kind: string;
    readonly content_digest: string;
    readonly body: string;
    readonly created_at: string;
    readonly updated_at: string;
  };
  readonly votes: {
    readonly egress: string;
    readonly round: number;
    readonly voter: string;
    readonly ordinal: number;
    readonly organisation: string;
    readonly vote: string;
    readonly reason: string;
    readonly content_digest: string;
    readonly at: string;
    readonly step: string;
    readonly body: string;
  };
  /** Days are `YYYY-MM-DD`; an empty one is open on its side. */
  readonly affiliation_terms: {
    readonly organisation: string;
    readonly affiliate: string;
    readonly ordinal: number;
    readonly valid_from: string;
    readonly valid_to: string;
  };
  readonly releases: {
    readonly id: string;
    readonly egress: string;
    readonly state: string;
    readonly body: string;
    readonly fingerprint: string;
    readonly ordinal: number;
  };
  /** One row for each version; `record` is JSON. */
  readonly mask_policies: {
    readonly id: string;
    readonly dataset: string;
    readonly policy: string;
    readonly version: number;
    readonly state: string;
    readonly record: string;
  };
  /** One row for each list; `record` is JSON, its people are sealed elsewhere. */
  readonly external_data: {
    readonly id: string;
    readonly dataset: string;
    readonly state: string;
    readonly at: string;
    readonly record: string;
  };
  readonly product_stops: { readonly release: string; readonly state: string; readonly at: string };
  /** One row for each call; `weight` is what it counts for: 1, or the number of keys. */
  readonly product_calls: { readonly ordinal: number; readonly release: string; readonly at: string; readonly weight: number };
  readonly verified_keys: {
    readonly organisation: string;
    readonly dataset: string;
    readonly period: string;
    /** What was verified of the key: table and columns. */
    readonly scope: string;
    /** Keyed digest of the key, and of what it shares with its neighbours. */
    readonly digest: string;
    readonly neighbourhood: string;
    readonly times: number;
  };
  readonly download_tokens: {
    /** SHA-256 of the token. */
    readonly digest: string;
    readonly release: string;
    readonly file: string;
    readonly recipient: string;
    readonly expires_at: string;
    readonly used_at: string | null;
  };
  readonly notices: {
    readonly id: string;
    readonly ordinal: number;
    readonly recipient: string;
    readonly kind: string;
    readonly object: string;
    readonly at: string;
  };
  readonly probes: {
    readonly organisation: string;
    readonly dataset: string;
    readonly period: string;
    readonly column_name: string;
    readonly literal_digest: string;
    /** The first one with this literal. */
    readonly job: string;
  };
  readonly ledger_entries: {
    readonly seq: number;
    readonly dataset: string;
    readonly version: string;
    readonly job: string;
    /** Of the entry within its job. */
    readonly ordinal: number;
    /** Of the row of the statement that it belongs to. */
    readonly cell: number;
    readonly unit_type: string;
    readonly namespace: string;
    readonly family: string;
    readonly state: string;
    /** Goes up with every change: a reader asks for what is newer than what it knows. */
    readonly revision: number;
    readonly coarse: string;
    readonly sealed: string;
    readonly at: string;
  };
  readonly ledger_shut: { readonly dataset: string; readonly size: number; readonly note: string; readonly at: string };
  readonly organisation_sides: { readonly organisation: string; readonly side: string };
  readonly matters: {
    readonly id: string;
    readonly ordinal: number;
    readonly noun: string;
    readonly organisation: string;
    readonly state: string;
    readonly revision: number;
    /** Earliest last day of its running time limits. */
    readonly due_on: string | null;
    readonly body: string;
    readonly updated_at: string;
  };
  readonly matter_keys: {
    readonly noun: string;
    readonly field: string;
    readonly holder: string;
    readonly value: string;
    readonly matter: string;
  };
  readonly matter_notices: {
    readonly id: string;
    readonly ordinal: number;
    readonly role: string | null;
    readonly organisation: string | null;
    readonly matter: string;
    readonly body: string;
    readonly at: string;
  };
  readonly privacy_spending: {
    readonly job: string;
    readonly dataset: string;
    readonly grant_id: string;
    readonly rho_billionths: number;
    readonly at: string;
  };
  /** `body` null: pruned. `leaf` (hex) null: not sequenced yet. */
  readonly audit_entries: { readonly seq: number; readonly body: string | null; readonly at: string; readonly leaf: string | null };
  /** One row, `id` 1: what the sequencer has given places to. `fence` goes up with every pass. */
  readonly audit_tree: {
    readonly id: number;
    readonly algorithm: string;
    readonly size: number;
    readonly root: string;
    readonly fence: number;
  };
  readonly audit_checkpoints: { readonly size: number; readonly note: string; readonly at: string };
  /** What entries are found by; `uses` is how many. */
  readonly audit_terms: { readonly id: number; readonly kind: string; readonly term: string; readonly uses: number };
  /** Which entries of a block of 8192 have a term (`src/audit/entry-block.ts`). */
  readonly audit_blocks: { readonly term: number; readonly block: number; readonly bits: string };
  /** One row, `id` 1: entries up to this number can be found. */
  readonly audit_indexed: { readonly id: number; readonly seq: number };
  readonly audit_searches: { readonly owner: string; readonly name: string; readonly filter: string; readonly at: string };
  /** Query texts without literals, and the literals under the key of their month. */
  readonly audit_queries: {
    readonly job: string;
    readonly month: string;
    readonly shape: string;
    readonly digest: string;
    readonly sealed: string;
    readonly at: string;
  };
  readonly audit_month_keys: { readonly month: string; readonly wrapped: string };
  readonly audit_openings: {
    readonly id: string;
    readonly job: string;
    readonly requested_by: string;
    readonly organisation: string;
    readonly reason: string;
    readonly approved_by: string | null;
    readonly at: string;
  };
  readonly audit_holds: {
    readonly id: string;
    readonly subject: string;
    readonly reason: string;
    readonly set_by: string;
    readonly at: string;
    readonly released_at: string | null;
  };
  readonly fit_spending: { readonly job: string; readonly dataset: string; readonly rho_billionths: number; readonly at: string };
  readonly standard_tables: {
    readonly dataset: string;
    readonly version: string;
    readonly name: string;
    readonly ordinal: number;
    readonly canonical_sql: string;
    readonly sealed: string;
  };
}
