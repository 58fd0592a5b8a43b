/** A request, the route that takes it, and the operation that the route calls (null: none). */
export interface RouteCase {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly route: string;
  readonly operation: string | null;
  readonly status: number;
  readonly body?: Record<string, unknown>;
  readonly as?: Record<string, string>;
}

export const REASON = { reason: 'looks right' };
