import type { Column, Dataset, Table } from '../catalog/dataset.ts';
import { printUnitPath } from '../catalog/unit-path.ts';

/** Name of a table's file in a simulation. */
export function simulationFile(table: string): string {
  return `${table}.csv`;
}

/**
 * The declaration of a dataset again, in the form that the loader reads, with the files of a simulation beside it.
 * Nothing is added and nothing left out: a simulation loads under the same rules as the real data.
 * Source: formats.md, "Dataset declaration".
 */
export function simulationDeclaration(dataset: Dataset): Readonly<Record<string, unknown>> {
  const { name, tables, ...head } = dataset;
  return { dataset: name, ...head, tables: Object.fromEntries(tables.map((table) => [table.name, declaredTable(table)])) };
}

function declaredTable(table: Table): Readonly<Record<string, unknown>> {
  return {
    file: simulationFile(table.name),
    visibility: table.visibility,
    primaryKey: table.primaryKey,
    foreignKeys: table.foreignKeys.map((key) => ({
      columns: key.columns,
      references: key.references.map((column) => `${key.table}.${column}`),
    })),
    ...(Object.keys(table.units).length === 0
      ? {}
      : { units: Object.fromEntries(Object.entries(table.units).map(([type, path]) => [type, printUnitPath(path)])) }),
    ...(table.rows === undefined ? {} : { rows: table.rows }),
    ...(table.simulation === undefined ? {} : { simulation: table.simulation }),
    ...(table.standingFilters.length === 0 ? {} : { standingFilters: table.standingFilters }),
    columns: Object.fromEntries(table.columns.map((column) => [column.name, declaredColumn(column)])),
  };
}

function declaredColumn(column: Column): Readonly<Record<string, unknown>> {
  const { name: _, ...declared } = column;
  return declared;
}
