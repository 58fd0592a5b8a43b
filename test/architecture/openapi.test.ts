import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fieldFault } from '../../src/governance/field.ts';
import { transitionOf } from '../../src/governance/machine.ts';
import { MACHINES } from '../../src/governance/machines.ts';
import { ACTIONS, PERMISSIONS } from '../../src/identity/permissions.ts';

/** The committed document, as somebody who writes a client reads it. `docs:check` holds it against the code. */
type Json = Readonly<Record<string, unknown>>;
interface Media {
  readonly schema: Json;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>;
}
interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
  readonly 'x-sluice-permission'?: string;
  readonly 'x-sluice-roles'?: Readonly<Record<string, string>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly examples: Readonly<Record<string, { value: unknown }>>;
  };
}

const document = JSON.parse(await readFile(new URL('../../docs/reference/openapi.json', import.meta.url), 'utf8')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
);

/** The example's own schema, with what it refers to, read by a validator that shares nothing with what made the example. */
function validates(schema: Json, value: unknown): string | null {
  const defs = JSON.parse(JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/')) as Json;
  // The validator reads patterns without the flag u: letters and digits are spelt out, more strictly.
  const spelt = JSON.stringify(schema).replaceAll('\\\\p{L}\\\\p{N}', 'A-Za-z0-9\\u4e00-\\u9fff');
  const own = JSON.parse(spelt.replaceAll('#/components/schemas/', '#/$defs/')) as Json;
  const parsed = z.fromJSONSchema({ ...own, $defs: defs } as never).safeParse(value);
  return parsed.success ? null : JSON.stringify(parsed.error.issues).slice(0, 300);
}

function examplesOf(media: Media): readonly unknown[] {
  const named = Object.values(media.examples ?? {}).map((item) =>
    item.$ref === undefined ? item.value : document.components.examples[item.$ref.split('/').at(-1) ?? '']?.value,
  );
  return media.example === undefined ? named : [media.example, ...named];
}

describe('the OpenAPI document', () => {
  test.each(operations)('$name: every body and answer has an example that its schema takes', ({ operation }) => {
    const contents = [operation.requestBody?.content, ...Object.values(operation.responses).map((response) => response.content)];
    const media = contents.flatMap((content) => Object.values(content ?? {}));
    expect(media.length).toBeGreaterThan(0);
    for (const item of media) {
      const examples = examplesOf(item);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(validates(item.schema, example)).toBeNull();
    }
  });

  test('every route says which permission it needs, and which roles have it, as the table of permissions does', () => {
    for (const { name, operation } of operations) {
      const action = operation['x-sluice-permission'];
      const isPublic = operation.security?.length === 0;
      expect(action === 'public', name).toBe(isPublic);
      if (action === 'public' || action === 'self') continue;
      expect(ACTIONS, name).toContain(action);
      const having = Object.entries(PERMISSIONS).flatMap(([role, granted]) => {
        const scope = (granted as Json)[action ?? ''];
        return scope === undefined ? [] : [[role, scope]];
      });
      expect(operation['x-sluice-roles'], name).toEqual(Object.fromEntries(having));
    }
  });

  test('a validator that takes everything would be seen', () => {
    expect(validates({ $ref: '#/components/schemas/Job' }, { id: 'job_1' })).not.toBeNull();
    expect(validates({ type: 'object', properties: { k: { type: 'integer' } }, required: ['k'] }, { k: 'ten' })).not.toBeNull();
  });

  test.each(MACHINES)('$noun: its examples hold the fields that its table requires, in a form that it takes', (machine) => {
    const bodyOf = (path: string): Json => {
      const example = document.paths[path]?.['post']?.requestBody?.content['application/json']?.example;
      return example as Json;
    };
    const opened = bodyOf(`/v1/${machine.plural}`)['fields'] as Json;
    expect(Object.keys(opened).sort()).toEqual([...(machine.opening.requires ?? [])].sort());
    const step = bodyOf(`/v1/${machine.plural}/{id}/steps`);
    const transition = transitionOf(machine, machine.initial, String(step['step']));
    expect(transition).not.toBeNull();
    const given = { ...opened, ...(step['fields'] as Json | undefined) };
    expect(Object.keys(given)).toEqual(expect.arrayContaining([...(transition?.requires ?? [])]));
    for (const [name, value] of Object.entries(given)) {
      const field = machine.fields[name];
      expect(field === undefined ? 'unknown' : fieldFault(field, value), name).toBeNull();
    }
  });
});
