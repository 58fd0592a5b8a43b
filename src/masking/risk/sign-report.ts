import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { RiskReport } from './risk-report.ts';

/** Ed25519 over the canonical JSON of a report, base64. Refuses what is no such private key (PEM). Source: RFC 8032, RFC 8785. */
export function signReport(report: RiskReport, privateKeyPem: string): Result<string, readonly Problem[]> {
  try {
    const key = createPrivateKey(privateKeyPem);
    if (key.asymmetricKeyType !== 'ed25519') return err([problem('masking.key', {})]);
    return ok(sign(null, Buffer.from(canonicalJson(report)), key).toString('base64'));
  } catch {
    return err([problem('masking.key', {})]);
  }
}

/** Whether the signature is that of the holder of the key over this report. False for anything that is no key or signature. Source: RFC 8032, RFC 8785. */
export function isSignedReport(report: unknown, signature: string, publicKeyPem: string): boolean {
  try {
    return verify(null, Buffer.from(canonicalJson(report)), createPublicKey(publicKeyPem), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
