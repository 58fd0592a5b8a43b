import { z } from 'zod';

/** Schemas that stand under their name in the OpenAPI document's components. */
export const API_SCHEMAS = z.registry<{ id: string }>();
