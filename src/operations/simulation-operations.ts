import { textDigest } from '../audit/fact-values.ts';
import { newId } from '../kernel/id.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { Operations, SimulationView } from './operations.ts';
import type { SimulationRecord } from './ports.ts';

type SimulationOperations = Pick<Operations, 'simulate' | 'listSimulations' | 'simulationCsv'>;

function viewOf(record: SimulationRecord): SimulationView {
  const { id, dataset, rows, seed, label, digest, createdAt, tables } = record;
  return { id, dataset, rows, seed, label, digest, createdAt, tables };
}

/** Simulation data: made from the declaration alone, so that everybody who may read the catalogue may read them. */
export function simulationOperations(ports: OperationsPorts): SimulationOperations {
  const notFound = (kind: 'dataset' | 'simulation') => [problem('access.not_found', { kind })];
  return {
    async simulate(actor, input) {
      const permitted = await allowed(ports, actor, 'simulation.create');
      if (!permitted.ok) return permitted;
      const record = await ports.store.view.datasets.get(input.dataset);
      if (record === null) {
        return refuseAccess(ports, actor, 'simulation.create', notFound('dataset'), { kind: 'dataset', id: input.dataset });
      }
      const id = newId('sim', ports.rng);
      const { rows, seed } = input;
      const made = await ports.simulator.simulate({ id, dataset: record.dataset, rows, seed });
      if (!made.ok) return err(made.error);
      const { version, tables } = made.value;
      const simulation: SimulationRecord = {
        id,
        dataset: record.name,
        rows,
        seed,
        label: 'SIMULATED-L0',
        digest: version.digest,
        createdAt: ports.clock.now().toISOString(),
        tables,
        owner: { id: actor.id, organisation: actor.organisation },
        version,
      };
      const facts = { dataset: record.name, rows, seedDigest: textDigest(seed), digest: version.digest, label: simulation.label };
      return ports.store.write(async (tx) => {
        await tx.simulations.add(simulation, { operation: 'simulation.create', actor, object: id, outcome: 'done', facts });
        return ok(viewOf(simulation));
      });
    },

    async listSimulations(actor, dataset) {
      const permitted = await allowed(ports, actor, 'simulation.read');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) {
        return refuseAccess(ports, actor, 'simulation.read', notFound('dataset'), { kind: 'dataset', id: dataset });
      }
      return ok((await ports.store.view.simulations.list(dataset)).map(viewOf));
    },

    async simulationCsv(actor, input) {
      const permitted = await allowed(ports, actor, 'simulation.download');
      if (!permitted.ok) return permitted;
      const { id, table } = input;
      const simulation = await ports.store.view.simulations.get(id);
      const part = simulation?.tables.find((item) => item.table === table);
      const record = simulation === null ? null : await ports.store.view.datasets.get(simulation.dataset);
      if (record === null || part === undefined) {
        return refuseAccess(ports, actor, 'simulation.download', notFound('simulation'), { kind: 'simulation', id });
      }
      const facts = { dataset: record.name, table, digest: part.digest };
      await ports.audit.append({ operation: 'simulation.download', actor, object: id, outcome: 'done', facts });
      return ports.simulator.csv({ dataset: record.dataset, id, table });
    },
  };
}
