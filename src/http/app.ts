import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import type { Rng } from '../kernel/rng.ts';
import type { AccountDoor } from '../operations/account-door.ts';
import type { AnswerStore } from '../operations/answer-store.ts';
import type { Operations } from '../operations/operations.ts';
import { problem } from '../problems/problem.ts';
import { eventStreams } from './event-streams.ts';
import { registerOpenApi, registerOpenApiRoute } from './openapi.ts';
import { type Log, registerAccessLog } from './plugins/access-log.ts';
import { registerEntityTags } from './plugins/entity-tags.ts';
import { registerErrors, sendProblems } from './plugins/errors.ts';
import { registerIdempotency } from './plugins/idempotency.ts';
import { type Authenticate, registerIdentity } from './plugins/identity.ts';
import { registerMetrics } from './plugins/metrics.ts';
import { limitAddresses, limitPrincipals, type Rates } from './plugins/rate-limit.ts';
import { registerStorableText } from './plugins/storable-text.ts';
import { registerAccounts } from './routes/accounts.ts';
import { registerAudit } from './routes/audit.ts';
import { registerAuditKeeping } from './routes/audit-keeping.ts';
import { registerDatasets } from './routes/datasets.ts';
import { registerEgressRequests } from './routes/egress-requests.ts';
import { registerExternalData } from './routes/external-data.ts';
import { registerFits } from './routes/fits.ts';
import { registerGrants } from './routes/grants.ts';
import { registerHealth } from './routes/health.ts';
import { registerInbox } from './routes/inbox.ts';
import { registerJobs } from './routes/jobs.ts';
import { registerKeys } from './routes/keys.ts';
import { registerLedger } from './routes/ledger.ts';
import { registerLoads } from './routes/loads.ts';
import { registerMaskPolicies } from './routes/mask-policies.ts';
import { registerMaskedDatasets } from './routes/masked-datasets.ts';
import { registerMatters } from './routes/matters.ts';
import { registerModels } from './routes/models.ts';
import { registerAffiliations, registerNotices } from './routes/notices.ts';
import { registerProducts } from './routes/products.ts';
import { registerReleases } from './routes/releases.ts';
import { registerReportSchedules, registerReports } from './routes/reports.ts';
import type { App, RouteContext } from './routes/route-context.ts';
import { registerSimulations } from './routes/simulations.ts';
import { registerWebhooks } from './routes/webhooks.ts';

export interface AppOptions {
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly answers: AnswerStore;
  readonly accounts: AccountDoor;
  /** Whether `Client-Cert` of trusted proxies is believed. */
  readonly clientCertificates?: boolean;
  /** Whether browsers reach it over TLS: cookies are then never sent without. */
  readonly isBehindTls?: boolean;
  /** Whether the records can be read; asked by the readiness probe. */
  readonly isHealthy: () => Promise<boolean>;
  /** Null where nobody but the process itself asks. */
  readonly rates: Rates | null;
  /** Folder of uploads. */
  readonly inboxFolder: string;
  /** True only where the caller is the person at this machine (embedded instances that do not listen). */
  readonly allowLocalFolders: boolean;
  readonly limits: {
    readonly bodyLimitBytes: number;
    readonly inboxFileLimitBytes: number;
    readonly handlerTimeoutMs: number;
    readonly longHandlerTimeoutMs: number;
  };
  /** Proxies whose `X-Forwarded-For` names the address of the asker. */
  readonly trustedProxies?: readonly string[];
}

/** Time a client has to send its headers, and a silent socket has before it is closed. */
const IDLE_SOCKET_MS = 120_000;

/**
 * The whole HTTP interface, ready to `inject` or `listen`. Deny by default: see `registerIdentity`.
 * Does not listen, does not own `operations`: closing the app leaves them open.
 */
export async function buildApp(options: AppOptions): Promise<App> {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: options.limits.bodyLimitBytes,
    handlerTimeout: options.limits.handlerTimeoutMs,
    requestTimeout: options.limits.longHandlerTimeoutMs,
    connectionTimeout: IDLE_SOCKET_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    trustProxy: (options.trustedProxies ?? []).length === 0 ? false : [...(options.trustedProxies ?? [])],
    genReqId: () => newId('req', options.rng),
    routerOptions: { maxParamLength: 250 },
    frameworkErrors: (_error, request, reply) => sendProblems(request, reply, [problem('request.malformed', {})]),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  let stopping = false;
  const streams = eventStreams();
  app.addHook('preClose', async () => {
    stopping = true;
    streams.endAll(); // an open stream would hold the server open
  });
  app.addHook('onRequest', async (request, reply) => {
    if (stopping) return sendProblems(request, reply, [problem('request.stopping', {})]);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close'); // or a kept-alive connection would hold the server open
  });
  await registerOpenApi(app);
  registerErrors(app, options);
  const metrics = registerMetrics(app, streams.count);
  if (options.rates !== null) limitAddresses(app, options.rates.perAddress, options.clock);
  const { clock, accounts } = options;
  registerIdentity(app, options.authenticate, {
    session: (token) => accounts.session(token),
    certificateHolder: (fingerprint) => accounts.certificateHolder(fingerprint),
    certificateProxies: options.clientCertificates === true ? (options.trustedProxies ?? []) : [],
    clock,
  });
  if (options.rates !== null) limitPrincipals(app, options.rates.perPrincipal, options.clock);
  registerStorableText(app);
  // First what was answered already, then whether it still holds.
  registerIdempotency(app, options.answers);
  registerEntityTags(app);
  registerAccessLog(app, options);
  await registerRoutes(app, {
    operations: options.operations,
    inboxFolder: options.inboxFolder,
    allowLocalFolders: options.allowLocalFolders,
    inboxFileLimitBytes: options.limits.inboxFileLimitBytes,
    longHandlerTimeoutMs: options.limits.longHandlerTimeoutMs,
    isReady: async () => (stopping ? 'stopping' : (await options.isHealthy()) ? 'ready' : 'unavailable'),
    metrics,
    accounts,
    isBehindTls: options.isBehindTls === true,
    streams,
  });
  await app.ready();
  return app;
}

async function registerRoutes(app: App, context: RouteContext): Promise<void> {
  registerHealth(app, context);
  registerOpenApiRoute(app);
  registerDatasets(app, context);
  registerLoads(app, context);
  registerSimulations(app, context);
  registerFits(app, context);
  registerModels(app, context);
  registerMaskPolicies(app, context);
  registerExternalData(app, context);
  registerMaskedDatasets(app, context);
  registerGrants(app, context);
  registerJobs(app, context);
  registerEgressRequests(app, context);
  registerReleases(app, context);
  registerNotices(app, context);
  registerReports(app, context);
  registerReportSchedules(app, context);
  registerWebhooks(app, context);
  registerProducts(app, context);
  registerAffiliations(app, context);
  registerKeys(app, context);
  registerAccounts(app, context);
  registerLedger(app, context);
  registerAudit(app, context);
  registerMatters(app, context);
  registerAuditKeeping(app, context);
  await app.register(async (scope) => registerInbox(scope.withTypeProvider<ZodTypeProvider>(), context));
}
