/** Tables of what the instance tells others unasked; see `Database`. */
export interface ExchangeTables {
  readonly webhooks: {
    readonly id: string;
    readonly ordinal: number;
    readonly principal: string;
    readonly url: string;
    /** JSON list; empty: all. */
    readonly kinds: string;
    readonly secret: string;
    readonly state: string;
    readonly cursor: number;
    readonly created_at: string;
  };
  readonly webhook_deliveries: {
    readonly id: string;
    readonly webhook: string;
    readonly notice: string;
    readonly kind: string;
    readonly body: string;
    readonly state: string;
    readonly attempts: number;
    readonly next_at: string;
    readonly leased_until: string | null;
    readonly status: number | null;
    readonly failure: string | null;
    readonly created_at: string;
  };
  readonly report_schedules: {
    readonly id: string;
    readonly ordinal: number;
    readonly report: string;
    readonly rhythm: string;
    readonly dataset: string | null;
    readonly organisation: string;
    readonly principal: string;
    readonly state: string;
    readonly created_at: string;
  };
  readonly kept_reports: {
    readonly id: string;
    readonly ordinal: number;
    readonly schedule: string;
    readonly report: string;
    readonly period_from: string;
    readonly period_to: string;
    readonly dataset: string | null;
    readonly organisation: string | null;
    readonly made_at: string;
    readonly digest: string;
    readonly signature: string;
    readonly sealed: string;
  };
}
