import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { columnSchema, datasetJsonSchema } from '../../../src/catalog/declaration-schema.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/declaration.md', import.meta.url), 'utf8');

function example(): unknown {
  return JSON.parse(/```json\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? 'null');
}

/** Names of fields of a declaration, from the schema: the dataset's, a table's, a column's. */
function fields(): readonly string[] {
  type Node = { readonly properties?: Record<string, Node>; readonly additionalProperties?: Node };
  const root = datasetJsonSchema() as Node;
  const table = root.properties?.['tables']?.additionalProperties;
  return [root, table, { properties: columnSchema.shape as unknown as Record<string, Node> }].flatMap((node) =>
    Object.keys(node?.properties ?? {}),
  );
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

describe('docs/reference/declaration.md', () => {
  test('its example is a valid declaration', () => {
    const read = readDeclaration(example());
    expect(read.ok ? [] : read.error).toEqual([]);
    expect(read.ok && Object.keys(read.value.files)).toEqual(['lines', 'employers', 'cards', 'journeys']);
  });

  test('its example can be simulated', () => {
    const read = readDeclaration(example());
    if (!read.ok) throw new Error('The example is refused');
    expect(planSimulation(read.value.dataset, { seed: 'reference', rows: 100 }).ok).toBe(true);
  });

  test('its example uses every field, and its tables name every field', () => {
    const used = new Set(namesIn(example()));
    expect(fields().length).toBeGreaterThan(25);
    expect(fields().filter((name) => !used.has(name))).toEqual([]);
    expect(fields().filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([]);
  });
});
