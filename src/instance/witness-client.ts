import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { WitnessPlace } from '../audit/log-trust.ts';
import { knownSignatures, printSignature, readNote } from '../audit/signed-note.ts';
import { printAddCheckpoint } from '../audit/witness.ts';
import type { AuditPort } from '../operations/audit-store.ts';

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 100_000;
/** The log may grow while witnesses are asked: then all are asked again. */
const TRIES = 3;

/** How a round of asking went. */
export interface Witnessing {
  /** Names of the witnesses that cosigned the newest checkpoint. */
  readonly cosigned: readonly string[];
  /** Names of those that refused it although it is signed: they remember another log. A reason to stop and look. */
  readonly refused: readonly string[];
}

/**
 * Asks every witness to cosign the newest checkpoint and puts their lines under it. A witness that cannot be reached is
 * neither. Sizes that witnesses told are kept in `sizes`. `ca` (PEM): certificates that those behind `https:` must be signed
 * by, instead of the system's. Source: C2SP tlog-witness.
 */
export async function askWitnesses(
  audit: AuditPort,
  witnesses: readonly WitnessPlace[],
  sizes: Map<string, number>,
  ca?: string,
): Promise<Witnessing> {
  for (let attempt = 1; ; attempt += 1) {
    const round = await askOnce(audit, witnesses, sizes, ca);
    if (round.isNewest || attempt === TRIES) return { cosigned: round.cosigned, refused: round.refused };
  }
}

async function askOnce(audit: AuditPort, witnesses: readonly WitnessPlace[], sizes: Map<string, number>, ca: string | undefined) {
  const cosigned: string[] = [];
  const refused: string[] = [];
  const lines: string[] = [];
  const text = readNote((await audit.consistency(0)).checkpoint)?.text ?? '';
  for (const { key, url } of witnesses) {
    const answer = await ask(audit, url, sizes, ca).catch(() => null);
    if (answer === null) continue;
    const note = answer.body === null ? null : readNote(`${answer.text}\n${answer.body}`);
    const known = note === null ? null : knownSignatures(note, [key]);
    if (known === null || known.length === 0) refused.push(key.name);
    else if (answer.text === text && note !== null) {
      cosigned.push(key.name);
      lines.push(...note.signatures.map(printSignature));
    }
  }
  const isNewest = lines.length === 0 ? refused.length > 0 || witnesses.length === 0 : await audit.addSignatures(text, lines.join(''));
  return { cosigned, refused, isNewest };
}

/** `body` null: refused. Throws where the witness cannot be reached. */
async function ask(
  audit: AuditPort,
  url: string,
  sizes: Map<string, number>,
  ca: string | undefined,
): Promise<{ readonly text: string; readonly body: string | null }> {
  for (let attempt = 0; ; attempt += 1) {
    const oldSize = sizes.get(url) ?? 0;
    const { proof, checkpoint, size } = await audit.consistency(oldSize);
    const text = readNote(checkpoint)?.text ?? '';
    if (oldSize > size) return { text, body: null };
    const response = await post(
      new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`),
      printAddCheckpoint({ oldSize, proof, checkpoint }),
      ca,
    );
    const { body } = response;
    if (response.status === 200) {
      sizes.set(url, size);
      return { text, body };
    }
    if (response.status !== 409 || attempt > 0) return { text, body: null };
    const known = /^(0|[1-9]\d{0,15})\n$/.exec(body);
    if (known === null) return { text, body: null };
    sizes.set(url, Number(known[1]));
  }
}

/** Follows no redirect. Throws where nobody answers in time, or the certificate is not trusted. */
function post(url: URL, body: string, ca: string | undefined): Promise<{ readonly status: number; readonly body: string }> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((done, failed) => {
    const options = { method: 'POST', signal, agent: false } as const;
    const trusted = { ...options, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) } as const;
    const request = url.protocol === 'https:' ? tlsRequest(url, trusted) : plainRequest(url, options);
    request.once('error', failed);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) request.destroy(new RangeError('An answer that no witness gives'));
        chunks.push(chunk);
      });
      response.once('error', failed);
      response.once('end', () => done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    request.end(body);
  });
}
