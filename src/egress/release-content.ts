import { createHash, createHmac } from 'node:crypto';
import type { ColumnLineage } from '../catalog/column-lineage.ts';
import type { DisclosureMode } from '../catalog/disclosure-mode.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { ProductKind } from './product-kinds.ts';
import type { SealedMembership } from './rows/composition.ts';
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
  /** How figures left, with all parameters; absent: exact or withheld. */
  readonly mode?: DisclosureMode;
  readonly isolation: string;
  /** Which rules were applied, by name; never which cell they met. */
  readonly criteria: readonly string[];
  /** Labels of a public domain that have no row here; `untold` where labels are not public. */
  readonly withheldBand: ReturnType<typeof publicBand>;
  readonly table: ReleaseTable;
  /** What each column of the table derives from; absent where it is a report of our own. */
  readonly lineage?: readonly ColumnLineage[];
  /** Absent on content from before kinds: an indicator. */
  readonly productKind?: ProductKind;
  /** What the grant says that the data are for. Source: requirements GZ-27e. */
  readonly purpose?: string;
  /** Files beside the table, or instead of one that has no columns. */
  readonly files?: readonly ContentFile[];
  /** Row-level kinds only: who stands behind the rows. Sealed with the content and in no package. */
  readonly membership?: SealedMembership;
  /** Masking policy that was in force, `name@version`. */
  readonly maskPolicy?: string;
  /** Consents that the rows rest on, by id; the revocation of one marks the product. In no package. */
  readonly consents?: readonly string[];
  /** Masked datasets only: registered lists of people that they were checked against, by id. In no package. */
  readonly externals?: readonly string[];
  /** Row-level kinds only: number columns that may carry the recipient's mark, and columns that say which row is which. */
  readonly watermark?: { readonly columns: readonly string[]; readonly anchors: readonly string[] };
}

/** Name under which the table of a content is voted on. */
const TABLE_PART = 'data';

/**
 * What people vote on one by one: the table and every file, by name with SHA-256. Source: egress-rules.md §2.3 (votes per file).
 */
export function partsOf(content: ReleaseContent): readonly { readonly name: string; readonly sha256: string }[] {
  const files = (content.files ?? []).map((file) => ({ name: file.name, sha256: sha256Hex(Buffer.from(file.base64, 'base64')) }));
  if (content.table.columns.length === 0) return files;
  return [{ name: TABLE_PART, sha256: sha256Hex(canonicalJson(content.table)) }, ...files];
}

/**
 * HMAC-SHA-256, lower-case hex, of what leaves without its salt: the same artefact on the same dataset with the same outcome has
 * the same one, whoever asked. Under a key, for a guess at a table could else be tried against it.
 * Source: egress-rules.md §2.10 (the same result is released once, later ones refer to it).
 */
export function fingerprintOf(content: ReleaseContent, key: Uint8Array): string {
  const { dataset, artefactHash, table, files = [], productKind = 'indicator' } = content;
  return createHmac('sha256', key).update(canonicalJson({ dataset, artefactHash, table, files, productKind }), 'utf8').digest('hex');
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
