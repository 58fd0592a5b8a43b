/**
 * Which way imports point. Source: ADR 0002, ARCHITECTURE.md "Which way imports point".
 * `scripts/check-layering.ts` runs it and fails when fewer modules were read than stand on disk;
 * `test/architecture/layering.test.ts` proves on a fixture tree that every rule fires.
 */
const PURE = '^src/(kernel|problems|catalog|identifiers|sandbox/sql|masking|synthetic|egress|audit|identity|governance)/';
const RULE_SETS = '^src/(sandbox/sql|sandbox/models|masking|synthetic|egress|audit|identity|governance)/';
const ADAPTERS = '^src/(store|sandbox/enclave|sandbox/loader)/';
const PIPELINE = '^src/pipeline([.]ts$|/)';
const INSTANCE = '^src/instance([.]ts$|/)';
const EDGES = `^src/(http|cli|console)/|${INSTANCE}|^src/(main|config)[.]ts$`;

/** Type-only imports of what stands at the given paths are no dependency at run time. */
const unlessType = (path) => ({ path, dependencyTypesNot: ['type-only'] });
/** A package, resolved or not. */
const packages = (names) => `(^|node_modules/)(${names})(/|$)`;

const layer = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer('no-cycles', 'A cycle has no order in which it can be read.', {}, { circular: true }),
    layer('imports-resolve', 'Every import names something that is there.', {}, { couldNotResolve: true }),

    layer(
      'kernel-imports-nothing-of-ours',
      'The kernel is the leaf.',
      { path: '^src/kernel/' },
      { path: '^src/', pathNot: '^src/kernel/' },
    ),
    layer(
      'problems-import-only-kernel',
      'Everyone names problems, so problems know nobody.',
      { path: '^src/problems/' },
      { path: '^src/', pathNot: '^src/(kernel|problems)/' },
    ),
    layer(
      'catalog-and-identifiers-import-downwards',
      'What data exists does not depend on what is done with it.',
      { path: '^src/(catalog|identifiers)/' },
      { path: '^src/', pathNot: '^src/(kernel|problems|catalog|identifiers)/' },
    ),
    layer(
      'rules-import-downwards',
      'Rules do not know the flow, the use cases, the adapters or the edges. The port of the enclave may be imported as a type.',
      { path: RULE_SETS },
      { path: [ADAPTERS, EDGES, '^src/operations/', PIPELINE], pathNot: '^src/sandbox/enclave/port[.]ts$' },
    ),
    layer(
      'pipeline-imports-downwards',
      'The flow of a job knows stages and ports.',
      { path: PIPELINE },
      { path: [ADAPTERS, EDGES, '^src/operations/'], pathNot: '^src/sandbox/enclave/port[.]ts$' },
    ),
    layer(
      'operations-import-downwards',
      'Use cases know adapters as types only.',
      { path: '^src/operations/' },
      { ...unlessType([ADAPTERS]), pathNot: '^src/sandbox/enclave/port[.]ts$' },
    ),
    layer('operations-know-no-edge', 'Use cases do not know who calls them.', { path: '^src/operations/' }, { path: EDGES }),
    layer('adapters-know-no-edge', 'Adapters do not know who calls them.', { path: ADAPTERS }, { path: EDGES }),
    layer(
      'adapters-keep-apart',
      'Store, enclave and loader meet in src/instance.ts; until then they know each other as types.',
      { path: '^src/(store|sandbox/enclave|sandbox/loader)/' },
      {
        ...unlessType([ADAPTERS]),
        pathNot: '^src/$1/',
      },
    ),
    layer(
      'http-calls-operations-only',
      'A route calls a use case and nothing behind it.',
      { path: '^src/http/' },
      { ...unlessType([ADAPTERS, '^src/(cli|console)/', INSTANCE, '^src/(main|config)[.]ts$']) },
    ),
    layer(
      'cli-is-a-client',
      'The command line reaches everything through HTTP or an instance.',
      { path: '^src/cli/' },
      { ...unlessType([ADAPTERS, '^src/main[.]ts$']) },
    ),
    layer(
      'console-is-a-client',
      'The console knows the HTTP API only.',
      { path: '^src/console/' },
      { path: '^src/', pathNot: '^src/console/' },
    ),
    layer(
      'instance-knows-no-client',
      'Composition does not know who starts it.',
      { path: INSTANCE },
      { path: '^src/(cli|console)/|^src/main[.]ts$' },
    ),
    layer('nobody-imports-main', 'main is the outermost.', { pathNot: '^src/main[.]ts$' }, { path: '^src/main[.]ts$' }),

    layer(
      'pure-folders-do-no-io',
      'Decisions can be replayed: no Node core module but crypto and assert.',
      { path: PURE },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|assert)(/strict)?$' },
    ),
    layer(
      'pure-folders-import-few-packages',
      'No driver, no web framework, no logger: a closed list of packages that only compute.',
      { path: PURE },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: packages('canonicalize|zod|node-sql-parser|@noble/ciphers|sm-crypto-v2'),
      },
    ),
    layer(
      'only-enclave-imports-duckdb',
      'One door to the data. Tests and benchmarks may look behind it.',
      { path: '^(src|scripts|datasets)/', pathNot: '^src/sandbox/enclave/' },
      { path: packages('@duckdb') },
    ),
    layer(
      'worker-is-an-island',
      'The child that runs a query reaches neither store, audit, keys nor HTTP, not even through others.',
      { path: '^src/sandbox/enclave/worker' },
      { path: '^src/', pathNot: '^src/(kernel|problems|sandbox/enclave)/', reachable: true },
    ),
    layer(
      'only-store-imports-database-drivers',
      'Nothing else knows SQL for our own records. Tests may tamper with them.',
      { path: '^(src|scripts|datasets)/', pathNot: '^src/store/' },
      { path: ['^(node:)?sqlite$', packages('kysely|pg|better-sqlite3')] },
    ),
    layer(
      'only-http-imports-fastify',
      'The web framework stays at the edge.',
      { path: '^src/', pathNot: '^src/http/' },
      { ...unlessType(packages('fastify|@fastify|fastify-type-provider-zod')) },
    ),
    layer(
      'only-cli-imports-commander',
      'The command line stays at the edge.',
      { path: '^src/', pathNot: '^src/cli/' },
      { path: packages('commander') },
    ),
    layer(
      'rule-sets-keep-apart',
      'masking, synthetic and egress meet the gate and one another in the pipeline.',
      { path: '^src/(masking|synthetic|egress)/' },
      { path: '^src/(masking|synthetic|egress|sandbox/sql)/', pathNot: '^src/$1/' },
    ),
    layer(
      'sql-reads-only-the-plan-of-masking',
      'The gate may see which columns are masked and nothing else of the other rule sets.',
      { path: '^src/sandbox/sql/' },
      { path: '^src/(masking|synthetic|egress)/', pathNot: '^src/masking/plan[.]ts$' },
    ),
    layer(
      'port-is-a-type',
      'Outside its folder the port of the enclave is a type, never code.',
      { path: '^src/', pathNot: '^src/sandbox/enclave/' },
      { ...unlessType('^src/sandbox/enclave/port[.]ts$') },
    ),

    layer('src-never-imports-test', 'The product stands without its tests.', { path: '^src/' }, { path: '^(test|bench|scripts)/' }),
    layer(
      'only-cli-imports-datasets',
      'Demonstration data are not part of the product.',
      { path: '^src/', pathNot: '^src/cli/' },
      { path: '^datasets/' },
    ),
    layer(
      'src-imports-no-dev-dependency',
      'What runs in production is a production dependency.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/fixture/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    skipAnalysisNotInRules: true,
  },
};
