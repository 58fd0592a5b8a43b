import { addDecimals, type Decimal, decimalText, integer } from '../../kernel/decimal.ts';
import { type ColumnOperator, WHOLE_MASK } from '../operator.ts';
import { type RankedNumber, rankNumbers } from '../ranked-column.ts';

/**
 * Puts the numbers in groups of `k` to 2k−1 neighbours and replaces each by the mean of its group, with two decimals more than they have. With fewer than k
 * numbers all are masked whole, and so is what is no number. Throws on k below 2. Nobody can go back.
 * Source: Defays and Nanopoulos 1993; Domingo-Ferrer and Mateo-Sanz 2002 (fixed-size univariate); GB/T 37964-2019 (微聚集).
 */
export function microAggregate(k: number): ColumnOperator {
  if (!Number.isInteger(k) || k < 2) throw new RangeError('Groups have two or more members');
  return {
    kind: 'column',
    statement: {
      operator: 'microAggregate',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: false,
      leaves: { en: `${k} or more values that are shown as one mean`, zh: `以同一均值表示的 ${k} 个及以上数值` },
    },
    mask: (values) => {
      const ranked = rankNumbers(values);
      const result: (string | null)[] = values.map((value) => (value === null ? null : WHOLE_MASK));
      const groups = Math.floor(ranked.length / k);
      for (let group = 0; group < groups; group += 1) {
        const members = ranked.slice(group * k, group === groups - 1 ? ranked.length : (group + 1) * k);
        const mean = meanOf(members);
        for (const { row } of members) result[row] = mean;
      }
      return result;
    },
  };
}

function meanOf(members: readonly RankedNumber[]): string {
  const sum = members.reduce<Decimal>((total, member) => addDecimals(total, member.number), integer(0));
  const scale = Math.max(...members.map((member) => member.number.scale)) + 2;
  const scaled = sum.digits * 10n ** BigInt(scale - sum.scale);
  const count = BigInt(members.length);
  const half = scaled < 0n ? -count : count;
  return decimalText({ digits: (2n * scaled + half) / (2n * count), scale });
}
