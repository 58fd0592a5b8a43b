import { affiliationOperations } from './affiliation-operations.ts';
import { apiOperations } from './api-operations.ts';
import { auditKeepingOperations } from './audit-keeping-operations.ts';
import { auditOpeningOperations } from './audit-opening-operations.ts';
import { auditOperations } from './audit-operations.ts';
import { auditSearchOperations } from './audit-search-operations.ts';
import type { OperationsPorts } from './data-ports.ts';
import { datasetOperations } from './dataset-operations.ts';
import { type Sweep, sweepDeadlines } from './deadline-sweep.ts';
import { downloadOperations } from './download-operations.ts';
import { egressOperations } from './egress-operations.ts';
import { withEnclaveIntents } from './enclave-intents.ts';
import { exchangeOperations } from './exchange-operations.ts';
import { fidelityOperations } from './fidelity-operations.ts';
import { fitOperations } from './fit-operations.ts';
import { grantOperations } from './grant-operations.ts';
import { jobOperations } from './job-operations.ts';
import { createJobQueue } from './job-queue.ts';
import { keyOperations } from './key-operations.ts';
import { ledgerOperations } from './ledger-operations.ts';
import { loadOperations } from './load-operations.ts';
import { maskPolicyOperations } from './mask-policy-operations.ts';
import { matterOperations } from './matter-operations.ts';
import type { Operations } from './operations.ts';
import { withApprovalReceipts } from './receipts.ts';
import { type Recovery, recoverInstance } from './recovery.ts';
import { releaseOperations } from './release-operations.ts';
import { reviewOperations } from './review-operations.ts';
import { simulationOperations } from './simulation-operations.ts';
import { traceOperations } from './trace-operations.ts';
import { verificationOperations } from './verification-operations.ts';

/** Operations of one instance with what belongs to its process. */
export interface RunningOperations extends Operations {
  /** Once, before anything else is called; see `recoverInstance`. */
  recover(): Promise<Recovery>;
  /** Every day, and at the start: ends what the clock ends, reports what is late. */
  sweep(): Promise<Sweep>;
  /** Stops jobs that run (they fail), leaves waiting ones for the next start, waits for the load that runs. Closes no port. */
  close(): Promise<void>;
}

/** All operations over the given ports. Starts nothing by itself. */
export function createOperations(given: OperationsPorts): RunningOperations {
  const ports = withEnclaveIntents(given);
  const queue = createJobQueue(ports.jobsAtOnce, ports.onFault);
  const { close: closeLoads, ...loads } = loadOperations(ports);
  return {
    ...loads,
    ...datasetOperations(ports),
    ...simulationOperations(ports),
    ...grantOperations(ports),
    ...jobOperations(ports, queue),
    ...fitOperations(ports, queue),
    ...fidelityOperations(ports, queue),
    ...maskPolicyOperations(ports),
    ...egressOperations(ports),
    ...withApprovalReceipts(ports, reviewOperations(ports)),
    ...exchangeOperations(ports),
    ...releaseOperations(ports),
    ...downloadOperations(ports),
    ...traceOperations(ports),
    ...apiOperations(ports, queue),
    ...verificationOperations(ports),
    ...affiliationOperations(ports),
    ...keyOperations(ports),
    ...ledgerOperations(ports),
    ...auditOperations(ports),
    ...matterOperations(ports, queue),
    sweep: () => sweepDeadlines(ports, queue),
    ...auditSearchOperations(ports),
    ...auditOpeningOperations(ports),
    ...auditKeepingOperations(ports),
    recover: () => recoverInstance(ports, queue),
    async close() {
      await Promise.all([queue.close(), closeLoads()]);
    },
  };
}
