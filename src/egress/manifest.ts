import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { sha256Hex } from './release-content.ts';

export const MANIFEST_NAME = 'manifest.json';

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What the release key signs: which files belong to the release and their digests. */
export interface ManifestBody {
  readonly format: 'sluice-release-1';
  readonly release: string;
  readonly egress: string;
  readonly job: string;
  readonly recipient: string;
  readonly productKind: string;
  readonly purpose: string;
  readonly contentDigest: string;
  readonly releasedAt: string;
  /** By name. */
  readonly files: readonly ManifestFile[];
}

export interface Manifest extends ManifestBody {
  /** Over the canonical JSON of everything but this field. `keyId`: first 16 hex digits of the SHA-256 of the key's SPKI form. */
  readonly signature: { readonly algorithm: 'Ed25519'; readonly keyId: string; readonly value: string };
}

/** The bytes that are signed. */
export function signedBytes(body: ManifestBody): Uint8Array {
  return new TextEncoder().encode(canonicalJson(body));
}

/** What the manifest says of a file: name, digest, size. */
export function describeFile(name: string, bytes: Uint8Array): ManifestFile {
  return { name, bytes: bytes.length, sha256: sha256Hex(bytes) };
}

/** A public key from its raw 32 bytes, as the key store gives it. */
export function releaseKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
}

/** Names a public key (SPKI, DER) so that a reader knows which one to fetch. Not a proof of anything. */
export function keyIdOf(publicKey: KeyObject): string {
  return sha256Hex(publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

export type PackageFault = 'manifest' | 'signature' | 'missing' | 'unexpected' | 'changed';

export interface PackageVerification {
  readonly verified: boolean;
  readonly release: string | null;
  /** Empty when verified. `file` is a name from the package. */
  readonly faults: readonly { readonly file: string; readonly fault: PackageFault }[];
}

function readManifest(bytes: Uint8Array): Manifest | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = JSON.parse(text) as Manifest;
    // Only the canonical bytes are the manifest: a changed space or key order is a changed byte.
    return text === canonicalJson(value) && value.format === 'sluice-release-1' && Array.isArray(value.files) ? value : null;
  } catch {
    return null;
  }
}

function isSigned(manifest: Manifest, publicKey: KeyObject): boolean {
  const { signature, ...body } = manifest;
  if (signature?.algorithm !== 'Ed25519' || signature.keyId !== keyIdOf(publicKey) || typeof signature.value !== 'string') return false;
  const value = Buffer.from(signature.value, 'base64');
  if (value.toString('base64') !== signature.value) return false;
  return verify(null, signedBytes(body), publicKey, value);
}

/**
 * Checks a release package against the release key (PEM, or SPKI as a KeyObject): manifest canonical and signed, every
 * named file there and unchanged, no file besides. Finds any changed, missing or added byte. Does not tell whether the
 * release has been recalled since: only the instance knows.
 * Source: requirements GZ-7d (released products with their digests); RFC 8032 (Ed25519), RFC 8785.
 */
export function verifyPackage(files: ReadonlyMap<string, Uint8Array>, publicKey: KeyObject | string): PackageVerification {
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey;
  const bytes = files.get(MANIFEST_NAME);
  if (bytes === undefined) return { verified: false, release: null, faults: [{ file: MANIFEST_NAME, fault: 'missing' }] };
  const manifest = readManifest(bytes);
  if (manifest === null) return { verified: false, release: null, faults: [{ file: MANIFEST_NAME, fault: 'manifest' }] };
  if (!isSigned(manifest, key)) return { verified: false, release: null, faults: [{ file: MANIFEST_NAME, fault: 'signature' }] };
  const faults: { file: string; fault: PackageFault }[] = [];
  const named = new Set([MANIFEST_NAME, ...manifest.files.map((file) => file.name)]);
  for (const entry of manifest.files) {
    const found = files.get(entry.name);
    if (found === undefined) faults.push({ file: entry.name, fault: 'missing' });
    else if (found.length !== entry.bytes || sha256Hex(found) !== entry.sha256) faults.push({ file: entry.name, fault: 'changed' });
  }
  for (const name of files.keys()) if (!named.has(name)) faults.push({ file: name, fault: 'unexpected' });
  return { verified: faults.length === 0, release: manifest.release, faults };
}
