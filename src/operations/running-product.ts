import { sha256Hex } from '../egress/release-content.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { type JobGround, jobGround } from './job-context.ts';
import { liveGrant } from './live-grant.ts';
import type { EgressRecord, ReleaseRecord, StoreView } from './ports.ts';
import { findRelease } from './release-operations.ts';
import { openContent } from './sealed-content.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** A released product that answers, with what it stands on now. */
export interface RunningProduct {
  readonly release: ReleaseRecord;
  readonly request: EgressRecord;
  /** The definition, from the very bytes that were approved. */
  readonly definition: unknown;
  readonly ground: JobGround;
}

const NOT_RUNNING = (): Result<never, readonly Problem[]> => err([problem('product.not_running', {})]);

/**
 * A product of a kind, if it is the actor's, released, neither recalled nor stopped, its definition unchanged, and grant and version
 * still there. One answer for every reason that is not the actor's own. Source: requirements.md §10.3 (O), GZ-7c.
 */
export async function runningProduct(
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  kind: 'api' | 'verification',
): Outcome<RunningProduct> {
  const found = await findRelease(ports, actor, 'product.call', id);
  if (!found.ok) return found;
  const release = found.value;
  const { view } = ports.store;
  const request = await view.egress.get(release.egress);
  if (request === null || request.productKind !== kind) return err([problem('access.not_found', { kind: 'product' })]);
  if (request.state !== 'RELEASED' || release.state !== 'available' || (await view.products.isStopped(id))) return NOT_RUNNING();
  const content = await openContent(ports, request);
  const file = content.ok ? content.value.files?.[0] : undefined;
  if (file === undefined) return NOT_RUNNING();
  const bytes = Buffer.from(file.base64, 'base64');
  if (release.files.find((item) => item.name === file.name)?.sha256 !== sha256Hex(bytes)) return NOT_RUNNING();
  const record = await view.datasets.get(request.dataset);
  const grant = await liveGrant(view, actor, request.dataset, ports.clock.now(), 'real');
  if (record === null || grant === null) return NOT_RUNNING();
  const ground = await jobGround(ports, record, grant, 'real');
  if (!ground.ok) return NOT_RUNNING();
  return ok({ release, request, definition: JSON.parse(bytes.toString('utf8')), ground: ground.value });
}

const MINUTE_MS = 60_000;

/** Midnight in Asia/Shanghai before an instant. */
function startOfDay(now: Date): string {
  return new Date(`${shanghaiDate(now)}T00:00:00+08:00`).toISOString();
}

/**
 * The refusal of a product that has been asked too often, or nothing. Belongs into the transaction that counts the call.
 * Source: requirements.md §10.3 (O: rate and query budget).
 */
export async function overQuota(
  view: Pick<StoreView, 'products'>,
  now: Date,
  release: string,
  limits: { readonly perDay: number; readonly perMinute: number; readonly weight: number },
): Promise<readonly Problem[]> {
  const today = await view.products.callsSince(release, startOfDay(now));
  const lately = await view.products.callsSince(release, new Date(now.getTime() - MINUTE_MS + 1).toISOString());
  const { perDay, perMinute, weight } = limits;
  return today + weight > perDay || lately + weight > perMinute ? [problem('product.quota', { perDay, perMinute })] : [];
}
