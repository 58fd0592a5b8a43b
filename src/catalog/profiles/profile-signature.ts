import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { type ProfileLayer, readLayer } from './profile-layer.ts';

/** A layer with the signature of the authority that made it: Ed25519 over the canonical form, base64. */
interface SignedLayer {
  readonly layer: unknown;
  readonly signature: string;
}

/**
 * Reads a layer that did not come with the product. Refuses (`profile.signature`) what is not signed by the key, before
 * anything in it is looked at; then everything `readLayer` refuses.
 * Source: requirements.md §4.3 ("versioned, signed configuration file"); RFC 8032, RFC 8785.
 */
export function readSignedLayer(content: unknown, publicKeyPem: string): Result<ProfileLayer, readonly Problem[]> {
  const refused = err([problem('profile.signature', {})]);
  const { layer, signature } = (content ?? {}) as Partial<SignedLayer>;
  if (layer === undefined || typeof signature !== 'string') return refused;
  try {
    const key = createPublicKey(publicKeyPem);
    if (key.asymmetricKeyType !== 'ed25519') return refused;
    const bytes = Buffer.from(canonicalJson(layer), 'utf8');
    if (!verify(null, bytes, key, Buffer.from(signature, 'base64'))) return refused;
  } catch {
    return refused;
  }
  const read = readLayer(layer);
  return read.ok ? ok(read.value) : read;
}
