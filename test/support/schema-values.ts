/** What of a JSON schema (OpenAPI 3.1) values are made from. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Texts that have gone wrong in other services; none of them stands in any record. */
export const NASTY_TEXTS = [
  "'; DROP TABLE jobs; --",
  '../../etc/passwd',
  '\u0000',
  '${7*7}',
  '\u202eabc',
  '𝒜'.repeat(50),
  '-1',
  '1e309',
  '__proto__',
  '[]',
];

/** A value that fits the schema, with optional fields where `whole`; `text` stands where any text may. */
export function fittingValue(schema: JsonSchema, parts: Readonly<Record<string, JsonSchema>>, whole: boolean, text: string): unknown {
  const again = (part: JsonSchema): unknown => fittingValue(part, parts, whole, text);
  if (schema.$ref !== undefined) return again(parts[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (choice !== undefined) return again(choice);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const names = Object.keys(schema.properties ?? {}).filter((name) => whole || schema.required?.includes(name));
      return Object.fromEntries(names.map((name) => [name, again(schema.properties?.[name] ?? {})]));
    }
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, whole ? 1 : 0) }, () => again(schema.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return schema.pattern === undefined ? text : '1';
  }
}
