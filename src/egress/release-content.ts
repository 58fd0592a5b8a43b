import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { publicBand } from './withheld-band.ts';

export type ReleaseCell = string | number | boolean | null;

/** What may leave: columns with their engine types, rows in canonical order, decimals and big integers as text. */
export interface ReleaseTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly ReleaseCell[])[];
}

/** A file of a product that is more than a table. `base64`: its bytes. */
export interface ContentFile {
  /** As it stands in the package: letters, digits, dots and hyphens. */
  readonly name: string;
  readonly base64: string;
}

/**
 * Everything reviewers vote on, fixed when the job ended. Its canonical JSON is what the vault seals and what the
 * content digest covers, so that a change of any part, the table or what is said about it, voids every vote.
 * Source: architecture.md, "The way of the data" (release checks the digest again); RFC 8785.
 */
export interface ReleaseContent {
  /** 64 random hex digits. Merchants see the digest before release; without it they could try likely tables against it. */
  readonly salt: string;
  readonly job: string;
  readonly merchant: string;
  readonly merchantOrganisation: string;
  readonly dataset: string;
  readonly datasetVersion: string;
  readonly datasetDigest: string;
  readonly artefactHash: string;
  readonly canonicalSql: string;
  readonly policy: {
    readonly k: number;
    readonly dominance: { readonly units: number; readonly share: number };
    readonly pShare: number;
  };
  readonly isolation: string;
  /** Which rules were applied, by name; never which cell they met. */
  readonly criteria: readonly string[];
  /** Labels of a public domain that have no row here; `untold` where labels are not public. */
  readonly withheldBand: ReturnType<typeof publicBand>;
  readonly table: ReleaseTable;
  /** Files beside the table. */
  readonly files?: readonly ContentFile[];
}

/** SHA-256, lower-case hex; a text is hashed as UTF-8. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes that are sealed and hashed: UTF-8 of RFC 8785 JSON. Throws on values JSON cannot hold. */
export function encodeContent(content: ReleaseContent): Uint8Array {
  return new TextEncoder().encode(canonicalJson(content));
}

/** SHA-256 of the encoded content, lower-case hex. */
export function contentDigest(encoded: Uint8Array): string {
  return sha256Hex(encoded);
}

/**
 * Content from sealed bytes, only if they are the very bytes of the digest; null otherwise. The digest is compared
 * before anything is parsed, so nothing unknown is ever read.
 */
export function decodeContent(encoded: Uint8Array, digest: string): ReleaseContent | null {
  if (contentDigest(encoded) !== digest) return null;
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(encoded)) as ReleaseContent;
}
