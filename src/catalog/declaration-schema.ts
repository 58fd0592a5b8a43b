import { z } from 'zod';
import { IDENTIFIER_KINDS } from '../identifiers/identifier-kind.ts';
import { BUCKETS } from './dataset.ts';
import { modeSchema } from './disclosure-mode.ts';
import { K_FLOOR } from './disclosure-policy.ts';
import { profileCatalogue } from './profiles/profile-catalogue.ts';
import { simulationHints } from './simulation-hints.ts';

/** Closed lists of a declaration. Source: formats.md, "Dataset declaration"; requirements QY-13, QY-32, NB-4b. */
export const LABELS = ['none', 'personal', 'sensitivePersonal', 'tradeSecret', 'workSecret', 'stateSecret'] as const;
export const ROLES = ['unitId', 'directId', 'quasiId', 'sensitive', 'measure', 'dimension'] as const;
export const SEMANTICS = [...IDENTIFIER_KINDS, 'text', 'amount', 'count', 'region'] as const;
export const GRADES = ['general', 'important', 'core'] as const;
export const SHARE_TYPES = ['unconditional', 'conditional', 'none'] as const;
export const OPENNESS = ['unconditional', 'conditional'] as const;
/** Grids that the gate knows (`sandbox/sql/grid.ts`); `standard` and `month` are what it takes anyway. */
export const GRIDS = ['standard', '1-2-5', 'month'] as const;

/** Ways to say that data may not be opened; all are refused with a problem of their own. Source: requirement NB-4b. */
export const NOT_OPEN: ReadonlySet<string> = new Set([
  'prohibited',
  'none',
  'closed',
  '不予开放',
  '不予开放类',
  '禁止开放',
  '禁止开放类',
  '禁止',
  '不开放',
]);

const text = z.string().min(1).max(200);
const bound = z.union([z.number(), z.string().max(40)]);

/** One column as declared. What depends on its type or table is checked by `readDeclaration`, not here. */
export const columnSchema = z.strictObject({
  type: z.string().max(40),
  label: z.enum(LABELS),
  role: z.enum(ROLES),
  nullable: z.boolean().optional(),
  semantic: z.enum(SEMANTICS).optional(),
  bounds: z.tuple([bound, bound]).optional(),
  domain: z
    .array(z.union([z.number(), z.string().max(1000)]))
    .min(1)
    .max(100_000)
    .optional(),
  publicDomain: z.boolean().optional(),
  factFamily: text.optional(),
  grid: z.enum(GRIDS).optional(),
  masking: z.enum(['withheld', 'decade', 'year', 'quarter', 'month', 'county', 'prefecture', 'province']).optional(),
  hierarchy: z.string().min(1).max(400).optional(),
});

const references = z.union([z.string().max(200), z.array(z.string().max(200)).min(1).max(16)]);

const tableFields = {
  file: z.string().min(1).max(400).optional(),
  encoding: z.enum(['utf-8', 'gb18030']).optional(),
  visibility: z.enum(['public', 'protected']),
  primaryKey: z.array(z.string().max(200)).max(16),
  foreignKeys: z
    .array(z.strictObject({ columns: z.array(z.string().max(200)).min(1).max(16), references }))
    .max(200)
    .optional(),
  units: z.record(z.string(), z.array(z.string().max(400)).min(1).max(9)).optional(),
  rows: z.int().min(0).max(1_000_000_000).optional(),
  standingFilters: z.array(z.string().min(1).max(2000)).max(50).optional(),
  simulation: simulationHints.optional(),
};

/** One table whose columns are not looked at yet. */
export const looseTableSchema = z.strictObject({ ...tableFields, columns: z.record(z.string(), z.unknown()) });

const tableSchema = z.strictObject({ ...tableFields, columns: z.record(z.string(), columnSchema) });

const CITY_IDS = profileCatalogue().ids;

const headFields = {
  dataset: z.string().max(64),
  title: z.strictObject({ zh: text, en: text }),
  provider: text,
  collectedBy: text.optional(),
  verifiedBy: text.optional(),
  grade: z.enum(GRADES),
  shareType: z.enum(SHARE_TYPES),
  updateFrequency: z.string().min(1).max(40),
  cities: z.array(z.enum(CITY_IDS)).min(1).max(20).optional(),
  publicSource: z.strictObject({ legalBasis: text, evidenceDigest: z.string().regex(/^[0-9a-f]{64}$/), confirmedBy: text }).optional(),
  k: z
    .int()
    .min(K_FLOOR)
    .max(BUCKETS / 4)
    .optional(),
  mode: modeSchema.optional(),
  mergeWithheld: z.boolean().optional(),
  standardTables: z
    .array(z.strictObject({ name: z.string().min(1).max(63), sql: z.string().min(1).max(20_000) }))
    .max(50)
    .optional(),
};

/** A declaration whose tables are not looked at yet. */
export const looseDatasetSchema = z.strictObject({
  ...headFields,
  openness: z.string().max(40),
  tables: z.record(z.string(), z.unknown()),
});

/**
 * The form of a declaration, for the API's documentation (`z.toJSONSchema`). It fixes fields and closed lists only;
 * `readDeclaration` checks everything, and names every problem at once.
 * Source: formats.md, "Dataset declaration".
 */
export const declarationSchema = z.strictObject({ ...headFields, openness: z.enum(OPENNESS), tables: z.record(z.string(), tableSchema) });

export type DeclaredColumn = z.infer<typeof columnSchema>;
export type DeclaredTable = z.infer<typeof looseTableSchema>;
export type DeclaredHead = z.infer<typeof looseDatasetSchema>;

/** JSON Schema (draft 2020-12) of a declaration. */
export function datasetJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(declarationSchema) as Readonly<Record<string, unknown>>;
}
