import { SYSTEM_ACTOR } from '../audit/event.ts';
import { machineOf } from '../governance/machines.ts';
import type { Matter, MatterTimer } from '../governance/matter.ts';
import type { TimerDefinition } from '../governance/timer.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { newId } from '../kernel/id.ts';
import { err, ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobQueue } from './job-queue.ts';
import { keysOf, matterStepper, type Outcome } from './matter-stepper.ts';
import type { StoreTransaction } from './ports.ts';

/** What a sweep did: rights that ended or windows that opened, and limits found late. */
export interface Sweep {
  readonly passed: number;
  readonly late: number;
}

/**
 * Takes what the clock takes and reports what is late, once each. Nothing is approved or refused because of time: the
 * clock ends rights after their last day and opens windows, and everything else is told to those it is escalated to.
 * Source: requirements.md §8.2 (rule 7), §2 (U9).
 */
export async function sweepDeadlines(ports: OperationsPorts, queue: JobQueue): Promise<Sweep> {
  const now = ports.clock.now();
  const today = shanghaiDate(now);
  const found = { passed: 0, late: 0 };
  for (const { id } of await ports.store.view.matters.late(today)) {
    // A matter may have several limits that are over; each pass settles one.
    for (let more = true; more; ) {
      const done = await ports.store.write((tx) => settleOne(ports, tx, id, now, today));
      more = done.ok;
      if (!done.ok) continue;
      found[done.value.kind] += 1;
      for (const job of done.value.abort) queue.cancel(job);
    }
  }
  return found;
}

interface Settled {
  readonly kind: 'passed' | 'late';
  readonly abort: readonly string[];
}

/** Settles the first limit of a matter that is over; refuses, with no problem, where there is none. */
async function settleOne(ports: OperationsPorts, tx: StoreTransaction, id: string, now: Date, today: string): Outcome<Settled> {
  const matter = await tx.matters.get(id);
  const timer = matter?.timers.find((item) => item.endedAt === null && item.breachedAt === null && item.dueOn < today);
  if (matter === null || timer === undefined) return err([]);
  const definition = machineOf(matter.noun).timers[timer.name];
  const passed = definition?.passed;
  const possible = machineOf(matter.noun).transitions.some((item) => item.step === passed && item.from.includes(matter.state));
  if (passed === undefined || !possible) return reportLate(ports, tx, matter, timer, definition, now);
  const steps = matterStepper(ports, tx, now);
  const taken = await steps.take(matter, { step: passed, fields: {}, reason: '' }, 'clock');
  return taken.ok ? ok({ kind: 'passed', abort: steps.abort }) : taken;
}

async function reportLate(
  ports: OperationsPorts,
  tx: StoreTransaction,
  matter: Matter,
  timer: MatterTimer,
  definition: TimerDefinition | undefined,
  now: Date,
): Outcome<Settled> {
  const escalatesTo = definition?.escalatesTo ?? ['supervisor'];
  const { id, noun, state } = matter;
  const timers = matter.timers.map((item) => (item === timer ? { ...item, breachedAt: now.toISOString() } : item));
  const after = { ...matter, revision: matter.revision + 1, timers, updatedAt: now.toISOString() };
  const facts = { noun, timer: timer.name, dueOn: timer.dueOn, calendar: timer.calendar, escalatesTo };
  const event = { operation: 'matter.breach', actor: SYSTEM_ACTOR, object: id, outcome: 'done', facts } as const;
  const kept = await tx.matterWrites.replace(after, keysOf(machineOf(noun), after), event);
  if (!kept.ok) return kept;
  for (const role of escalatesTo) {
    const notice = {
      id: newId('ntc', ports.rng),
      matter: id,
      noun,
      state,
      role,
      organisation: null,
      kind: 'late',
      what: timer.name,
    } as const;
    await tx.matterWrites.notify(notice);
  }
  return ok({ kind: 'late', abort: [] });
}
