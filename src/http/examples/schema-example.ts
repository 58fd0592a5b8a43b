import { NUMBERS, textFor } from './field-values.ts';

/** What of a JSON schema (draft 2020-12, as OpenAPI 3.1 has it) examples are made from. */
export interface ExampleSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly ExampleSchema[];
  readonly oneOf?: readonly ExampleSchema[];
  readonly properties?: Readonly<Record<string, ExampleSchema>>;
  readonly additionalProperties?: boolean | ExampleSchema;
  readonly items?: ExampleSchema | false;
  readonly prefixItems?: readonly ExampleSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ExampleParts {
  /** Schemas that `$ref` names. */
  readonly schemas: Readonly<Record<string, ExampleSchema>>;
  /** Examples of named schemas that were written by hand. */
  readonly written: Readonly<Record<string, unknown>>;
}

/**
 * A value that fits the schema, with every field it may have, told by the name of its field. Not for patterns: a field with one
 * stands in `field-values.ts`, and a test holds every example against its schema. Own design: ADR 0032.
 */
export function exampleOf(schema: ExampleSchema, parts: ExampleParts, name = ''): unknown {
  if (schema.$ref !== undefined) {
    const part = schema.$ref.split('/').at(-1) ?? '';
    return parts.written[part] ?? exampleOf(parts.schemas[part] ?? {}, parts, name);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice !== undefined) return exampleOf(choice, parts, name);
  switch (typeof schema.type === 'object' ? schema.type[0] : schema.type) {
    case 'object':
      return objectExample(schema, parts);
    case 'array': {
      if (schema.prefixItems !== undefined) return schema.prefixItems.map((item) => exampleOf(item, parts, name));
      const item = schema.items === undefined || schema.items === false || Object.keys(schema.items).length === 0 ? null : schema.items;
      return item === null ? [] : Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => exampleOf(item, parts, name));
    }
    case 'integer':
    case 'number':
      return Math.min(Math.max(NUMBERS[name] ?? 1, schema.minimum ?? Number.NEGATIVE_INFINITY), schema.maximum ?? Number.POSITIVE_INFINITY);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textFor(name);
  }
}

function objectExample(schema: ExampleSchema, parts: ExampleParts): Readonly<Record<string, unknown>> {
  const fields = Object.entries(schema.properties ?? {}).map(([field, part]) => [field, exampleOf(part, parts, field)] as const);
  return Object.fromEntries(fields);
}
