import type { Role } from './dataset.ts';

/** What a query may do with a column of a role. Source: formats.md, "Permissions of the roles". */
export interface RolePermissions {
  readonly output: 'groupingLabel' | 'coarserExpression' | 'never';
  readonly groupBy: 'yes' | 'bins' | 'never';
  readonly compareLiteral: 'exact' | 'grid' | 'never';
  readonly compareColumn: 'yes' | 'unitIdOnly' | 'never';
  readonly aggregates: readonly string[];
  readonly join: 'declaredKeys' | 'yes' | 'never';
}

export const ROLE_PERMISSIONS: Readonly<Record<Role, RolePermissions>> = {
  dimension: {
    output: 'groupingLabel',
    groupBy: 'yes',
    compareLiteral: 'exact',
    compareColumn: 'yes',
    aggregates: ['count', 'count_distinct', 'mode', 'bool_and', 'bool_or'],
    join: 'declaredKeys',
  },
  quasiId: {
    output: 'coarserExpression',
    groupBy: 'yes',
    compareLiteral: 'grid',
    compareColumn: 'yes',
    aggregates: ['count', 'count_distinct', 'avg_affine'],
    join: 'declaredKeys',
  },
  sensitive: {
    output: 'groupingLabel',
    groupBy: 'yes',
    compareLiteral: 'grid',
    compareColumn: 'yes',
    aggregates: ['count', 'sum', 'avg'],
    join: 'never',
  },
  measure: {
    output: 'never',
    groupBy: 'bins',
    compareLiteral: 'grid',
    compareColumn: 'yes',
    aggregates: ['count', 'count_distinct', 'sum', 'avg', 'quantile', 'extreme', 'mode', 'moment', 'pair', 'bool_and', 'bool_or'],
    join: 'never',
  },
  unitId: {
    output: 'never',
    groupBy: 'never',
    compareLiteral: 'never',
    compareColumn: 'unitIdOnly',
    aggregates: ['count', 'count_distinct'],
    join: 'yes',
  },
  directId: {
    output: 'never',
    groupBy: 'never',
    compareLiteral: 'never',
    compareColumn: 'never',
    aggregates: [],
    join: 'never',
  },
};
