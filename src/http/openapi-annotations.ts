import { matterExamples } from './examples/matter-examples.ts';
import { type ExampleSchema, exampleOf } from './examples/schema-example.ts';
import { REFUSALS, WRITTEN_BODIES, WRITTEN_SCHEMAS } from './examples/written-examples.ts';

interface MediaType {
  readonly schema?: ExampleSchema;
}
type Content = Readonly<Record<string, MediaType>>;

interface ApiOperation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** What of an OpenAPI document is read and written here. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, ExampleSchema>> };
}

/** Bytes have no example in JSON; these stand for what they begin with. */
const TEXT_EXAMPLES: Readonly<Record<string, string>> = {
  'text/csv': 'district,residents\n东城,1204\n',
  'text/event-stream': 'id: 1\nevent: state\ndata: {"seq":1,"state":"SUBMITTED","at":"2026-03-02T09:30:00.000Z"}\n\n',
  'text/plain': '# TYPE sluice_http_requests_total counter\nsluice_http_requests_total{method="GET",status="200"} 42\n',
  'text/html': '<!doctype html><title>Report</title>',
};

/** Every schema that is referred to, its own references included. */
function namesIn(value: unknown, schemas: Readonly<Record<string, unknown>>, found: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, part] of Object.entries(value)) {
    const name = key === '$ref' ? String(part).split('/').at(-1) : undefined;
    if (name === undefined) namesIn(part, schemas, found);
    else if (!found.has(name)) {
      found.add(name);
      namesIn(schemas[name], schemas, found);
    }
  }
  return found;
}

/**
 * The document with an example at every body and answer, and without schemas that nothing refers to. Changes nothing else.
 * Source: OpenAPI 3.1 §4.8.14 (media types), §4.8.19 (examples); tracker issue 5 ("permission and examples"); ADR 0032.
 */
export function withExamples(document: ApiDocument): ApiDocument {
  const schemas = document.components?.schemas ?? {};
  const used = namesIn(document.paths, schemas);
  const paths = Object.entries(document.paths ?? {}).map(([path, operations]) => {
    const annotated = Object.entries(operations).map(([method, item]) => [method, annotate(item, method, path, schemas)] as const);
    return [path, Object.fromEntries(annotated)] as const;
  });
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))),
      examples: REFUSALS,
    } as ApiDocument['components'] & object,
  };
}

function annotate(item: ApiOperation, method: string, path: string, schemas: Readonly<Record<string, ExampleSchema>>): ApiOperation {
  const matter = matterExamples(path.split('/')[2] ?? '');
  const written = matter === null ? WRITTEN_SCHEMAS : { ...WRITTEN_SCHEMAS, Matter: matter.shown };
  const parts = { schemas, written };
  const body = matter === null ? WRITTEN_BODIES[`${method} ${path}`] : path.endsWith('/steps') ? matter.step : matter.open;
  const responses = Object.entries(item.responses).map(([status, response]) => {
    if (response.content === undefined) return [status, response] as const;
    const content = Object.entries(response.content).map(([type, media]) => [type, answerExample(status, type, media, parts)] as const);
    return [status, { ...response, content: Object.fromEntries(content) }] as const;
  });
  const sent = Object.entries(item.requestBody?.content ?? {}).map(([type, media]) => {
    const example = type === 'application/json' ? (body ?? exampleOf(media.schema ?? {}, parts)) : TEXT_EXAMPLES['text/csv'];
    return [type, { ...media, example }] as const;
  });
  return {
    ...item,
    ...(item.requestBody === undefined ? {} : { requestBody: { ...item.requestBody, content: Object.fromEntries(sent) } }),
    responses: Object.fromEntries(responses),
  };
}

function answerExample(status: string, type: string, media: MediaType, parts: Parameters<typeof exampleOf>[1]): unknown {
  if (type === 'application/problem+json') {
    const name = status.startsWith('5') ? 'Fault' : 'Refused';
    return { ...media, examples: { [name.toLowerCase()]: { $ref: `#/components/examples/${name}` } } };
  }
  if (type === 'application/json') return { ...media, example: exampleOf(media.schema ?? {}, parts) };
  return { ...media, example: TEXT_EXAMPLES[type] ?? 'PAR1' };
}
