import { z } from 'zod';
import type { FieldDefinition } from '../../governance/field.ts';
import type { Machine } from '../../governance/machine.ts';
import { statesOf } from '../../governance/machine.ts';
import { pageQuery } from './common.ts';
import { API_SCHEMAS } from './registry.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** A proceeding as it is shown. Source: requirements.md §5. */
export const matterSchema = z
  .object({
    id: z.string(),
    noun: z.string(),
    state: z.string(),
    revision: z.number(),
    organisation: z.string(),
    city: z.string(),
    profile: z.string(),
    fields: z.record(z.string(), value),
    timers: z.array(
      z.object({
        name: z.string(),
        startedOn: z.string(),
        dueOn: z.string(),
        provisional: z.boolean(),
        calendar: z.string(),
        endedAt: z.string().nullable(),
        breachedAt: z.string().nullable(),
      }),
    ),
    steps: z.array(
      z.object({
        step: z.string(),
        from: z.string(),
        to: z.string(),
        actor: z.string(),
        organisation: z.string(),
        role: z.string(),
        at: z.string(),
        reason: z.string().nullable(),
      }),
    ),
    next: z.array(z.string()),
    openedAt: z.string(),
    updatedAt: z.string(),
  })
  .register(API_SCHEMAS, { id: 'Matter' });

export const matterNoticeSchema = z
  .object({
    id: z.string(),
    role: z.string().nullable(),
    organisation: z.string().nullable(),
    matter: z.string(),
    noun: z.string(),
    kind: z.enum(['step', 'late', 'provisional']),
    what: z.string(),
    state: z.string(),
    at: z.string(),
  })
  .register(API_SCHEMAS, { id: 'MatterNotice' });

export const catalogueEntrySchema = z
  .object({
    id: z.string(),
    catalogueName: z.string(),
    itemNames: z.array(z.string()),
    provider: z.string(),
    shareType: z.string(),
    openness: z.string(),
    updateFrequency: z.string(),
    city: z.string(),
  })
  .register(API_SCHEMAS, { id: 'CatalogueEntry' });

/** Form of a field; whether it belongs to the step, and fits, is the operation's to say, with advice. */
function fieldSchema(field: FieldDefinition): z.ZodType<string | number | boolean | string[]> {
  switch (field.kind) {
    case 'number':
      return z.int().min(0);
    case 'flag':
      return z.boolean();
    case 'word':
      return z.enum([...(field.words ?? [])]);
    case 'words':
      return z.array(z.enum([...(field.words ?? [])])).max(200);
    case 'names':
    case 'matters':
      return z.array(z.string().max(200)).max(200);
    default:
      return z.string().max(4000);
  }
}

/** Bodies and filters of one kind of matter, from its table. */
export function matterBodies(machine: Machine) {
  const fields = z.strictObject(
    Object.fromEntries(Object.entries(machine.fields).map(([name, field]) => [name, fieldSchema(field).optional()])),
  );
  const steps = [
    ...new Set(machine.transitions.filter((item) => item.by.some((by) => by !== 'clock' && by !== 'system')).map((item) => item.step)),
  ];
  return {
    open: z.strictObject({ city: z.string().min(1).max(40), fields }),
    step: z.strictObject({ step: z.enum(steps), fields: fields.optional(), reason: z.string().max(4000).optional() }),
    filter: z.strictObject({ state: z.enum([...statesOf(machine)]).optional(), ...pageQuery }),
  };
}

export const catalogueQuery = z.strictObject({
  query: z.string().max(200).optional(),
  shareType: z.enum(['unconditional', 'conditional', 'none']).optional(),
  provider: z.string().min(1).max(200).optional(),
  ...pageQuery,
});

export const noticeQuery = z.strictObject(pageQuery);
