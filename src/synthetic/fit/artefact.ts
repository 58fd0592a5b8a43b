import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { FittedModel, MarginalError } from './fitted-model.ts';
import type { ModelColumn } from './model-domain.ts';

/** Changes with every change of what an artefact and a seed give. */
export const ARTEFACT_FORMAT = 'sluice-l1/1';
export const FITTED_LABEL = 'SIMULATED-L1';

/** How rows of a child table hang on a parent row: number of rows by bucket. */
export interface ChildLink {
  /** Table whose rows bring children; null: units that have no table of their own. */
  readonly parent: string | null;
  /** Columns of the child that hold the parent's key. */
  readonly columns: readonly string[];
  /** Bucket i holds `edges[i]` ≤ rows < `edges[i + 1]`; the last one is open. */
  readonly edges: readonly number[];
  /** Of the model's attributes, how many belong to the parent: the first ones, the bucket last among them. */
  readonly given: number;
}

/** What was fitted of one table. */
export interface FittedTable {
  readonly table: string;
  readonly columns: readonly ModelColumn[];
  readonly model: FittedModel;
  readonly child?: ChildLink;
}

export interface Privacy {
  readonly epsilon: number;
  readonly delta: number;
  readonly rho: number;
  /** What one neighbour more or less is: a unit type, or `row`. */
  readonly unit: string;
  readonly ledger: readonly { readonly table: string; readonly step: string; readonly rho: number; readonly marginals: number }[];
}

/** All that leaves a fit. Holds noisy numbers, the declaration and nothing else. */
export interface Artefact {
  readonly format: typeof ARTEFACT_FORMAT;
  readonly label: typeof FITTED_LABEL;
  readonly dataset: string;
  readonly catalogDigest: string;
  /** The declaration as the loader reads it: what the L0 generators need to fill the other columns. */
  readonly declaration: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly privacy: Privacy;
  readonly tables: readonly FittedTable[];
}

/** A signature over the digest, with the public key that checks it (SPKI, base64). */
export interface ArtefactSeal {
  readonly digest: string;
  readonly signature?: string;
  readonly publicKey?: string;
}

const DIGITS = 7;

/**
 * The artefact as JSON text: numbers to seven digits, digest over the canonical text, signed where a key is given
 * (Ed25519, PKCS #8 PEM). Source: RFC 8785; synthetic-and-masking.md §4.1 step 7.
 */
export function writeArtefact(artefact: Artefact, privateKeyPem?: string): string {
  const { plain, digest } = sealable(artefact);
  const seal: ArtefactSeal =
    privateKeyPem === undefined
      ? { digest }
      : {
          digest,
          signature: sign(null, Buffer.from(digest, 'hex'), privateKeyPem).toString('base64'),
          publicKey: createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' }).toString('base64'),
        };
  return `${JSON.stringify({ ...plain, seal })}\n`;
}

/**
 * As `writeArtefact`, signed by a key that nobody here holds (`KeyStore`); `publicKey` is its public half (SPKI, DER).
 * Source: RFC 8785, RFC 8032; synthetic-and-masking.md §4.1 step 7.
 */
export async function signArtefact(
  artefact: Artefact,
  signer: { readonly publicKey: Uint8Array; sign(bytes: Uint8Array): Promise<Uint8Array> },
): Promise<string> {
  const { plain, digest } = sealable(artefact);
  const signature = Buffer.from(await signer.sign(Buffer.from(digest, 'hex'))).toString('base64');
  const seal: ArtefactSeal = { digest, signature, publicKey: Buffer.from(signer.publicKey).toString('base64') };
  return `${JSON.stringify({ ...plain, seal })}\n`;
}

function sealable(artefact: Artefact): { readonly plain: Readonly<Record<string, unknown>>; readonly digest: string } {
  // Budgets stay as they are: a δ that is rounded away would promise what nobody can.
  const { privacy, ...rest } = artefact;
  const plain = { ...(JSON.parse(JSON.stringify(rest, plainNumbers)) as Record<string, unknown>), privacy };
  return { plain, digest: digestOf(plain) };
}

/**
 * Reads an artefact back: format, digest and, where `publicKeyPem` is given, the signature by that key; without one a signature
 * that is there must still fit the key beside it. Refuses anything else. Does not judge who signed.
 * Source: synthetic-and-masking.md §4.1 step 7.
 */
export function readArtefact(text: string, publicKeyPem?: string): Result<Artefact, readonly Problem[]> {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return err([problem('synth.artefact', { reason: 'format' })]);
  }
  if (json === null || json['format'] !== ARTEFACT_FORMAT || json['label'] !== FITTED_LABEL) {
    return err([problem('synth.artefact', { reason: 'format' })]);
  }
  const { seal, ...plain } = json;
  const { digest, signature, publicKey } = (seal ?? {}) as Partial<ArtefactSeal>;
  if (digest !== digestOf(plain)) return err([problem('synth.artefact', { reason: 'digest' })]);
  if (publicKeyPem !== undefined || signature !== undefined) {
    if (!isSigned(digest, signature, publicKey, publicKeyPem)) return err([problem('synth.artefact', { reason: 'signature' })]);
  }
  return ok(revived(plain as unknown as Artefact));
}

function isSigned(digest: string, signature: string | undefined, publicKey: string | undefined, publicKeyPem: string | undefined): boolean {
  if (signature === undefined) return false;
  try {
    const key =
      publicKeyPem === undefined
        ? createPublicKey({ key: Buffer.from(publicKey ?? '', 'base64'), type: 'spki', format: 'der' })
        : createPublicKey(publicKeyPem);
    return verify(null, Buffer.from(digest, 'hex'), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function digestOf(plain: object): string {
  return createHash('sha256').update(canonicalJson(plain)).digest('hex');
}

function plainNumbers(_key: string, value: unknown): unknown {
  if (value instanceof Float64Array || value instanceof Int32Array) return Array.from(value, rounded);
  return typeof value === 'number' ? rounded(value) : value;
}

function rounded(value: number): number {
  if (Number.isInteger(value)) return value;
  return Math.abs(value) < 1e-6 ? 0 : Number(value.toPrecision(DIGITS));
}

function revived(artefact: Artefact): Artefact {
  const tables = artefact.tables.map((table) => {
    const { model } = table;
    return {
      ...table,
      model: {
        ...model,
        slices: Float64Array.from(model.slices),
        groupings: model.groupings.map((grouping) => ({ ...grouping, groupOf: Int32Array.from(grouping.groupOf) })),
        fine: model.fine.map((values) => Float64Array.from(values)),
        edges: model.edges.map((edge) => ({ ...edge, table: Float64Array.from(edge.table) })),
      },
    };
  });
  return { ...artefact, tables };
}

/** Error bars of all marginals of an artefact, the widest first. Source: synthetic-and-masking.md §4.3, §11 item 4. */
export function errorBars(artefact: Artefact): readonly (MarginalError & { readonly table: string })[] {
  return artefact.tables
    .flatMap(({ table, model }) => model.errors.map((error) => ({ table, ...error })))
    .toSorted((left, right) => right.expectedTvd - left.expectedTvd);
}
