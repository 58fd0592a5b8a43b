import { isIP } from 'node:net';
import { inspect } from 'node:util';
import { z } from 'zod';
import { profileCatalogue } from './catalog/profiles/profile-catalogue.ts';
import { SIMULATION_ACCESS, type SimulationAccess } from './catalog/simulation-access.ts';

/** A value that prints, serialises and inspects as `[secret]`; only `reveal` gives it. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

/** The settings do not fit. `faults` are sentences for the person who starts the process; they name variables, never values. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** An issuer of access tokens whose word on who somebody is counts; what he may do stands in our own records. */
export interface OidcConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** The claim that holds the id of the principal. */
  readonly claim: string;
  /** `typ` of the token's header. */
  readonly type: string;
}

export interface Config {
  readonly mode: 'development' | 'production';
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly bodyLimitBytes: number;
    /** Largest single file that the inbox takes. */
    readonly inboxFileLimitBytes: number;
    readonly handlerTimeoutMs: number;
    /** Uploads, simulations and downloads. */
    readonly longHandlerTimeoutMs: number;
    /** How long a stopping server waits for requests under way. */
    readonly drainTimeoutMs: number;
    /** Requests in a minute. */
    readonly rates: { readonly perPrincipal: number; readonly perAddress: number };
    /** Addresses of proxies whose forwarding headers are believed; empty: nobody's. */
    readonly trustedProxies: readonly string[];
    /** Whether `Client-Cert` of those proxies tells who asks. */
    readonly clientCertificates: boolean;
    readonly isBehindTls: boolean;
  };
  /** Who makes tokens for people; null: nobody does. */
  readonly oidc: OidcConfig | null;
  /** For the command line as a client of a server. */
  readonly client: { readonly apiKey: Secret | null };
  readonly enclave: {
    /** Workers fenced in less well than this are refused. */
    readonly minimumIsolation: 'bubblewrap' | 'namespaces' | 'process';
    readonly workers: number;
    readonly memoryMiB: number;
    readonly threads: number;
    readonly tempMiB: number;
    readonly timeoutMs: number;
  };
  /** PostgreSQL that keeps the records of the instance; null: a SQLite file in its folder. */
  readonly databaseUrl: Secret | null;
  /** What an hour of computing costs in the report of use, in fen; 0: nothing is charged. */
  readonly hourPriceFen: number;
  /** `host:port` that webhooks may reach wherever they are, without TLS too. */
  readonly webhookAllow: readonly string[];
  /** Whether a served instance runs jobs; false: `sluice worker` processes beside it do. Calls of interfaces are answered anyhow. */
  readonly runsJobs: boolean;
  /** Algorithms of the audit log; fixed once it has begun. */
  readonly auditProfile: 'intl' | 'gm';
  /** Id of the city whose rules hold (`profile list`); null: the strictest of all. */
  readonly city: string | null;
  /** Threshold of the instance; datasets may only raise it, and so may the city. */
  readonly k: number;
  /** How far merchants reach into simulation sets. */
  readonly simulationAccess: SimulationAccess;
  /** ρ that fitted simulation models may spend on one dataset, over all its versions. */
  readonly fitRhoPerDataset: number;
}

const MIB = 1024 * 1024;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const integer = (least: number, most: number, preset: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .optional()
    .transform((value) => value ?? preset);

/** Addresses separated by commas; no host names, which somebody else could answer for. */
const addresses = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .refine((items) => items.every((item) => isIP(item) !== 0), 'must be IP addresses separated by commas');

/** `host:port`, separated by commas. */
const hostsWithPorts = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim().toLowerCase()))
  .refine((items) => items.every((item) => /^[a-z0-9.:-]{1,253}:\d{1,5}$/.test(item)), 'must be host:port separated by commas');

const VARIABLES = z.strictObject({
  SLUICE_ENV: z.enum(['development', 'production']).default('development'),
  SLUICE_HOST: z.string().min(1).default('127.0.0.1'),
  SLUICE_PORT: integer(0, 65_535, 8080),
  SLUICE_BEHIND_TLS: z.enum(['true', 'false']).default('false'),
  SLUICE_BODY_LIMIT_BYTES: integer(1024, 64 * MIB, MIB),
  SLUICE_INBOX_FILE_LIMIT_BYTES: integer(1024, 1024 * 1024 * MIB, 20 * 1024 * MIB),
  SLUICE_HANDLER_TIMEOUT_MS: integer(1000, 3_600_000, 60_000),
  SLUICE_LONG_HANDLER_TIMEOUT_MS: integer(1000, 86_400_000, 3_600_000),
  SLUICE_DRAIN_TIMEOUT_MS: integer(0, 600_000, 20_000),
  SLUICE_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .refine((text) => URL.canParse(text), 'is not an address')
    .optional(),
  SLUICE_RATE_PER_MINUTE: integer(10, 1_000_000, 6000),
  SLUICE_ADDRESS_RATE_PER_MINUTE: integer(10, 10_000_000, 30_000),
  SLUICE_TRUSTED_PROXIES: addresses.default([]),
  SLUICE_COMPUTE_PRICE_FEN: integer(0, 1_000_000_000, 0),
  SLUICE_WEBHOOK_ALLOW: hostsWithPorts.default([]),
  SLUICE_RUN_JOBS: z.enum(['true', 'false']).default('true'),
  SLUICE_CLIENT_CERTIFICATES: z.enum(['true', 'false']).default('false'),
  SLUICE_OIDC_ISSUER: z.string().min(1).max(500).optional(),
  SLUICE_OIDC_AUDIENCE: z.string().min(1).max(500).optional(),
  SLUICE_OIDC_JWKS_URL: z.url().max(500).optional(),
  SLUICE_OIDC_CLAIM: z.string().min(1).max(100).default('sub'),
  SLUICE_OIDC_TYPE: z.string().min(1).max(60).default('at+jwt'),
  SLUICE_AUDIT_PROFILE: z.enum(['intl', 'gm']).default('intl'),
  SLUICE_API_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  SLUICE_MINIMUM_ISOLATION: z.enum(['bubblewrap', 'namespaces', 'process']).optional(),
  SLUICE_ENCLAVE_WORKERS: integer(1, 64, 2),
  SLUICE_ENCLAVE_MEMORY_MIB: integer(128, 1024 * 1024, 1024),
  SLUICE_ENCLAVE_THREADS: integer(1, 256, 2),
  SLUICE_ENCLAVE_TEMP_MIB: integer(16, 16 * 1024 * 1024, 4096),
  SLUICE_ENCLAVE_TIMEOUT_MS: integer(1000, 86_400_000, 120_000),
  SLUICE_CITY: z.enum(profileCatalogue().ids).optional(),
  SLUICE_K: integer(5, 10_000, 10),
  SLUICE_FIT_RHO_MILLIONTHS: integer(0, 10_000_000, 120_000),
  SLUICE_SIMULATION_ACCESS: z.enum(SIMULATION_ACCESS).default('open'),
});

type Variables = z.output<typeof VARIABLES>;

/**
 * Reads the settings from the environment: the only place that does. Gives frozen data; throws `ConfigError` with every
 * fault at once. Unknown `SLUICE_…` variables are faults; others are not looked at.
 * Refuses a listening address beyond this machine without TLS in front; in production also isolation `process` and a
 * threshold below 10. In production an instance registers no demonstration principals (`openInstance`).
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own = Object.fromEntries(Object.entries(environment).filter(([name, value]) => name.startsWith('SLUICE_') && value !== undefined));
  const parsed = VARIABLES.safeParse(own);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(sentence));
  const unsafe = unsafeSettings(parsed.data);
  if (unsafe.length > 0) throw new ConfigError(unsafe);
  return toConfig(parsed.data);
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `Unknown setting: ${issue.keys.join(', ')}.`;
  const wanted = issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message;
  return `${String(issue.path[0])}: ${wanted}.`;
}

function unsafeSettings(variables: Variables): string[] {
  const faults = unsafeIdentity(variables);
  if (!LOOPBACK.has(variables.SLUICE_HOST) && variables.SLUICE_BEHIND_TLS !== 'true') {
    faults.push('SLUICE_HOST: an address beyond this machine needs TLS in front; set SLUICE_BEHIND_TLS=true once it is there.');
  }
  if (isFarInClear(variables.SLUICE_DATABASE_URL)) {
    faults.push('SLUICE_DATABASE_URL: a server beyond this machine needs sslmode=verify-full.');
  }
  if (variables.SLUICE_ENV !== 'production') return faults;
  if (variables.SLUICE_MINIMUM_ISOLATION === 'process') faults.push('SLUICE_MINIMUM_ISOLATION: "process" is not enough in production.');
  if (variables.SLUICE_K < 10) faults.push('SLUICE_K: at least 10 in production.');
  return faults;
}

function oidcOf(variables: Variables): OidcConfig | null {
  const { SLUICE_OIDC_ISSUER: issuer, SLUICE_OIDC_AUDIENCE: audience, SLUICE_OIDC_JWKS_URL: jwksUrl } = variables;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) return null;
  return Object.freeze({ issuer, audience, jwksUrl, claim: variables.SLUICE_OIDC_CLAIM, type: variables.SLUICE_OIDC_TYPE });
}

/** What does not go together of who is believed. */
function unsafeIdentity(variables: Variables): string[] {
  const faults: string[] = [];
  const oidc = [variables.SLUICE_OIDC_ISSUER, variables.SLUICE_OIDC_AUDIENCE, variables.SLUICE_OIDC_JWKS_URL];
  if (oidc.some((item) => item !== undefined) && oidc.includes(undefined))
    faults.push('SLUICE_OIDC_ISSUER: issuer, audience and JWKS_URL go together; set all three or none.');
  const jwks = variables.SLUICE_OIDC_JWKS_URL === undefined ? null : new URL(variables.SLUICE_OIDC_JWKS_URL);
  if (jwks !== null && jwks.protocol !== 'https:' && !LOOPBACK.has(jwks.hostname))
    faults.push('SLUICE_OIDC_JWKS_URL: keys come over https, or from this machine itself.');
  if (variables.SLUICE_CLIENT_CERTIFICATES === 'true' && variables.SLUICE_TRUSTED_PROXIES.length === 0)
    faults.push('SLUICE_CLIENT_CERTIFICATES: name the proxies that verify them in SLUICE_TRUSTED_PROXIES.');
  return faults;
}

/** Whether a database on another machine could be talked to unseen, or by another than is meant. A path is a socket of this one. */
function isFarInClear(address: string | undefined): boolean {
  if (address === undefined) return false;
  const url = new URL(address);
  const hosts = [url.hostname.replace(/^\[(.*)\]$/, '$1'), url.searchParams.get('host') ?? ''].filter((host) => host !== '');
  const isNear = hosts.every((host) => LOOPBACK.has(host) || decodeURIComponent(host).startsWith('/'));
  return !isNear && url.searchParams.get('sslmode') !== 'verify-full';
}

function toConfig(variables: Variables): Config {
  const production = variables.SLUICE_ENV === 'production';
  return Object.freeze({
    mode: variables.SLUICE_ENV,
    http: Object.freeze({
      host: variables.SLUICE_HOST,
      port: variables.SLUICE_PORT,
      bodyLimitBytes: variables.SLUICE_BODY_LIMIT_BYTES,
      inboxFileLimitBytes: variables.SLUICE_INBOX_FILE_LIMIT_BYTES,
      handlerTimeoutMs: variables.SLUICE_HANDLER_TIMEOUT_MS,
      longHandlerTimeoutMs: variables.SLUICE_LONG_HANDLER_TIMEOUT_MS,
      drainTimeoutMs: variables.SLUICE_DRAIN_TIMEOUT_MS,
      rates: Object.freeze({ perPrincipal: variables.SLUICE_RATE_PER_MINUTE, perAddress: variables.SLUICE_ADDRESS_RATE_PER_MINUTE }),
      clientCertificates: variables.SLUICE_CLIENT_CERTIFICATES === 'true',
      isBehindTls: variables.SLUICE_BEHIND_TLS === 'true',
      trustedProxies: Object.freeze([...variables.SLUICE_TRUSTED_PROXIES]),
    }),
    oidc: oidcOf(variables),
    client: Object.freeze({ apiKey: variables.SLUICE_API_KEY === undefined ? null : new Secret(variables.SLUICE_API_KEY) }),
    enclave: Object.freeze({
      minimumIsolation: variables.SLUICE_MINIMUM_ISOLATION ?? (production ? 'namespaces' : 'process'),
      workers: variables.SLUICE_ENCLAVE_WORKERS,
      memoryMiB: variables.SLUICE_ENCLAVE_MEMORY_MIB,
      threads: variables.SLUICE_ENCLAVE_THREADS,
      tempMiB: variables.SLUICE_ENCLAVE_TEMP_MIB,
      timeoutMs: variables.SLUICE_ENCLAVE_TIMEOUT_MS,
    }),
    databaseUrl: variables.SLUICE_DATABASE_URL === undefined ? null : new Secret(variables.SLUICE_DATABASE_URL),
    hourPriceFen: variables.SLUICE_COMPUTE_PRICE_FEN,
    webhookAllow: Object.freeze([...variables.SLUICE_WEBHOOK_ALLOW]),
    runsJobs: variables.SLUICE_RUN_JOBS === 'true',
    auditProfile: variables.SLUICE_AUDIT_PROFILE,
    city: variables.SLUICE_CITY ?? null,
    k: variables.SLUICE_K,
    fitRhoPerDataset: variables.SLUICE_FIT_RHO_MILLIONTHS / 1e6,
    simulationAccess: variables.SLUICE_SIMULATION_ACCESS,
  });
}
