import type { EgressFinding } from '../../egress/finding.ts';
import { type ExternalLinkage, externalFindings, linkExternal } from '../../egress/rows/external-linkage.ts';
import type { Rng } from '../../kernel/rng.ts';
import { possibleLabels } from '../../masking/anonymity/possible-labels.ts';
import { type MaskedRows, quasiOf, type RowsToMask } from '../../masking/dataset/make-masked-rows.ts';
import type { PlannedColumn } from '../../masking/dataset/plan-masked-dataset.ts';
import { applyPolicy } from '../../masking/policy/apply-policy.ts';

type Values = readonly (string | null)[];

/** A registered list as it is opened for the check: one person a row. */
export interface ExternalList {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Operators that whoever has the true value can repeat; the others draw or need a key. */
const REPEATABLE: ReadonlySet<string> = new Set(['keep', 'generalise', 'partial']);

/**
 * Masked rows against every registered list: values of the list go through what anybody could repeat (operators without key or chance, levels), and are joined with what the rows show. Columns whose operator cannot be repeated are not joined on.
 * Source: requirements.md §10.2 (L); issue "Masking" (linkage with registered external data).
 */
export function externalChecks(
  masked: MaskedRows,
  input: RowsToMask,
  keys: Int32Array,
  lists: readonly ExternalList[],
  rng: Rng,
): readonly EgressFinding[] {
  const { plan, spec, accepted } = input;
  const shown = new Map(masked.header.map((name, at) => [name, masked.cells[at] ?? []]));
  const found: ExternalLinkage[] = [];
  for (const list of lists) {
    const columns = new Map(
      [...plan.quasi, ...plan.carried].flatMap((planned, at) => {
        const place = list.columns.indexOf(planned.column.name);
        if (place < 0 || !REPEATABLE.has(planned.operator.operator)) return [];
        const values = repeated(
          planned,
          list.rows.map((row) => row[place] ?? null),
          input,
          rng,
        );
        const isQuasi = at < plan.quasi.length;
        const own = repeated(planned, input.columns.get(planned.column.name) ?? [], input, rng);
        return [
          [
            planned.column.name,
            { values, labelsOf: isQuasi ? possibleLabels(quasiOf(planned, own)) : (value: string) => [value] },
          ] as const,
        ];
      }),
    );
    const linkage = linkExternal(shown, keys, { id: list.id, people: list.rows.length, columns }, spec.k);
    if (linkage !== null) found.push(linkage);
  }
  return externalFindings(found, spec.k, accepted);
}

/** A column as its operator leaves it. */
function repeated({ column, operator }: PlannedColumn, values: Values, { project, master }: RowsToMask, rng: Rng): Values {
  const policy = { policy: 'external', version: 1, project, columns: { [column.name]: operator } };
  const applied = applyPolicy(policy, new Map([[column.name, values]]), { rng, master, hierarchies: new Map() });
  return applied.ok ? (applied.value[0]?.values ?? values) : values;
}
