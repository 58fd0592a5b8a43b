import type { Dataset } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { FidelityPort } from '../operations/data-ports.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, EnclaveSession, SessionLimits } from '../sandbox/enclave/port.ts';
import { rowCount, SessionFailed } from '../sandbox/loader/file-tables.ts';
import { scoreTables } from '../sandbox/loader/score-tables.ts';
import { sealedPart, sealedSide } from '../sandbox/loader/scored-sides.ts';
import { FIDELITY_COLUMNS, releasedFidelity } from '../synthetic/report/released-fidelity.ts';
import { EVERY_PAIR } from '../synthetic/score/score-report.ts';

/** Fewer real rows than this are not compared: a share at two decimals would tell of single ones. */
const LEAST_ROWS = 1000;

/**
 * Compares a set with a sealed version: two sessions like those of a job, read-only, without network, digests checked. Values come
 * into the memory of this process and go nowhere from there; what is given are shares at two decimals. Source: synthetic-and-masking.md
 * §2, §11 item 4; requirement U6.
 */
export function fidelityPort({ enclave, limits }: { readonly enclave: Enclave; readonly limits: SessionLimits }): FidelityPort {
  return {
    async measure({ context, simulation, target }, signal) {
      const { dataset, version, sealedPath, policy } = context;
      const part = sealedPart(dataset);
      const compare = async (real: EnclaveSession, synthetic: EnclaveSession): ReturnType<FidelityPort['measure']> => {
        const small = await tooSmall(real, part);
        if (small.length > 0) return err(small);
        const sides = { real: await sealedSide(real, part), synthetic: await sealedSide(synthetic, part) };
        const { k } = policy;
        const options = { bins: 'shared', ...EVERY_PAIR, least: k } as const;
        const report = { k, ...(target === undefined ? {} : { target }) };
        const scored = await scoreTables(sides, part, { ...options, report });
        const about = { dataset: dataset.name, simulation: simulation.id, label: simulation.label, k };
        const { json, page, rows } = releasedFidelity(scored, about);
        return ok({ json, page, table: { columns: FIDELITY_COLUMNS, rows }, isolation: real.isolation });
      };
      const open = { enclave, limits, signal };
      return inSession(open, { path: sealedPath, digest: version.digest }, (real) =>
        inSession(open, simulation, (synthetic) => compare(real, synthetic)),
      );
    },
  };
}

/** Opens a sealed file for `work`; what goes wrong with it is one problem, whatever it was. */
async function inSession<T>(
  { enclave, limits, signal }: { readonly enclave: Enclave; readonly limits: SessionLimits; readonly signal: AbortSignal },
  { path, digest }: { readonly path: string; readonly digest: string },
  work: (session: EnclaveSession) => Promise<Result<T, readonly Problem[]>>,
): Promise<Result<T, readonly Problem[]>> {
  const opened = await enclave.open({ database: { kind: 'sealed', path, digest }, readable: [], writable: [] }, limits, signal);
  if (!opened.ok) return err([problem('enclave.failed', {})]);
  try {
    return await work(opened.value);
  } catch (fault) {
    if (fault instanceof SessionFailed) return err([problem('enclave.failed', {})]);
    throw fault;
  } finally {
    await opened.value.close();
  }
}

/** Protected tables with too few rows; public ones may be as small as they are. */
async function tooSmall(session: EnclaveSession, dataset: Dataset): Promise<readonly Problem[]> {
  const found: Problem[] = [];
  for (const { name, visibility } of dataset.tables) {
    if (visibility === 'public') continue;
    if ((await rowCount(session, quoteName(name))) < LEAST_ROWS) found.push(problem('synth.too_small', { table: name, least: LEAST_ROWS }));
  }
  return found;
}
