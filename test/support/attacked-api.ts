import { buildApp } from '../../src/http/app.ts';
import type { App } from '../../src/http/routes/route-context.ts';
import { accountOperations } from '../../src/operations/account-operations.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { memoryAnswers } from '../unit/http/test-app.ts';
import type { TestInstance } from './operations-instance.ts';
import type { JsonSchema } from './schema-values.ts';

/** A route as the OpenAPI document has it. */
export interface AttackedRoute {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body: JsonSchema | null;
  readonly query: readonly { readonly name: string; readonly required?: boolean; readonly schema: JsonSchema }[];
  readonly isPublic: boolean;
  /** What the document says of it: a body that fits, the action it needs, and the roles that have it. */
  readonly example: unknown;
  readonly permission: string;
  readonly roles: readonly string[];
}

/** The whole API over an instance, asked by whoever `asker` names, with its routes, its schemas and the faults it logs. */
export interface AttackedApi {
  readonly app: App;
  readonly routes: readonly AttackedRoute[];
  readonly parts: Readonly<Record<string, JsonSchema>>;
  readonly faults: string[];
}

export async function attackedApi(instance: TestInstance, asker: () => Actor | null): Promise<AttackedApi> {
  const { store, clock, rng } = instance.ports;
  const faults: string[] = [];
  const app = await buildApp({
    operations: instance.operations,
    authenticate: async () => asker(),
    accounts: accountOperations({ store, clock, rng }),
    answers: memoryAnswers(),
    isHealthy: async () => true,
    rates: null,
    clock,
    rng,
    log: (line) => {
      if (line.event === 'fault') faults.push(`${line.method} ${line.route} ${line.kind} ${line.frames?.slice(0, 3).join(' ')}`);
    },
    inboxFolder: `${instance.folder}/inbox`,
    allowLocalFolders: false,
    limits: { bodyLimitBytes: 100_000, inboxFileLimitBytes: 1000, handlerTimeoutMs: 20_000, longHandlerTimeoutMs: 20_000 },
  });
  const document = app.swagger() as unknown as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
    components: { schemas: Record<string, JsonSchema> };
  };
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, item]) => routeOf(path, method, item)),
  );
  return { app, routes, parts: document.components.schemas, faults };
}

function routeOf(path: string, method: string, item: Readonly<Record<string, unknown>>): AttackedRoute {
  const body = item['requestBody'] as { content?: Record<string, { schema: JsonSchema; example: unknown }> } | undefined;
  const json = body?.content?.['application/json'];
  const query = ((item['parameters'] as { in: string; name: string; required?: boolean; schema: JsonSchema }[] | undefined) ?? []).filter(
    (parameter) => parameter.in === 'query',
  );
  const isPublic = Array.isArray(item['security']) && item['security'].length === 0;
  const permission = String(item['x-sluice-permission']);
  const roles = Object.keys(item['x-sluice-roles'] as object);
  const verb = method.toUpperCase() as AttackedRoute['method'];
  return { method: verb, path, body: json?.schema ?? null, query, isPublic, example: json?.example, permission, roles };
}
