import { Worker } from 'node:worker_threads';
import { UNIT_KEY_COLUMN } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { subjectHash } from '../masking/subject-hash.ts';
import type { MaskerPort, MaskingTask } from '../operations/masking-ports.ts';
import type { MaskedProduct, MaskedProductRequest } from '../pipeline/masked/make-masked-product.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, EnclaveSession, SessionLimits } from '../sandbox/enclave/port.ts';
import { rowCount, SessionFailed, textColumn } from '../sandbox/loader/file-tables.ts';

export interface MaskerParts {
  readonly enclave: Enclave;
  readonly limits: SessionLimits;
}

type Values = readonly (string | null)[];

/**
 * Masked datasets over sealed versions: a worker without network reads the columns of the plan, and nothing else, from the sealed file, whose digest is checked; what is made of them is made in a thread of this process, in memory, and only the
 * product goes on. Source: issue "Masking" (masked datasets); ADR 0026.
 */
export function maskerPort({ enclave, limits }: MaskerParts): MaskerPort {
  return {
    async make(task, signal) {
      const { sealedPath, version } = task.context;
      const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
      const opened = await enclave.open(mounts, limits, signal);
      if (!opened.ok) return err([problem('enclave.failed', {})]);
      const session = opened.value;
      let request: MaskedProductRequest;
      try {
        request = await readRows(session, task);
      } catch (fault) {
        if (fault instanceof SessionFailed) return err([problem('enclave.failed', {})]);
        throw fault;
      } finally {
        await session.close();
      }
      const made = await inThread(request, signal);
      return made.ok ? ok({ ...made.value, isolation: session.isolation }) : made;
    },
  };
}

async function readRows(
  session: EnclaveSession,
  { plan, spec, earlier, external, master, accepted, consented, context }: MaskingTask,
): Promise<MaskedProductRequest> {
  const from = quoteName(plan.table.name);
  const all = await rowCount(session, from);
  const read = (expression: string): Promise<Values> => textColumn(session, expression, from, all);
  const columns = new Map<string, Values>();
  for (const { column } of [...plan.quasi, ...plan.carried]) columns.set(column.name, await read(`${quoteName(column.name)}::VARCHAR`));
  const units = await read(`${quoteName(UNIT_KEY_COLUMN(plan.unit))}::VARCHAR`);
  const kept = consented === null ? null : await rowsOfSubjects(read, plan, master, consented);
  const some = (values: Values): Values => (kept === null ? values : kept.map((row) => values[row] ?? null));
  return {
    input: {
      plan,
      spec,
      rows: kept?.length ?? all,
      columns: new Map([...columns].map(([name, values]) => [name, some(values)])),
      units: some(units),
      master,
      project: context.grant.scenario,
      accepted,
    },
    earlier,
    external,
  };
}

/** Rows whose unit consented. Where the unit is found over other tables its own value is not beside the row: then no row is used. */
async function rowsOfSubjects(
  read: (expression: string) => Promise<Values>,
  { table, unit }: MaskingTask['plan'],
  key: Uint8Array,
  consented: ReadonlySet<string>,
): Promise<readonly number[]> {
  const path = table.units[unit];
  if (path === undefined || path.hops.length > 0) return [];
  const values = await read(`${quoteName(path.column)}::VARCHAR`);
  return values.flatMap((value, row) => (value !== null && consented.has(subjectHash(key, value)) ? [row] : []));
}

function inThread(request: MaskedProductRequest, signal: AbortSignal): Promise<Result<MaskedProduct, readonly Problem[]>> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./mask-thread.ts', import.meta.url), { workerData: request });
    const stop = (): void => {
      void thread.terminate();
      resolve(err([]));
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', (made: Result<MaskedProduct, readonly Problem[]>) => resolve(made));
    // The text of what went wrong may quote values: it goes no further.
    thread.once('error', () => reject(new Error('The masking thread failed')));
    thread.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error('The masking thread ended without a product'));
    });
  });
}
