import fastifySwagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PRODUCT_VERSION } from '../kernel/product-version.ts';
import { type ApiDocument, withExamples } from './openapi-annotations.ts';
import { routePermission } from './route-actions.ts';
import type { App } from './routes/route-context.ts';
import { noQuery } from './schemas/common.ts';
import { PROBLEM_RESPONSES } from './schemas/problem.ts';
import { API_SCHEMAS } from './schemas/registry.ts';

const SCHEMAS = createJsonSchemaTransform({ schemaRegistry: API_SCHEMAS });
const NAMED_SCHEMAS = createJsonSchemaTransformObject({ schemaRegistry: API_SCHEMAS });

type Transform = typeof SCHEMAS;
type TransformObject = typeof NAMED_SCHEMAS;

/** Who may use the route stands beside it; bytes that are streamed have no schema of their own to be read from. */
const describeRoute: Transform = (input) => {
  const made = SCHEMAS(input);
  const { permission, mediaType } = input.route.config ?? {};
  const allowed = routePermission(permission);
  const body = mediaType === undefined ? {} : { body: { type: 'string', format: 'binary' } };
  const extensions = { 'x-sluice-permission': allowed.permission, 'x-sluice-roles': allowed.roles };
  return { ...made, schema: { ...made.schema, ...body, ...extensions } as typeof made.schema };
};

const describeAll: TransformObject = (input) => withExamples(NAMED_SCHEMAS(input) as ApiDocument) as ReturnType<TransformObject>;

/** OpenAPI 3.1 from the schemas that also validate. Register before the routes. Source: architecture.md "Parts chosen". */
export async function registerOpenApi(app: App): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        version: PRODUCT_VERSION,
        description: 'A privacy-preserving data sandbox: data usable but not visible.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'sluice_session' },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: describeRoute,
    transformObject: describeAll,
  });
}

export function registerOpenApiRoute(app: App): void {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { public: true },
    schema: {
      tags: ['health'],
      summary: 'This document',
      security: [],
      querystring: noQuery,
      response: { 200: z.record(z.string(), z.unknown()), ...PROBLEM_RESPONSES },
    },
    handler: async (_request, reply) => reply.send(app.swagger() as unknown as Record<string, unknown>),
  });
}
