import type { Table } from '../../catalog/dataset.ts';
import { foldName, quoteName } from '../../catalog/identifier.ts';
import { sealedTableSql } from '../../catalog/sealed-layout.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { StagedSession } from './staged-session.ts';

/** Functions a standing filter may call, by the engine's name; `~~` is LIKE. */
const FUNCTIONS: ReadonlySet<string> = new Set(['~~', '!~~', 'lower', 'upper', 'length', 'trim', 'year', 'month', '+', '-']);
const OPERATORS: ReadonlySet<string> = new Set([
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'COMPARE_IN',
  'COMPARE_NOT_IN',
]);
const CAST_TYPES: ReadonlySet<string> = new Set(['DATE', 'TIMESTAMP', 'BOOLEAN']);

/** `filter` is closed by a line break, so that a comment in it cannot swallow what follows. */
const selectSql = (table: string, filter: string): string => `SELECT 1 FROM ${table} WHERE (${filter}\n)`;

/** The rows of `from` that pass every filter of the table. The filters must have been checked. */
export function filteredSql(table: Table, from: string): string {
  return table.standingFilters.reduce((inner, filter) => `(SELECT * FROM ${inner} WHERE (${filter}\n))`, from);
}

/**
 * Checks that each standing filter is one plain boolean expression over columns of its own table: the engine parses it,
 * a closed list of node kinds decides, and the engine runs it over one row of NULLs of the declared types.
 * Source: gate.md §1 and §3.
 */
export async function findFilterProblems(session: StagedSession, tables: readonly Table[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [number, table] of tables.entries()) {
    if (table.standingFilters.length === 0) continue;
    const clone = `staging.clone${number}`;
    // Filters may name direct identifiers too: the clone has every declared column.
    const whole = {
      ...table,
      visibility: 'public' as const,
      columns: table.columns.map((column) => ({ ...column, role: 'dimension' as const })),
    };
    await session.run(sealedTableSql(whole).replace(quoteName(table.name), () => clone));
    // Selected, not filtered by, and over a row: else a literal that is not of the type of its column could pass unseen.
    await session.run(`INSERT INTO ${clone} SELECT ${table.columns.map(() => 'NULL').join(', ')}`);
    for (const [index, filter] of table.standingFilters.entries()) {
      if (!(await isPlain(session, table, filter)) || (await session.tryRun(`SELECT (${filter}\n) FROM ${clone}`)) === null) {
        problems.push(problem('declaration.invalid', { pointer: `/tables/${table.name}/standingFilters/${index}`, reason: 'filter' }));
      }
    }
    await session.run(`DROP TABLE ${clone}`);
  }
  return problems;
}

async function isPlain(session: StagedSession, table: Table, filter: string): Promise<boolean> {
  const rows = await session.tryRun('SELECT json_serialize_sql($1::VARCHAR)', [selectSql('t', filter)]);
  const text = rows?.[0]?.[0];
  if (typeof text !== 'string') return false;
  const tree = JSON.parse(text) as { readonly error?: unknown; readonly statements?: readonly { readonly node?: unknown }[] };
  if (tree.error !== false || tree.statements?.length !== 1) return false;
  const columns = new Set(table.columns.map((column) => foldName(column.name)));
  const select = tree.statements[0]?.node;
  return isBareSelect(select) && isCondition(select['where_clause'], columns);
}

type Node = Readonly<Record<string, unknown>>;

/** `SELECT 1 FROM t WHERE …` and nothing more: what the filter's text could have added besides its condition is not there. */
function isBareSelect(node: unknown): node is Node {
  if (!isNode(node) || node['type'] !== 'SELECT_NODE') return false;
  const empty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
  const from = node['from_table'];
  const selected = node['select_list'];
  return (
    empty(node['modifiers']) &&
    empty(node['group_expressions']) &&
    empty(node['group_sets']) &&
    (node['having'] ?? null) === null &&
    (node['qualify'] ?? null) === null &&
    (node['sample'] ?? null) === null &&
    Array.isArray(selected) &&
    selected.length === 1 &&
    isNode(from) &&
    from['type'] === 'BASE_TABLE' &&
    from['table_name'] === 't' &&
    (from['sample'] ?? null) === null
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The root of a filter: something that is true or false by itself. */
function isCondition(node: unknown, columns: ReadonlySet<string>): boolean {
  if (!isNode(node)) return false;
  const isFunction = node['class'] === 'FUNCTION' && (node['function_name'] === '~~' || node['function_name'] === '!~~');
  const isTest = ['COMPARISON', 'CONJUNCTION', 'OPERATOR', 'BETWEEN'].includes(String(node['class']));
  return (isFunction || isTest) && isExpression(node, columns, 0);
}

function isExpression(node: unknown, columns: ReadonlySet<string>, depth: number): boolean {
  if (!isNode(node) || depth > 50) return false;
  const all = (...children: readonly unknown[]): boolean => children.every((child) => isExpression(child, columns, depth + 1));
  const children = Array.isArray(node['children']) ? (node['children'] as readonly unknown[]) : [];
  switch (node['class']) {
    case 'CONSTANT':
      return true;
    case 'COLUMN_REF': {
      const names = node['column_names'];
      return Array.isArray(names) && names.length === 1 && columns.has(foldName(String(names[0])));
    }
    case 'COMPARISON':
      return all(node['left'], node['right']);
    case 'CONJUNCTION':
      return all(...children);
    case 'BETWEEN':
      return all(node['input'], node['lower'], node['upper']);
    case 'OPERATOR':
      return OPERATORS.has(String(node['type'])) && all(...children);
    case 'CAST': {
      const type = node['cast_type'];
      const child = node['child'];
      return isNode(type) && CAST_TYPES.has(String(type['id'])) && isNode(child) && child['class'] === 'CONSTANT';
    }
    case 'FUNCTION':
      return (
        FUNCTIONS.has(String(node['function_name']).toLowerCase()) &&
        ['', 'main'].includes(String(node['schema'] ?? '')) &&
        (node['filter'] ?? null) === null &&
        node['distinct'] !== true &&
        all(...children)
      );
    default:
      return false;
  }
}
