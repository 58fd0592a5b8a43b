import type { Dataset } from '../../catalog/dataset.ts';
import { scanText } from '../../identifiers/detect/scan-text.ts';
import { IDENTIFIER_KINDS, type IdentifierKind } from '../../identifiers/identifier-kind.ts';
import type { ProtectedColumn, TestedColumn } from './tested-table.ts';

const LOOKED_AT = 50;
const NAMING_ROLES: readonly string[] = ['unitId', 'directId'];

/**
 * The columns of an original that must not be restored: all but those that the declaration labels `none`, and of these too the ones that name somebody
 * by role or meaning. `isLabelled` says whether a label was written down; without one a column is protected. Their kind comes from the
 * declared meaning, else from the first values. Source: formats.md, "Dataset declaration" (unlabelled = refused).
 */
export function protectedColumns(
  table: Dataset['tables'][number],
  original: readonly TestedColumn[],
  headerOf: (name: string) => string,
  isLabelled: (header: string) => boolean,
): readonly ProtectedColumn[] {
  return table.columns.flatMap((column) => {
    const header = headerOf(column.name);
    const found = original.find((item) => item.name === header);
    if (found === undefined) return [];
    const kind = IDENTIFIER_KINDS.find((item) => item === column.semantic) ?? kindOf(found);
    const isNaming = NAMING_ROLES.includes(column.role) || IDENTIFIER_KINDS.some((item) => item === column.semantic);
    if (column.label === 'none' && isLabelled(header) && !isNaming) return [];
    return [{ ...found, ...(kind === undefined ? {} : { kind }) }];
  });
}

function kindOf(column: TestedColumn): IdentifierKind | undefined {
  const cells = column.cells.filter((cell) => cell !== null && cell !== '').slice(0, LOOKED_AT) as readonly string[];
  const counts = new Map<IdentifierKind, number>();
  for (const cell of cells) for (const find of scanText(cell)) counts.set(find.kind, (counts.get(find.kind) ?? 0) + 1);
  return [...counts].find(([, count]) => count >= 0.8 * cells.length)?.[0];
}
