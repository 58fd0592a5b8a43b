import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { schemaDigest } from '../catalog/canonical-dataset.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { readDeclaration } from '../catalog/declaration.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Grant } from '../catalog/grant.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import { type Admitted, admit, answer, type Decided, type JobContext, translate } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { LOADER_LIMITS, loadDataset } from '../sandbox/loader/load-dataset.ts';
import { freeBytes } from './loader-adapter.ts';
import { withOwnEnclave } from './own-enclave.ts';

/** What stands in a kit's `kit.json`. The declaration stands beside it, as `schema.json`. */
export interface KitFacts {
  readonly format: 'sluice-kit-1';
  readonly schemaDigest: string;
  readonly version: DatasetVersion;
  readonly policy: DisclosurePolicy;
  readonly grant: Pick<Grant, 'tables' | 'endsOn' | 'scenario'>;
}

/** Folder of the tables in a kit, and names of the files that the check reads. */
export const KIT_FILES = { tables: 'data', facts: 'kit.json', schema: 'schema.json' } as const;

export interface KitParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly rng: Rng;
}

export interface KitAnswer {
  readonly admitted: Admitted;
  /** Null where only admission was asked for. */
  readonly decided: Decided | null;
}

const factsSchema = z.object({
  format: z.literal('sluice-kit-1'),
  schemaDigest: z.string(),
  version: z.looseObject({
    dataset: z.string(),
    version: z.string(),
    profile: z.object({ tables: z.array(z.unknown()), units: z.array(z.unknown()) }),
  }),
  policy: z.object({ k: z.int(), dominance: z.object({ units: z.literal(2), share: z.number() }), pShare: z.number() }),
  grant: z.object({
    tables: z.record(z.string(), z.union([z.literal('*'), z.array(z.string())])),
    endsOn: z.string(),
    scenario: z.string(),
  }),
});

/**
 * Admission of a query on the folder of a kit alone, with the very parts that an instance uses: same admission, same problems. With
 * `run` also the answer on the kit's simulation data, as a job with `--target sim` gives it. No server, no instance, no real data.
 * Refuses with `kit.unusable` where the folder is no kit or its schema was changed.
 * Source: issue "Simulation data" (admission check offline); requirement GZ-21a.
 */
export async function askKit(
  parts: KitParts,
  folder: string,
  question: { readonly sql: string; readonly dialect?: string; readonly run: boolean },
): Promise<Result<KitAnswer, readonly Problem[]>> {
  const kit = await readKit(folder);
  if (!kit.ok) return kit;
  const { facts, dataset, declaration } = kit.value;
  return withOwnEnclave(parts.config, async (enclave, own) => {
    const grant: Grant = { id: 'kit', merchant: 'kit', dataset: dataset.name, ...facts.grant };
    const context: JobContext = { dataset, version: facts.version, sealedPath: '', grant, policy: facts.policy };
    const translated = question.dialect === undefined ? null : await translate(question.sql, question.dialect, dataset);
    if (translated !== null && !translated.ok) return translated;
    const sql = translated === null ? question.sql : translated.value.sql;
    const admitted = await admit(sql, context, { enclave });
    if (!admitted.ok) return admitted;
    if (!question.run) return ok({ admitted: admitted.value, decided: null });
    const sealed = await loadDataset(
      {
        declaration,
        baseFolder: join(folder, KIT_FILES.tables),
        version: 'kit',
        targetFolder: join(own, 'sealed'),
        stagingFolder: own,
        origin: 'simulation',
        limits: LOADER_LIMITS,
        bucketKey: parts.rng.bytes(32),
        rowKeyKey: parts.rng.bytes(32),
      },
      { enclave, clock: parts.clock, freeBytes, progress: () => undefined },
    );
    if (!sealed.ok) return sealed;
    const sealedPath = join(own, 'sealed', dataset.name, 'kit.duckdb');
    const decided = await answer(sql, { ...context, version: sealed.value, sealedPath }, { enclave });
    return decided.ok ? ok({ admitted: admitted.value, decided: decided.value }) : decided;
  });
}

interface Kit {
  readonly facts: KitFacts;
  readonly dataset: Dataset;
  readonly declaration: unknown;
}

async function readKit(folder: string): Promise<Result<Kit, readonly Problem[]>> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown;
  let read: readonly [unknown, unknown];
  try {
    read = [await json(KIT_FILES.facts), await json(KIT_FILES.schema)];
  } catch {
    return err([problem('kit.unusable', { reason: 'missing' })]);
  }
  const facts = factsSchema.safeParse(read[0]);
  if (!facts.success) return err([problem('kit.unusable', { reason: 'format' })]);
  const declaration = readDeclaration(read[1]);
  if (!declaration.ok) return declaration;
  const { dataset } = declaration.value;
  if (schemaDigest(dataset) !== facts.data.schemaDigest) return err([problem('kit.unusable', { reason: 'schema' })]);
  return ok({ facts: facts.data as unknown as KitFacts, dataset, declaration: read[1] });
}
