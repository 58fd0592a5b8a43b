import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/catalog/dataset.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';

const column = (type: string, more: object = {}): object => ({ type, label: 'none', role: 'dimension', ...more });

function dataset(tables: object): Dataset {
  const read = readDeclaration({ dataset: 'planned', ...DECLARED_HEAD, tables });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.dataset;
}

const publicTable = (more: object): object => ({ visibility: 'public', primaryKey: ['id'], ...more });

function rowsOf(data: Dataset, rows: number): Record<string, number> {
  const plan = planSimulation(data, { seed: 's', rows });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return Object.fromEntries(plan.value.tables.map((table) => [table.table, table.rows]));
}

function codesOf(data: Dataset, options = { seed: 's', rows: 100 }): readonly string[] {
  const plan = planSimulation(data, options);
  return plan.ok ? [] : plan.error.map((problem) => problem.code);
}

describe('planSimulation', () => {
  const chain = dataset({
    parent: publicTable({ rows: 50, columns: { id: column('INTEGER') } }),
    child: publicTable({
      rows: 1000,
      foreignKeys: [{ columns: ['up'], references: 'parent.id' }],
      columns: { id: column('BIGINT'), up: column('INTEGER') },
    }),
  });

  test('rows is the size of the largest table; the others keep their proportion', () => {
    expect(rowsOf(chain, 10_000)).toEqual({ parent: 500, child: 10_000 });
    expect(rowsOf(chain, 1)).toEqual({ parent: 1, child: 1 });
  });

  test('without hints, every step up a link is a tenth', () => {
    const bare = dataset({
      parent: publicTable({ columns: { id: column('INTEGER') } }),
      child: publicTable({
        foreignKeys: [{ columns: ['up'], references: 'parent.id' }],
        columns: { id: column('BIGINT'), up: column('INTEGER') },
      }),
    });
    expect(rowsOf(bare, 10_000)).toEqual({ parent: 1000, child: 10_000 });
  });

  test('a key that cannot hold the rows makes the table shorter', () => {
    expect(rowsOf(dataset({ t: publicTable({ columns: { id: column('VARCHAR', { domain: ['a', 'b', 'c'] }) } }) }), 1000)).toEqual({
      t: 3,
    });
  });

  test('the plan depends on declaration and options alone', () => {
    expect(planSimulation(chain, { seed: 'a', rows: 10 })).toEqual(planSimulation(structuredClone(chain), { seed: 'a', rows: 10 }));
    expect(planSimulation(chain, { seed: 'a', rows: 10 })).not.toEqual(planSimulation(chain, { seed: 'b', rows: 10 }));
  });

  test('its declaration reads back as the same dataset', () => {
    const plan = planSimulation(chain, { seed: 's', rows: 10 });
    const again = plan.ok ? readDeclaration(JSON.parse(JSON.stringify(plan.value.declaration))) : undefined;
    expect(again).toMatchObject({
      ok: true,
      value: { dataset: chain, files: { parent: { file: 'parent.csv' }, child: { file: 'child.csv' } } },
    });
  });

  test('options out of range are refused together', () => {
    expect(codesOf(chain, { seed: '', rows: 0 })).toEqual(['simulation.rows', 'simulation.seed']);
    expect(codesOf(chain, { seed: 's', rows: 1.5 })).toEqual(['simulation.rows']);
  });

  test('a filter that contradicts the domain is refused', () => {
    const data = dataset({
      t: publicTable({
        standingFilters: ["state = 'gone'"],
        columns: { id: column('INTEGER'), state: column('VARCHAR', { domain: ['a', 'b'] }) },
      }),
    });
    expect(codesOf(data)).toEqual(['simulation.no_value']);
  });

  test('primary keys in a circle are refused; circles of other foreign keys are not', () => {
    const circle = (columns: readonly string[]): Dataset =>
      dataset({
        a: publicTable({ foreignKeys: [{ columns, references: 'b.id' }], columns: { id: column('INTEGER'), other: column('INTEGER') } }),
        b: publicTable({ foreignKeys: [{ columns, references: 'a.id' }], columns: { id: column('INTEGER'), other: column('INTEGER') } }),
      });
    expect(codesOf(circle(['id']))).toEqual(['simulation.key_cycle']);
    expect(codesOf(circle(['other']))).toEqual([]);
  });

  test('a seed cannot break out of the SQL', () => {
    const plan = planSimulation(chain, { seed: "'); DROP TABLE x; --", rows: 10 });
    expect(
      plan.ok && [...plan.value.statements, ...plan.value.tables.map((table) => table.select)].some((sql) => sql.includes('DROP')),
    ).toBe(false);
  });
});
