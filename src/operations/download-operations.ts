import { createHash } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import { sha256Hex } from '../egress/release-content.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import { consentObstacles } from './consent-marks.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { DownloadTokenView, NoticeView, Operations } from './operations.ts';
import type { DownloadTokenRecord, ReleaseRecord, StoreView } from './ports.ts';
import { findRelease } from './release-operations.ts';

type DownloadOperations = Pick<Operations, 'issueDownloadToken' | 'releaseFile' | 'listNotices'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** A token that is not used by then is worth nothing. */
const TOKEN_LIFE_MS = 10 * 60_000;
const TOKEN_BYTES = 32;
const TOKEN_FORM = /^sdt_[A-Za-z0-9_-]{43}$/;

const NO_TOKEN = (): Result<never, readonly Problem[]> => err([problem('egress.token_unusable', {})]);

function fileOf(release: ReleaseRecord, name: string): ReleaseRecord['files'][number] | undefined {
  return release.files.find((item) => item.name === name);
}

/** A right to one file, for its recipient alone; only its digest is kept. */
async function issue(ports: OperationsPorts, actor: Actor, id: string, name: string): Outcome<DownloadTokenView> {
  const found = await findRelease(ports, actor, 'release.download', id);
  if (!found.ok) return found;
  if (fileOf(found.value, name) === undefined) return err([problem('access.not_found', { kind: 'file' })]);
  const token = `sdt_${Buffer.from(ports.rng.bytes(TOKEN_BYTES)).toString('base64url')}`;
  const digest = tokenDigest(token);
  const { egress, recipient } = found.value;
  const expiresAt = new Date(ports.clock.now().getTime() + TOKEN_LIFE_MS).toISOString();
  const facts = { egress, file: name, recipient, tokenDigest: digest, expiresAt };
  const event: AuditEvent = { operation: 'release.token', actor, object: id, outcome: 'done', facts };
  return ports.store.write(async (tx) => {
    const held = await handedOut(tx, id, ports.clock.now());
    if (!held.ok) return held;
    await tx.releases.addToken({ digest, release: id, file: name, recipient, expiresAt }, event);
    return ok({ token, release: id, file: name, expiresAt });
  });
}

function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Whether it is still handed out: not called back, not stopped by containment or the operator, every consent standing. Source: QZ-6.4a, NB-21b. */
async function handedOut(view: StoreView, id: string, now: Date): Outcome<null> {
  const release = await view.releases.get(id);
  if (release?.state !== 'available') return err([problem('egress.recalled', {})]);
  if (await view.products.isStopped(id)) return err([problem('product.not_running', {})]);
  const request = await view.egress.get(release.egress);
  const ended = request === null ? [] : await consentObstacles(view, request, now);
  return ended.length > 0 ? err(ended) : ok(null);
}

/** Unknown, another's, another file's, used and expired are one and the same answer. */
function isUsable(ports: OperationsPorts, actor: Actor, token: DownloadTokenRecord | null, id: string, name: string): boolean {
  if (token === null || token.usedAt !== null) return false;
  return token.release === id && token.file === name && token.recipient === actor.id && ports.clock.now().toISOString() < token.expiresAt;
}

/**
 * One file, to its recipient alone, for a token that goes with it; digest checked, and on record before a byte goes out. A file
 * that turns out damaged does not cost the token.
 */
async function download(ports: OperationsPorts, actor: Actor, { id, name, token }: DownloadRequest): Outcome<Uint8Array> {
  const found = await findRelease(ports, actor, 'release.download', id);
  if (!found.ok) return found;
  const file = fileOf(found.value, name);
  if (file === undefined) return err([problem('access.not_found', { kind: 'file' })]);
  const held = await handedOut(ports.store.view, id, ports.clock.now());
  if (!held.ok) return held;
  if (!TOKEN_FORM.test(token)) return NO_TOKEN();
  const digest = tokenDigest(token);
  if (!isUsable(ports, actor, await ports.store.view.releases.token(digest), id, name)) return NO_TOKEN();
  const bytes = await ports.packages.read(id, file.name);
  if (bytes === null || bytes.length !== file.bytes || sha256Hex(bytes) !== file.sha256)
    return err([problem('egress.package_damaged', {})]);
  const { egress, recipient } = found.value;
  const facts = { egress, file: name, digest: file.sha256, recipient, tokenDigest: digest };
  return ports.store.write(async (tx) => {
    // A recall or a stop that came while the file was read wins, and of two who come with one token one.
    const still = await handedOut(tx, id, ports.clock.now());
    if (!still.ok) return still;
    const used = await tx.releases.useToken(digest, { operation: 'release.download', actor, object: id, outcome: 'done', facts });
    return used.ok ? ok(bytes) : NO_TOKEN();
  });
}

interface DownloadRequest {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

async function notices(ports: OperationsPorts, actor: Actor): Outcome<readonly NoticeView[]> {
  const scope = await allowed(ports, actor, 'notice.read');
  if (!scope.ok) return scope;
  const found = await ports.store.view.notices.of(actor.id);
  return ok(found.map(({ id, kind, object, at }) => ({ id, kind, object, at })));
}

/** Fetching what was released, and what one is told unasked. Source: requirements.md §7.5 (recipient), GZ-27c. */
export function downloadOperations(ports: OperationsPorts): DownloadOperations {
  return {
    issueDownloadToken: (actor, { id, name }) => issue(ports, actor, id, name),
    releaseFile: (actor, input) => download(ports, actor, input),
    listNotices: (actor) => notices(ports, actor),
  };
}
