import { canonicalJson } from '../kernel/canonical-json.ts';
import { writeCsv } from './csv.ts';
import { describeFile, MANIFEST_NAME, type ManifestBody, type ManifestFile, signedBytes } from './manifest.ts';
import { provenanceOf, type ReleaseFacts } from './provenance.ts';
import type { ReleaseContent } from './release-content.ts';
import { reportPage } from './report-page.ts';

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

export const PACKAGE_FILES = ['data.csv', 'data.json', 'report.html', MANIFEST_NAME] as const;

/** A name that no other file of a package has and that means the same everywhere. */
function fileName(name: string): string {
  const reserved: readonly string[] = PACKAGE_FILES;
  if (!/^[a-z0-9][a-z0-9-]{0,59}\.[a-z0-9]{1,8}$/.test(name) || reserved.includes(name)) throw new Error('A product names a file wrongly');
  return name;
}

/**
 * The package of one release: `data.csv`, `data.json`, `report.html` and the signed `manifest.json`. The same content
 * and facts always give the same bytes. Decides nothing: votes, state and digest are the caller's to check first.
 * Source: requirements GZ-22a; requirements.md §8, "Egress request" (release log, recipient, purpose).
 */
export async function buildPackage(content: ReleaseContent, facts: ReleaseFacts, signer: ReleaseSigner): Promise<ReleasePackage> {
  const provenance = provenanceOf(content, facts);
  const encoder = new TextEncoder();
  const data: readonly PackageFile[] = [
    { name: 'data.csv', bytes: encoder.encode(writeCsv(content.table)) },
    { name: 'data.json', bytes: encoder.encode(canonicalJson({ provenance, table: content.table })) },
    ...(content.files ?? []).map((file) => ({ name: fileName(file.name), bytes: Buffer.from(file.base64, 'base64') })),
    { name: 'report.html', bytes: encoder.encode(reportPage(content.table, provenance)) },
  ];
  const body: ManifestBody = {
    format: 'sluice-release-1',
    release: facts.release,
    egress: facts.egress,
    job: content.job,
    recipient: content.merchant,
    contentDigest: facts.contentDigest,
    releasedAt: facts.releasedAt,
    files: data.map((file) => describeFile(file.name, file.bytes)),
  };
  const value = Buffer.from(await signer.sign(signedBytes(body))).toString('base64');
  const signature = { algorithm: 'Ed25519', keyId: signer.keyId, value };
  const files = [...data, { name: MANIFEST_NAME, bytes: encoder.encode(canonicalJson({ ...body, signature })) }];
  return { files, listing: files.map((file) => describeFile(file.name, file.bytes)) };
}
