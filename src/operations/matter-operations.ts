import type { AuditEvent } from '../audit/event.ts';
import { MACHINES, machineOf } from '../governance/machines.ts';
import type { Matter } from '../governance/matter.ts';
import { openMatter, takeStep } from '../governance/take-step.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { JobQueue } from './job-queue.ts';
import { deleteAgreementData } from './matter-effects.ts';
import { bodyDigest, contextFor, keysOf, type MatterRequest, matterStepper, type Outcome } from './matter-stepper.ts';
import { type CatalogueEntryView, catalogueEntryView, type MatterOperations, matterView, maySeeMatter } from './matter-view.ts';
import { readPage } from './page-wish.ts';

const MOST_MATTERS = 1000;

/** Proceedings of government: open, look, step, search, notices. Source: requirements.md §5–§8. */
export function matterOperations(ports: OperationsPorts, queue: JobQueue): MatterOperations {
  const find = async (actor: Actor, action: 'matter.read' | 'matter.step', noun: string, id: string): Outcome<Matter> => {
    const permitted = await allowed(ports, actor, action);
    if (!permitted.ok) return permitted;
    const matter = await ports.store.view.matters.get(id);
    if (matter !== null && matter.noun === noun && maySeeMatter(machineOf(noun), actor, matter)) return ok(matter);
    return refuseAccess(ports, actor, action, [problem('access.not_found', { kind: noun })], { kind: noun, id });
  };
  const audited = async <T>(
    actor: Actor,
    action: 'matter.open' | 'matter.step',
    result: Result<T, readonly Problem[]>,
    object: { kind: string; id: string },
  ) => {
    const refused = result.ok ? undefined : result.error.find((item) => item.code.startsWith('access.'));
    return refused === undefined ? result : refuseAccess(ports, actor, action, [refused], object);
  };

  return {
    async openMatter(actor, { noun, city, fields }) {
      const permitted = await allowed(ports, actor, 'matter.open');
      if (!permitted.ok) return permitted;
      const machine = machineOf(noun);
      const now = ports.clock.now();
      const opened = await ports.store.write(async (tx): Outcome<Matter> => {
        const context = await contextFor(tx, { city, organisation: actor.organisation, fields }, now);
        if (!context.ok) return context;
        const matter = openMatter(machine, { id: newId('mat', ports.rng), city, fields }, actor, context.value);
        if (!matter.ok) return matter;
        const facts = { noun, profile: matter.value.profile, fields: Object.keys(fields), bodyDigest: bodyDigest(matter.value) };
        const event: AuditEvent = { operation: 'matter.open', actor, object: matter.value.id, outcome: 'done', facts };
        const kept = await tx.matterWrites.add(matter.value, keysOf(machine, matter.value), event);
        return kept.ok ? matter : kept;
      });
      const result = await audited(actor, 'matter.open', opened, { kind: noun, id: 'new' });
      return result.ok ? ok(matterView(machine, actor, result.value)) : result;
    },

    async listMatters(actor, { noun, state, page }) {
      const permitted = await allowed(ports, actor, 'matter.read');
      if (!permitted.ok) return permitted;
      const machine = machineOf(noun);
      const isSeen = (matter: Matter): boolean => matter.noun === noun && maySeeMatter(machine, actor, matter);
      return readPage(page ?? { atMost: MOST_MATTERS }, {
        find: (id) => ports.store.view.matters.get(id),
        read: (stretch) => ports.store.view.matters.list({ noun, state, ...stretch }),
        idOf: (matter) => matter.id,
        mayAfter: isSeen,
        view: (matter) => (isSeen(matter) ? matterView(machine, actor, matter) : null),
      });
    },

    async showMatter(actor, { noun, id }) {
      const found = await find(actor, 'matter.read', noun, id);
      return found.ok ? ok(matterView(machineOf(noun), actor, found.value)) : found;
    },

    async stepMatter(actor, input) {
      const { noun, id, step, revision, fields = {}, reason = '' } = input;
      const found = await find(actor, 'matter.step', noun, id);
      if (!found.ok) return found;
      const machine = machineOf(noun);
      const now = ports.clock.now();
      const effects = machine.transitions.find((item) => item.step === step && item.from.includes(found.value.state))?.effects ?? [];
      const dry = await rehearsed(ports, found.value, { step, fields, reason }, actor, now);
      if (!dry.ok) return audited(actor, 'matter.step', dry, { kind: noun, id });
      if (found.value.revision !== revision) return err([problem('matter.changed', {})]);
      // Before the commit: a certificate that a crash leaves unwritten is made again, one without its deletion would be a lie.
      const deleted = effects.includes('delete_data') ? await deleteAgreementData(ports, found.value) : ok({});
      if (!deleted.ok) return deleted;
      const abort: string[] = [];
      const taken = await ports.store.write(async (tx): Outcome<Matter> => {
        const matter = await tx.matters.get(id);
        if (matter === null || matter.revision !== revision) return err([problem('matter.changed', {})]);
        const steps = matterStepper(ports, tx, now);
        const after = await steps.take({ ...matter, fields: { ...matter.fields, ...deleted.value } }, { step, fields, reason }, actor);
        abort.push(...steps.abort);
        return after;
      });
      const result = await audited(actor, 'matter.step', taken, { kind: noun, id });
      if (!result.ok) return result;
      for (const job of abort) queue.cancel(job);
      return ok(matterView(machine, actor, result.value));
    },

    async listMatterNotices(actor, { limit }) {
      const permitted = await allowed(ports, actor, 'matter.read');
      if (!permitted.ok) return permitted;
      return ok(await ports.store.view.matters.notices({ roles: actor.roles, organisation: actor.organisation, limit }));
    },

    async searchCatalogue({ query, shareType }) {
      const wanted = query?.trim().toLowerCase() ?? '';
      const machines = MACHINES.filter((machine) => (machine.publicStates ?? []).length > 0);
      const entries: CatalogueEntryView[] = [];
      for (const { noun, publicStates = [] } of machines) {
        for (const state of publicStates) entries.push(...(await ports.store.view.matters.list({ noun, state })).map(catalogueEntryView));
      }
      const fits = (entry: CatalogueEntryView): boolean =>
        (shareType === undefined || entry.shareType === shareType) &&
        [entry.catalogueName, entry.provider, ...entry.itemNames].some((text) => text.toLowerCase().includes(wanted));
      return ok(entries.filter(fits).slice(0, MOST_MATTERS));
    },
  };
}

/** Whether the step could be taken now; changes nothing. */
async function rehearsed(ports: OperationsPorts, matter: Matter, request: MatterRequest, actor: Actor, now: Date): Outcome<null> {
  const context = await contextFor(ports.store.view, { ...matter, fields: { ...matter.fields, ...request.fields } }, now);
  if (!context.ok) return context;
  const taken = takeStep(machineOf(matter.noun), matter, request, actor, context.value);
  return taken.ok ? ok(null) : taken;
}
