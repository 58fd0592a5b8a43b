import type { ColumnOperator } from '../operator.ts';

/** Takes out values that fewer than `least` rows hold; they become NULL. Throws on a number below 2. Nobody can go back. Source: GB/T 37964-2019 (抑制: 局部抑制). */
export function suppressRare(least: number): ColumnOperator {
  if (!Number.isInteger(least) || least < 2) throw new RangeError('Values are rare that fewer than two or more rows hold');
  return {
    kind: 'column',
    statement: {
      operator: 'suppress',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: true,
      leaves: { en: `${least} or more rows, or every rare value`, zh: `${least} 行及以上，或全部稀有取值` },
    },
    mask: (values) => {
      const counts = new Map<string, number>();
      for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
      return values.map((value) => (value === null || (counts.get(value) ?? 0) < least ? null : value));
    },
  };
}
