import type { Hierarchy } from '../hierarchy.ts';
import { maskKnown, maskWhole, type ValueOperator } from '../operator.ts';

/**
 * A value as its name at a level of a hierarchy, 1 or above; values that the hierarchy does not have are masked whole. Throws on a level it does not have.
 * Nobody can go back. Source: GB/T 37964-2019 (泛化); synthetic-and-masking.md §7.1.
 */
export function generaliseByHierarchy(hierarchy: Hierarchy, level: number): ValueOperator {
  if (!Number.isInteger(level) || level < 1 || level > hierarchy.levels) throw new RangeError('A level that the hierarchy does not have');
  const sizes = new Map<string, number>();
  for (const names of hierarchy.names.values()) {
    const name = names[level - 1] ?? '';
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  return {
    kind: 'value',
    statement: {
      operator: 'generalise:hierarchy',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: true,
      leaves: { en: `the values under one name of level ${level}`, zh: `第 ${level} 层同一名称下的全部取值` },
    },
    mask: (value) => {
      const name = hierarchy.names.get(value)?.[level - 1];
      return name === undefined ? maskWhole() : maskKnown(name, sizes.get(name) ?? null);
    },
  };
}
