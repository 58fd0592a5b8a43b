import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { roundToBits } from '../significant-bits.ts';
import { ALGORITHMS, type AlgorithmName, isAlgorithm, type Parameters } from './algorithms.ts';
import { privateQuestions } from './private-form.ts';

/** Significant bits of every number that a model says. */
export const MODEL_BITS = 12;

const name = z.string().regex(/^[a-z][a-z0-9_]{0,40}$/);
const expression = z.string().min(1).max(400);
const level = z.union([z.string().min(1).max(40), z.int().min(-1_000_000_000).max(1_000_000_000), z.boolean()]);
const bounds = z.tuple([z.number(), z.number()]).refine(([low, high]) => Number.isFinite(low) && Number.isFinite(high) && low < high);
const domain = z
  .array(level)
  .min(2)
  .max(50)
  .refine((levels) => new Set(levels.map(String)).size === levels.length);

const feature = z.discriminatedUnion('type', [
  z.strictObject({ name, expr: expression.optional(), type: z.literal('numeric'), bounds, bins: z.int().min(2).max(64).default(16) }),
  z.strictObject({ name, expr: expression.optional(), type: z.literal('categorical'), domain }),
]);

const label = z.discriminatedUnion('type', [
  z.strictObject({ name: name.default('label'), expr: expression, type: z.literal('binary'), domain: domain.max(2) }),
  z.strictObject({ name: name.default('label'), expr: expression, type: z.literal('categorical'), domain: domain.max(20) }),
  z.strictObject({ name: name.default('label'), expr: expression, type: z.literal('numeric'), bounds }),
  z.strictObject({ name: name.default('label'), expr: expression, type: z.literal('count'), bounds }),
]);

const HOLDOUTS = [0.1, 0.2, 0.3, 0.4, 0.5];
const ARTEFACTS = ['onnx-ml', 'sql', 'json'] as const;
const METRICS = ['accuracy', 'auc', 'r2', 'deviance', 'inertia'] as const;

const specification = z.strictObject({
  kind: z.literal('train'),
  dataset: z.string().min(1).max(64),
  algorithm: z.string().max(40),
  cohort: z.strictObject({ sql: z.string().min(1).max(20_000), unit: z.string().min(1).max(64) }),
  features: z.array(feature).min(1).max(64),
  label: label.optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  split: z
    .strictObject({
      // A share of a few: two splits of one cohort differ by a tenth of it, never by a person.
      holdout: z.number().refine((value) => HOLDOUTS.includes(value)),
      seed: z.int().min(0).max(2_147_483_646),
      by: z.literal('unit').default('unit'),
    })
    .default({ holdout: 0.3, seed: 1, by: 'unit' }),
  privacy: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('checked') }),
      z.strictObject({ mode: z.literal('dp'), epsilon: z.number().gt(0).max(20), delta: z.number().gt(0).max(1e-5) }),
    ])
    .default({ mode: 'checked' }),
  release: z
    .strictObject({
      artefact: z.union([z.enum(ARTEFACTS), z.array(z.enum(ARTEFACTS)).min(1)]).default([...ARTEFACTS]),
      precision_bits: z.int().min(4).max(MODEL_BITS).default(MODEL_BITS),
      metrics: z.array(z.enum(METRICS)).optional(),
    })
    .default({ artefact: [...ARTEFACTS], precision_bits: MODEL_BITS }),
});

type Read = z.infer<typeof specification>;
export type FeatureSpec = Read['features'][number];
export type LabelSpec = NonNullable<Read['label']>;

/** A specification with every default written out. The same object for texts that mean the same. */
export interface TrainingSpec extends Omit<Read, 'algorithm' | 'params' | 'release'> {
  readonly algorithm: AlgorithmName;
  readonly params: Parameters;
  readonly release: { readonly artefact: readonly (typeof ARTEFACTS)[number][]; readonly precision_bits: number };
}

/** A place in the specification that is not as it must be; never a value of it. */
export interface SpecFault {
  readonly path: string;
  readonly reason: 'form' | 'algorithm' | 'params' | 'label' | 'names' | 'bounds' | 'privacy';
}

/**
 * Reads a specification: strict keys, names of few letters, numbers from short lists, bounds and domains declared. It does not look at the
 * catalogue: whether the cohort may be asked is the gate's. Source: models-and-audit.md §1.9, M01, M34; issue "Models" (declarative training).
 */
export function readTrainingSpec(value: unknown): Result<TrainingSpec, readonly SpecFault[]> {
  const read = specification.safeParse(value);
  if (!read.success) return err(read.error.issues.slice(0, 10).map((issue) => ({ path: pathOf(issue.path), reason: 'form' as const })));
  const { algorithm, params, release, ...rest } = read.data;
  if (!isAlgorithm(algorithm)) return err([{ path: 'algorithm', reason: 'algorithm' }]);
  const parameters = ALGORITHMS[algorithm].params.safeParse(params);
  if (!parameters.success)
    return err(parameters.error.issues.slice(0, 10).map((issue) => ({ path: `params.${pathOf(issue.path)}`, reason: 'params' })));
  const spec: TrainingSpec = {
    ...rest,
    features: rest.features.map(settledFeature),
    algorithm,
    params: parameters.data as Parameters,
    release: { artefact: [...new Set([release.artefact].flat())].sort(), precision_bits: release.precision_bits },
  };
  const faults = faultsOf(spec);
  return faults.length > 0 ? err(faults) : ok(spec);
}

/** Place in a JSON text: keys of our own and positions, nothing that was written. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : /^[a-z_]{1,20}$/.test(String(part)) ? String(part) : '?')).join('.');
}

function settledFeature(given: FeatureSpec): FeatureSpec {
  if (given.type === 'categorical') return given;
  const [low, high] = given.bounds;
  return { ...given, bounds: [roundToBits(low, MODEL_BITS), roundToBits(high, MODEL_BITS)] };
}

function faultsOf(spec: TrainingSpec): readonly SpecFault[] {
  const faults: SpecFault[] = [];
  const wanted = ALGORITHMS[spec.algorithm].label;
  const given =
    spec.label === undefined ? 'none' : spec.label.type === 'numeric' ? 'number' : spec.label.type === 'count' ? 'count' : 'classes';
  if (wanted !== given && !(wanted === 'number' && given === 'count')) faults.push({ path: 'label.type', reason: 'label' });
  if (spec.algorithm === 'scorecard' && spec.label?.type === 'categorical') faults.push({ path: 'label.type', reason: 'label' });
  if (spec.algorithm === 'gbdt_classifier' && spec.label?.type === 'categorical') faults.push({ path: 'label.type', reason: 'label' });
  if (
    (wanted === 'count' || spec.algorithm === 'gamma_regression') &&
    spec.label !== undefined &&
    'bounds' in spec.label &&
    spec.label.bounds[0] !== 0
  )
    faults.push({ path: 'label.bounds', reason: 'bounds' });
  const names = [...spec.features.map((item) => item.name), ...(spec.label === undefined ? [] : [spec.label.name])];
  if (new Set(names).size !== names.length) faults.push({ path: 'features', reason: 'names' });
  for (const [index, item] of spec.features.entries())
    if (item.type === 'numeric' && !(item.bounds[0] < item.bounds[1]))
      faults.push({ path: `features.[${index}].bounds`, reason: 'bounds' });
  // A claim that does not hold is refused, not ignored.
  if (spec.privacy.mode === 'dp' && privateQuestions(spec) === null) faults.push({ path: 'privacy.mode', reason: 'privacy' });
  return faults;
}

/** The one text of a specification; its SHA-256 is what passes on simulation data and is promoted. Source: RFC 8785; models-and-audit.md M28. */
export function specText(spec: TrainingSpec): string {
  return canonicalJson(spec);
}

/** SHA-256 of `specText`, hex. Source: issue "Models" (only its hash may be promoted). */
export function specHash(spec: TrainingSpec): string {
  return createHash('sha256').update(specText(spec), 'utf8').digest('hex');
}
