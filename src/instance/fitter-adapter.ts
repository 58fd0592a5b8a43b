import { releaseKey } from '../egress/manifest.ts';
import type { Clock } from '../kernel/clock.ts';
import { err, ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { FitterPort } from '../operations/data-ports.ts';
import type { FitSpec } from '../operations/fit-spec.ts';
import type { KeyStore } from '../operations/ports.ts';
import { problem } from '../problems/problem.ts';
import type { Enclave, SessionLimits } from '../sandbox/enclave/port.ts';
import { SessionFailed } from '../sandbox/loader/file-tables.ts';
import { type FitRequest, fitTables, privacyProblems } from '../sandbox/loader/fit-tables.ts';
import { type Artefact, errorBars, signArtefact } from '../synthetic/fit/artefact.ts';
import { planFit } from '../synthetic/fit/fit-plan.ts';
import { privateNoise } from '../synthetic/privacy/noise.ts';
import { rhoOf } from '../synthetic/privacy/zcdp.ts';

export interface FitterParts {
  readonly enclave: Enclave;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly limits: SessionLimits;
}

const SHOWN_BARS = 200;

/**
 * Fits over sealed versions: the worker counts, exact noise is added here, and what goes on is the signed artefact. The session is
 * that of a job: read-only, without network, digest checked. Source: synthetic-and-masking.md §4.
 */
export function fitterPort({ enclave, keys, rng, limits }: FitterParts): FitterPort {
  return {
    cost(dataset, spec) {
      const wrong = privacyProblems(spec);
      if (wrong.length > 0) return err(wrong);
      const plan = planFit(dataset, requestOf(spec));
      return plan.ok ? ok(rhoOf(spec.epsilon, spec.delta)) : plan;
    },
    async fit({ context, spec }, signal) {
      const { dataset, version, sealedPath } = context;
      const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
      const opened = await enclave.open(mounts, limits, signal);
      if (!opened.ok) return err([problem('enclave.failed', {})]);
      const session = opened.value;
      try {
        const fitted = await fitTables(session, dataset, requestOf(spec), privateNoise(rng));
        if (!fitted.ok) return fitted;
        const key = releaseKey(await keys.publicKey('release'));
        const publicKey = key.export({ type: 'spki', format: 'der' });
        const artefact = await signArtefact(fitted.value, { publicKey, sign: (bytes) => keys.sign('release', bytes) });
        return ok({ artefact, table: barTable(fitted.value), isolation: session.isolation });
      } catch (fault) {
        if (fault instanceof SessionFailed) return err([problem('enclave.failed', {})]);
        throw fault;
      } finally {
        await session.close();
      }
    },
  };
}

function requestOf({ epsilon, delta, target, unit, independent }: FitSpec): FitRequest {
  return {
    epsilon,
    delta,
    sealed: true,
    ...(target === undefined ? {} : { target }),
    ...(unit === undefined ? {} : { unit }),
    ...(independent === undefined ? {} : { independent }),
  };
}

/** What reviewers see: how far each marginal may be off, and nothing that the artefact does not say. */
function barTable(artefact: Artefact): {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | number)[])[];
} {
  const rows = errorBars(artefact)
    .slice(0, SHOWN_BARS)
    .map((bar) => [bar.table, bar.attributes.join(' × '), Number(bar.expectedTvd.toPrecision(3))]);
  const columns = [
    { name: 'table', type: 'VARCHAR' },
    { name: 'marginal', type: 'VARCHAR' },
    { name: 'expected_tvd', type: 'DOUBLE' },
  ];
  return { columns, rows };
}
