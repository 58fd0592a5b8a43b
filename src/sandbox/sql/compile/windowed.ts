import type { Column } from '../../../catalog/dataset.ts';
import { ROW_KEY_COLUMN } from '../../../catalog/dataset.ts';
import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import type { Window } from '../ast.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar } from '../model/scalar.ts';
import { type DerivedColumn, determinedUnits } from './derived.ts';
import { derivedRows, passedColumn } from './derived-rows.ts';
import { itemName } from './expressions.ts';
import { notAllowed } from './literal-leaf.ts';
import { physical, shown } from './print.ts';
import { refuseConstruct } from './refusal.ts';
import { resolveScalar } from './resolve.ts';
import { NO_ROWS, type Relation } from './rows.ts';
import { isSensitive } from './terms.ts';
import type { UnitSelect } from './unit-select.ts';
import { unitClasses } from './units.ts';

const NUMBERING = new Set(['row_number', 'rank', 'dense_rank']);
const NEIGHBOURS = new Set(['lag', 'lead', 'first_value', 'last_value']);

/** Windows over the rows of one unit, as columns of a table of its own. Source: gate.md §4 (windows within one unit). Throws Refused. */
export function windowedRows(unit: UnitSelect): Relation {
  const { items, environment, frame, rows, select } = unit;
  const scalars = items.map((item) => (item.expression.kind === 'window' ? null : resolveScalar(item.expression, environment)));
  const columns = items.map((item, index): DerivedColumn => {
    const name = `w${index}`;
    const scalar = scalars[index] ?? null;
    return item.expression.kind === 'window'
      ? windowColumn(item.expression, name, unit)
      : passedColumn(scalar ?? { kind: 'literal', type: 'null', text: '', at: select.at }, name, frame.compilation);
  });
  const given = { rows: frame.called, columns: items.map(itemName) };
  const instance = derivedRows([{ rows, columns, scalars }], frame.compilation, given, select.at);
  const result = items.map((item, index) => {
    const column = instance.table.columns[index];
    if (column === undefined) throw new Error('A column was lost');
    const scalar: Scalar = { kind: 'column', column: { instance, column, at: item.expression.at }, at: item.expression.at };
    return { name: itemName(item, index), scalar };
  });
  return { kind: 'unit', rows: { ...NO_ROWS, instances: [instance] }, columns: result };
}

function windowColumn(window: Window, name: string, unit: UnitSelect): DerivedColumn {
  const { environment, rows, frame } = unit;
  const { at } = window;
  const partition = window.partitionBy.map((item) => resolveScalar(item, environment));
  const kept = determinedUnits(partition, rows, frame.compilation);
  if (kept.length !== unitClasses(rows).length) return refuseConstruct('WINDOW without PARTITION BY the unit', at);
  if (window.filter !== null || window.frame.start.kind !== 'unboundedPreceding' || window.frame.end.kind !== 'currentRow')
    return refuseConstruct('WINDOW with a frame of its own below an aggregate', at);
  const ranks = window.orderBy.map((item) => ({
    scalar: bare(resolveScalar(item.expression, environment)),
    direction: item.descending ? ' DESC' : '',
  }));
  const order = (print: (scalar: Scalar) => string): readonly string[] => ranks.map((item) => `${print(item.scalar)}${item.direction}`);
  // Rows of equal rank would come in any order: the row's own key decides.
  const ties = rows.instances
    .filter((item) => item.table.visibility === 'protected' && !item.table.name.startsWith('__'))
    .map((item) => `t${item.index}.${ROW_KEY_COLUMN}`);
  const over = (print: (scalar: Scalar) => string, last: readonly string[]): string =>
    `OVER (PARTITION BY ${partition.map(print).join(', ')} ORDER BY ${[...order(print), ...last].join(', ')})`;
  const both = (write: (print: (scalar: Scalar) => string) => string, last: readonly string[]) => ({
    sql: [`${write(physical)} ${over(physical, last)}`],
    shown: [`${write(shown)} ${over(shown, [])}`],
  });
  const base = { name, label: 'personal', publicDomain: false, factFamily: `derived.${name}` } as const;
  if (NUMBERING.has(window.name) && window.arguments.length === 0) {
    if (ranks.length === 0) return refuseConstruct(`${window.name}() without ORDER BY`, at);
    const column: Column = { ...base, type: 'BIGINT', role: 'measure', nullable: false, semantic: 'count feature' };
    return { column, ...both(() => `${window.name}()`, window.name === 'row_number' ? ties : []) };
  }
  if (!NEIGHBOURS.has(window.name) || window.arguments.length !== 1)
    return refuseConstruct(`${window.name === 'count_star' ? 'count(*)' : `${window.name}()`} OVER below an aggregate`, at);
  const [argument] = window.arguments;
  const scalar = bare(argument === undefined ? { kind: 'literal', type: 'null', text: '', at } : resolveScalar(argument, environment));
  if (scalar.kind !== 'column' || ranks.length === 0) return refuseConstruct(`${window.name}() without ORDER BY`, at);
  const { column } = scalar.column;
  if (typeClass(column) === 'other' || column.role === 'directId') return notAllowed(scalar.column, window.name);
  const sensitive = isSensitive(scalar.column) ? { semantic: 'sensitive feature' } : {};
  return { column: { ...column, ...sensitive, name, nullable: true }, ...both((print) => `${window.name}(${print(scalar)})`, ties) };
}

function bare(scalar: Scalar): Scalar {
  if (scalar.kind !== 'column') return refuseConstruct('expression inside a window below an aggregate', scalar.at);
  if (scalar.column.instance.table.visibility === 'protected' && ROLE_PERMISSIONS[scalar.column.column.role].compareColumn !== 'yes')
    return notAllowed(scalar.column, 'order by');
  return scalar;
}
