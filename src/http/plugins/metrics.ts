import type { FastifyInstance } from 'fastify';

/** Upper ends of the buckets of durations, seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

interface Series {
  count: number;
  seconds: number;
  readonly buckets: number[];
}

export interface Metrics {
  /** Prometheus text format 0.0.4. */
  text(): string;
}

/**
 * Counts of requests by method, pattern of the route and class of the status, their durations, those under way, and of
 * the process. No label holds an id, a name, an address or anything of the data: a pattern is one of the code's.
 * Source: Prometheus exposition format 0.0.4; requirements.md §7.6 (allow-listed).
 */
export function registerMetrics(app: FastifyInstance, openStreams: () => number): Metrics {
  const series = new Map<string, Series>();
  let underWay = 0;
  app.addHook('onRequest', async () => {
    underWay += 1;
  });
  app.addHook('onResponse', async (request, reply) => {
    underWay -= 1;
    const { method } = request;
    const known = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    const labels = `method="${METHODS.includes(method) ? method : 'other'}",route="${known}",status="${Math.floor(reply.statusCode / 100)}xx"`;
    const one = series.get(labels) ?? { count: 0, seconds: 0, buckets: BOUNDS.map(() => 0) };
    series.set(labels, one);
    const seconds = reply.elapsedTime / 1000;
    one.count += 1;
    one.seconds += seconds;
    const at = BOUNDS.findIndex((bound) => seconds <= bound);
    if (at >= 0) one.buckets[at] = (one.buckets[at] ?? 0) + 1;
  });
  return { text: () => [...requestLines(series), ...processLines(underWay, openStreams())].join('\n').concat('\n') };
}

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];

function requestLines(series: ReadonlyMap<string, Series>): readonly string[] {
  const name = 'sluice_http_request_duration_seconds';
  const lines = [`# HELP ${name} Answered requests.`, `# TYPE ${name} histogram`];
  for (const [labels, { count, seconds, buckets }] of [...series].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let below = 0;
    for (const [at, bound] of BOUNDS.entries()) {
      below += buckets[at] ?? 0;
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${below}`);
    }
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${count}`);
  }
  return lines;
}

function processLines(underWay: number, openStreams: number): readonly string[] {
  const { rss, heapUsed } = process.memoryUsage();
  const gauge = (name: string, help: string, value: number): readonly string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    `${name} ${value}`,
  ];
  return [
    ...gauge('sluice_http_requests_under_way', 'Requests not answered yet.', underWay),
    ...gauge('sluice_event_streams_open', 'Streams of events that are read.', openStreams),
    ...gauge('process_resident_memory_bytes', 'Memory of the process.', rss),
    ...gauge('nodejs_heap_used_bytes', 'Heap of the process in use.', heapUsed),
    ...gauge('process_uptime_seconds', 'Since the process started.', Math.round(process.uptime())),
  ];
}
