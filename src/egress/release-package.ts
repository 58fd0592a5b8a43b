import { canonicalJson } from '../kernel/canonical-json.ts';
import { criteriaRecord } from './criteria-record.ts';
import { writeCsv } from './csv.ts';
import { harmlessTable } from './formula.ts';
import { describeFile, MANIFEST_NAME, type ManifestBody, type ManifestFile, signedBytes } from './manifest.ts';
import { writeParquet } from './parquet/write-parquet.ts';
import { ROW_LEVEL_KINDS } from './product-kinds.ts';
import { type Provenance, provenanceOf, type ReleaseFacts } from './provenance.ts';
import type { ReleaseContent, ReleaseTable } from './release-content.ts';
import { reportPage } from './report-page.ts';
import { withMark } from './watermark.ts';

/** Signs bytes with the release key. Ed25519: 64 bytes. */
export interface ReleaseSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

export interface PackageFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Every file of a release, in the order they are listed, and what the manifest says of each. */
export interface ReleasePackage {
  readonly files: readonly PackageFile[];
  readonly listing: readonly ManifestFile[];
}

/** Files of the release of a table; other products have files of their own in the place of the first three. */
export const PACKAGE_FILES = ['data.csv', 'data.json', 'data.parquet', 'criteria.json', 'report.html', MANIFEST_NAME] as const;

/** A name that no other file of a package has and that means the same everywhere. */
const FILE_NAME = /^[a-z0-9][a-z0-9-]{0,59}\.[a-z0-9]{1,8}$/;

/** What a release of this content carries of its recipient. Row-level kinds without a plan are refused by a throw. Source: GZ-27c. */
export function watermarkOf(content: ReleaseContent): ReleaseFacts['watermark'] {
  if (!ROW_LEVEL_KINDS.includes(content.productKind ?? 'indicator')) return 'visible';
  if (content.watermark === undefined) throw new Error('Row-level content without a plan for its watermark');
  return 'rows';
}

/**
 * The package of one release: `data.csv`, `data.json` and `data.parquet` of a table, the files of other products, `criteria.json`, `report.html` and
 * the signed `manifest.json`. The same content, facts and key always give the same bytes. Rows of row-level kinds carry the mark of
 * this release under `markKey`. `receipts`: proofs of the approvals, kept as they are. Decides nothing: votes, state and digest are
 * the caller's to check first.
 * Source: requirements GZ-22a, GZ-27c; requirements.md §7.5, "Egress request" (release log, recipient, purpose); SATRE 3.3.09.
 */
export async function buildPackage(
  content: ReleaseContent,
  facts: ReleaseFacts,
  signer: ReleaseSigner,
  markKey: Uint8Array,
  receipts: readonly PackageFile[] = [],
): Promise<ReleasePackage> {
  const provenance = provenanceOf(content, facts);
  const encoder = new TextEncoder();
  const own = ownFiles(content);
  const table = facts.watermark === 'rows' ? markedTable(content, facts, markKey) : content.table;
  const data: readonly PackageFile[] = [
    ...tableFiles(table, provenance),
    ...own,
    ...receipts,
    { name: 'criteria.json', bytes: encoder.encode(canonicalJson(criteriaRecord(content, facts))) },
    {
      name: 'report.html',
      bytes: encoder.encode(
        reportPage(
          table,
          provenance,
          own.map((file) => file.name),
        ),
      ),
    },
  ];
  const body: ManifestBody = {
    format: 'sluice-release-1',
    release: facts.release,
    egress: facts.egress,
    job: content.job,
    recipient: content.merchant,
    productKind: content.productKind ?? 'indicator',
    purpose: content.purpose ?? '',
    contentDigest: facts.contentDigest,
    releasedAt: facts.releasedAt,
    files: data.map((file) => describeFile(file.name, file.bytes)),
  };
  const value = Buffer.from(await signer.sign(signedBytes(body))).toString('base64');
  const signature = { algorithm: 'Ed25519', keyId: signer.keyId, value };
  const files = [...data, { name: MANIFEST_NAME, bytes: encoder.encode(canonicalJson({ ...body, signature })) }];
  return { files, listing: files.map((file) => describeFile(file.name, file.bytes)) };
}

/** The mark is that of the release, so that two copies of one recipient differ, too. */
function markedTable(content: ReleaseContent, facts: ReleaseFacts, markKey: Uint8Array): ReleaseTable {
  if (content.watermark === undefined) throw new Error('Row-level content without a plan for its watermark');
  return withMark(content.table, content.watermark, markKey, facts.release);
}

function tableFiles(table: ReleaseTable, provenance: Provenance): readonly PackageFile[] {
  if (table.columns.length === 0) return [];
  const encoder = new TextEncoder();
  return [
    { name: 'data.csv', bytes: encoder.encode(writeCsv(table)) },
    { name: 'data.json', bytes: encoder.encode(canonicalJson({ provenance, table: harmlessTable(table) })) },
    { name: 'data.parquet', bytes: writeParquet(table) },
  ];
}

function ownFiles({ files = [] }: ReleaseContent): readonly PackageFile[] {
  const reserved: readonly string[] = PACKAGE_FILES;
  if (files.some((file) => !FILE_NAME.test(file.name) || reserved.includes(file.name))) throw new Error('A product names a file wrongly');
  if (new Set(files.map((file) => file.name)).size !== files.length) throw new Error('A product names a file twice');
  return files.map((file) => ({ name: file.name, bytes: Buffer.from(file.base64, 'base64') }));
}
