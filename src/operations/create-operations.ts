import { newId } from '../kernel/id.ts';
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
import { externalDataOperations } from './external-data-operations.ts';
import { fidelityOperations } from './fidelity-operations.ts';
import { fitOperations } from './fit-operations.ts';
import { grantOperations } from './grant-operations.ts';
import { invitationOperations } from './invitation-operations.ts';
import { jobOperations } from './job-operations.ts';
import { createJobQueue, type JobQueue } from './job-queue.ts';
import { runJob } from './job-runner.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import { keyOperations } from './key-operations.ts';
import { ledgerOperations } from './ledger-operations.ts';
import { loadOperations } from './load-operations.ts';
import { maskPolicyOperations } from './mask-policy-operations.ts';
import { maskedDatasetOperations } from './masked-dataset-operations.ts';
import { matterOperations } from './matter-operations.ts';
import { modelOperations } from './model-operations.ts';
import type { Operations } from './operations.ts';
import { withApprovalReceipts } from './receipts.ts';
import { endLapsed, type Recovery, recoverInstance } from './recovery.ts';
import { releaseOperations } from './release-operations.ts';
import { makeDueReports } from './report-making.ts';
import { reportOperations } from './report-operations.ts';
import { reviewOperations } from './review-operations.ts';
import { simulationOperations } from './simulation-operations.ts';
import { traceOperations } from './trace-operations.ts';
import { verificationOperations } from './verification-operations.ts';
import { deliverWebhooks, type PostSigned } from './webhook-delivery.ts';
import { webhookOperations } from './webhook-operations.ts';
import { type WorkLeases, workLeases } from './work-leases.ts';

/** Operations of one instance with what belongs to its process. */
export interface RunningOperations extends Operations {
  /** Once, before anything else is called; see `recoverInstance`. */
  recover(): Promise<Recovery>;
  /** Whether another process with the same records open is believed to live. */
  othersLive(): Promise<boolean>;
  /** Says every second that this process lives, ends what dead ones left, looks for work. Nothing else starts by itself. */
  attend(): Promise<void>;
  /** From now on also runs jobs that other processes put in line. */
  takeJobs(): void;
  /** Every day, and at the start: ends what the clock ends, reports what is late, makes the reports that are due. */
  sweep(): Promise<Sweep>;
  /** One round of sending notices to webhooks; gives how many were sent. */
  deliverWebhooks(post: PostSigned): Promise<number>;
  /** Stops jobs that run (they fail), leaves waiting ones for the next start, waits for the load that runs. Closes no port. */
  close(): Promise<void>;
}

/** All operations over the given ports. Starts nothing by itself. */
export function createOperations(given: OperationsPorts): RunningOperations {
  const ports = withEnclaveIntents(given);
  const holder = newId('prc', ports.rng);
  const leases = workLeases(ports.store.leases, ports.clock, holder);
  const queue = jobQueueOver(ports, leases);
  const { close: closeLoads, ...loads } = loadOperations(ports, leases);
  const seenEmpty = new Set<string>();
  let attending: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();
  const attend = async (): Promise<void> => {
    await queue.tick();
    await endLapsed(ports, leases);
  };
  return {
    ...loads,
    ...datasetOperations(ports),
    ...simulationOperations(ports),
    ...grantOperations(ports),
    ...jobOperations(ports, queue),
    ...fitOperations(ports, queue),
    ...modelOperations(ports, queue),
    ...maskPolicyOperations(ports),
    ...externalDataOperations(ports),
    ...fidelityOperations(ports, queue),
    ...maskedDatasetOperations(ports, queue),
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
    ...invitationOperations(ports),
    ...ledgerOperations(ports),
    ...auditOperations(ports),
    ...matterOperations(ports, queue),
    async sweep() {
      const swept = await sweepDeadlines(ports, queue);
      await makeDueReports(ports, seenEmpty);
      return swept;
    },
    ...reportOperations(ports),
    ...webhookOperations(ports, ports.webhookAddress),
    deliverWebhooks: (post) => deliverWebhooks(ports, post),
    ...auditSearchOperations(ports),
    ...auditOpeningOperations(ports),
    ...auditKeepingOperations(ports),
    async recover() {
      // With the records on this machine alone, whoever held something is dead.
      if (!ports.store.isShared) await leases.clear();
      return recoverInstance(ports, queue);
    },
    othersLive: () => leases.othersLive(),
    takeJobs: () => queue.takeAll(),
    async attend() {
      if (ports.store.isShared && attending === null) await leases.hold(`process/${holder}`);
      attending ??= setInterval(() => {
        round = round.then(attend).catch(ports.onFault);
      }, ATTEND_MS).unref();
      await attend();
    },
    async close() {
      if (attending !== null) clearInterval(attending);
      await round;
      await Promise.all([queue.close(), closeLoads()]);
      await leases.close().catch(ports.onFault);
    },
  };
}

const ATTEND_MS = 1000;

function jobQueueOver(ports: OperationsPorts, leases: WorkLeases): JobQueue {
  return createJobQueue({
    atOnce: ports.jobsAtOnce,
    runsJobs: ports.runsJobs,
    leases,
    run: (id, signal) => runJob(ports, id, signal),
    isActive: async (id) => ACTIVE_JOB_STATES.includes((await ports.store.view.jobs.get(id))?.state ?? 'DONE'),
    onFault: ports.onFault,
  });
}
