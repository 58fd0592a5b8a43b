import { createHmac } from 'node:crypto';
import { maskKnown, maskWhole, type ValueOperator } from '../operator.ts';
import { readDate } from './generalise-date.ts';

const DAY_MS = 86_400_000;

/**
 * Moves all dates of a unit by the same number of days, 1 to `days` forwards or backwards, so that intervals within a unit stay true. The number comes from the
 * key and the unit. Who knows one true date of a unit knows all of them. Rows without a unit, and what is no date, are masked whole; the time of
 * day is left out. Throws where `days` is not 1 to 3,650. Source: GB/T 37964-2019 (随机化); synthetic-and-masking.md §6.3 (M32, date shift).
 */
export function dateShift(days: number, key: Uint8Array): ValueOperator {
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new RangeError('Dates are shifted by 1 to 3650 days');
  return {
    kind: 'value',
    statement: {
      operator: 'dateShift',
      reversible: true,
      by: 'anyoneByTrial',
      releasable: true,
      joinable: false,
      leaves: {
        en: `${2 * days} dates, as long as no true date of the unit is known`,
        zh: `在未知该主体任一真实日期时为 ${2 * days} 个日期`,
      },
    },
    mask: (value, unit) => {
      const date = readDate(value);
      if (date === undefined || unit === null) return maskWhole();
      const { year, month, day } = date;
      const moved = new Date(Date.UTC(year, month - 1, day) + shiftOf(unit, days, key) * DAY_MS);
      return maskKnown(moved.toISOString().slice(0, 10), 2 * days);
    },
  };
}

/** Never 0: a date that stays would pass in clear. 48 bits make the numbers equally likely but for 1 in 10¹⁰. */
function shiftOf(unit: string, days: number, key: Uint8Array): number {
  const draw = createHmac('sha256', key).update(unit, 'utf8').digest().readUIntBE(0, 6) % (2 * days);
  return draw < days ? draw + 1 : days - draw - 1;
}
