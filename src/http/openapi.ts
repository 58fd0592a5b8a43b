import fastifySwagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PRODUCT_VERSION } from '../kernel/product-version.ts';
import type { App } from './routes/route-context.ts';
import { noQuery } from './schemas/common.ts';
import { PROBLEM_RESPONSES } from './schemas/problem.ts';
import { API_SCHEMAS } from './schemas/registry.ts';

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
    transform: createJsonSchemaTransform({ schemaRegistry: API_SCHEMAS }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry: API_SCHEMAS }),
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
