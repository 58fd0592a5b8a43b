import { z } from 'zod';
import { modeSchema } from '../../catalog/disclosure-mode.ts';
import { IDENTIFIER_MODES } from '../../operations/simulation-interface.ts';
import { SIMULATION_STATES } from '../../operations/simulation-states.ts';
import { datasetName, problemItem, resultTableSchema } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

export const versionSchema = z
  .object({
    dataset: z.string(),
    version: z.string(),
    state: z.enum(['queryable', 'withdrawn', 'erased']),
    digest: z.string(),
    bytes: z.number(),
    loadedAt: z.string(),
    rows: z.number(),
  })
  .register(API_SCHEMAS, { id: 'DatasetVersion' });

export const datasetSchema = z
  .object({
    dataset: z.string(),
    title: z.object({ zh: z.string(), en: z.string() }),
    provider: z.string(),
    currentVersion: z.string().nullable(),
    tables: z.array(z.unknown()),
    mode: modeSchema,
    standardTables: z.array(z.object({ name: z.string(), sql: z.string(), table: resultTableSchema.optional() })),
    versions: z.array(versionSchema).optional(),
  })
  .register(API_SCHEMAS, { id: 'Dataset' });

export const loadSchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    state: z.enum(['running', 'done', 'refused', 'failed']),
    step: z.string(),
    percent: z.number(),
    version: versionSchema.optional(),
    problems: z.array(problemItem).optional(),
  })
  .register(API_SCHEMAS, { id: 'Load' });

/** `declaration` is checked by the loader itself, which names every fault of it. */
export const loadBody = z.strictObject({
  declaration: z.record(z.string(), z.unknown()),
  localFolder: z.string().min(1).max(4096).optional(),
});

export const withdrawalBody = z.strictObject({ reason: z.string().max(4000), erase: z.boolean() });

export const inboxFileSchema = z
  .object({ name: z.string(), bytes: z.number(), sha256: z.string() })
  .register(API_SCHEMAS, { id: 'InboxFile' });

export const simulationSchema = z
  .object({
    id: z.string(),
    dataset: z.string(),
    state: z.enum(SIMULATION_STATES),
    rows: z.number(),
    seed: z.string(),
    label: z.enum(['SIMULATED-L0', 'SIMULATED-L1']),
    digest: z.string(),
    createdAt: z.string(),
    datasetVersion: z.string().nullable(),
    checkedBy: z.string().optional(),
    publishedBy: z.string().optional(),
    model: z.string().optional(),
    mode: z.enum(IDENTIFIER_MODES).optional(),
    tables: z.array(z.object({ table: z.string(), rows: z.number(), digest: z.string() })),
  })
  .register(API_SCHEMAS, { id: 'Simulation' });

export const underWaySchema = z
  .object({ id: z.string(), dataset: z.string(), rows: z.number(), percent: z.number(), startedAt: z.string() })
  .register(API_SCHEMAS, { id: 'SimulationUnderWay' });

export const simulationBody = z.strictObject({
  dataset: datasetName,
  rows: z.int().min(1).max(100_000_000),
  seed: z.string().min(1).max(100),
  model: z.string().min(1).max(200).optional(),
  sql: z.string().min(1).max(200_000).optional(),
  mode: z.enum(IDENTIFIER_MODES).optional(),
});

export const fitBody = z.strictObject({
  dataset: datasetName,
  epsilon: z.number(),
  delta: z.number(),
  target: z.string().min(1).max(200).optional(),
  unit: z.string().min(1).max(200).optional(),
  independent: z.boolean().optional(),
});

export const fidelityBody = z.strictObject({ simulation: z.string().min(1).max(200), target: z.string().min(1).max(200).optional() });

export const fitBudgetSchema = z
  .object({ dataset: z.string(), limit: z.number(), spent: z.number() })
  .register(API_SCHEMAS, { id: 'FitBudget' });

/** Everything that admission reads; see `SimulationKit`. */
export const kitSchema = z
  .object({
    format: z.literal('sluice-kit-1'),
    simulation: simulationSchema,
    schemaDigest: z.string(),
    dataset: z.record(z.string(), z.unknown()),
    version: z.record(z.string(), z.unknown()),
    policy: z.record(z.string(), z.unknown()),
    grant: z.record(z.string(), z.unknown()),
  })
  .register(API_SCHEMAS, { id: 'SimulationKit' });

const grantFields = {
  merchant: z.string().min(1).max(200),
  dataset: datasetName,
  scenario: z.string().trim().min(1).max(2000),
  tables: z.record(z.string().min(1).max(200), z.union([z.literal('*'), z.array(z.string().min(1).max(200))])),
  endsOn: z.iso.date(),
  /** Id of the agreement or laboratory it rests on. */
  basis: z.string().min(1).max(200).optional(),
  mode: modeSchema.optional(),
};

export const grantBody = z.strictObject(grantFields);
export const grantSchema = z.object({ id: z.string(), ...grantFields }).register(API_SCHEMAS, { id: 'Grant' });
