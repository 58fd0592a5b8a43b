import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AccountDoor } from '../../operations/account-door.ts';
import type { Operations } from '../../operations/operations.ts';
import type { EventStreams } from '../event-streams.ts';
import type { Metrics } from '../plugins/metrics.ts';

/** Our server with types taken from the zod schemas of its routes. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes need besides the request. */
export interface RouteContext {
  readonly operations: Operations;
  /** Folder of uploads; each principal has a folder of its own in it. */
  readonly inboxFolder: string;
  readonly inboxFileLimitBytes: number;
  readonly longHandlerTimeoutMs: number;
  /** Embedded instances only: the caller sits at this machine's own keyboard. */
  readonly allowLocalFolders: boolean;
  readonly isReady: () => Promise<'ready' | 'stopping' | 'unavailable'>;
  readonly metrics: Metrics;
  readonly accounts: AccountDoor;
  readonly isBehindTls: boolean;
  readonly streams: EventStreams;
}
