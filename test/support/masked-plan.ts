import type { Column } from '../../src/catalog/dataset.ts';
import type { MaskedPlan, PlannedColumn } from '../../src/masking/dataset/plan-masked-dataset.ts';

/** A plan that keeps these columns, name → type, as quasi-identifiers and as passed on. */
export function planOf(quasi: Readonly<Record<string, string>>, carried: Readonly<Record<string, string>>): MaskedPlan {
  const planned = (role: Column['role']) => {
    return ([name, type]: readonly [string, string]): PlannedColumn => ({
      column: { name, type, role, label: 'personal', nullable: true, publicDomain: false, factFamily: `t.${name}` },
      operator: { operator: 'keep' },
    });
  };
  const columns = { quasi: Object.entries(quasi).map(planned('quasiId')), carried: Object.entries(carried).map(planned('sensitive')) };
  const table = {
    name: 't',
    visibility: 'protected' as const,
    primaryKey: ['id'],
    foreignKeys: [],
    units: {},
    standingFilters: [],
    columns: [...columns.quasi, ...columns.carried].map(({ column }) => column),
  };
  return { table, unit: 'person', ...columns, left: [] };
}
