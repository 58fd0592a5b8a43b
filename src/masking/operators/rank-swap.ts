import type { Rng } from '../../kernel/rng.ts';
import { type ColumnOperator, WHOLE_MASK } from '../operator.ts';
import { randomNumbers } from '../random-numbers.ts';
import { rankNumbers } from '../ranked-column.ts';

/**
 * Swaps each number with one at most `percent` of all ranks away. The values stay those of the column, so a rare one still shows that somebody has it; swapping
 * hides who. What is no number is masked whole, and so is one that found no partner. Throws where `percent` is not above 0 and at most 100.
 * Source: Moore 1996; GB/T 37964-2019 (随机化: 置换).
 */
export function rankSwap(percent: number, rng: Rng): ColumnOperator {
  if (!(percent > 0 && percent <= 100)) throw new RangeError('Ranks are swapped within 0 to 100 %');
  return {
    kind: 'column',
    statement: {
      operator: 'rankSwap',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: false,
      leaves: { en: `the numbers within ${percent} % of the ranks`, zh: `名次相差 ${percent}% 以内的数值` },
    },
    mask: (values) => {
      const draw = randomNumbers(rng);
      const ranked = rankNumbers(values);
      const reach = Math.max(1, Math.floor((ranked.length * percent) / 100));
      const result: (string | null)[] = values.map((value) => (value === null ? null : WHOLE_MASK));
      const done = new Uint8Array(ranked.length);
      for (const [rank, item] of ranked.entries()) {
        if (done[rank] === 1) continue;
        const free: number[] = [];
        const start = rank + 1 + draw.below(reach);
        for (let step = 0; step < reach && free.length === 0; step += 1) {
          const other = rank + 1 + ((start - rank - 1 + step) % reach);
          if (other < ranked.length && done[other] === 0) free.push(other);
        }
        const partner = ranked[free[0] ?? -1];
        if (partner === undefined) continue;
        done[rank] = 1;
        done[free[0] ?? 0] = 1;
        result[item.row] = partner.text;
        result[partner.row] = item.text;
      }
      return result;
    },
  };
}
