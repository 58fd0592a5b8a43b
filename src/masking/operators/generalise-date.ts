import { type Masked, maskKnown, maskWhole, type ValueOperator } from '../operator.ts';

export type DateStep = 'month' | 'quarter' | 'year' | 'decade';

const FORMS = [
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-][01]\d:?[0-5]\d)?)?$/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/,
  /^(\d{4})年(\d{1,2})月(\d{1,2})日$/,
  /^(\d{4})(\d{2})(\d{2})$/,
];

/** Year, month and day of a date of one of the usual forms that exists; else undefined. Source: GB/T 7408-2005 (ISO 8601). */
export function readDate(text: string): { readonly year: number; readonly month: number; readonly day: number } | undefined {
  for (const form of FORMS) {
    const match = form.exec(text.trim());
    if (match === null) continue;
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
    return { year, month, day };
  }
  return undefined;
}

/** A date as its month `1990-05`, quarter `1990-Q2`, year or decade `1990s`. Nobody can go back; what is no date is masked whole. Source: GB/T 37964-2019 (泛化: 取整). */
export function generaliseDate(step: DateStep): ValueOperator {
  return {
    kind: 'value',
    statement: {
      operator: `generalise:date:${step}`,
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: true,
      leaves: { en: `the days of a ${step}`, zh: '同一时段内的全部日期' },
    },
    mask: (value) => maskDate(value, step),
  };
}

function maskDate(value: string, step: DateStep): Masked {
  const date = readDate(value);
  if (date === undefined) return maskWhole();
  const { year, month } = date;
  const padded = String(year).padStart(4, '0');
  const quarter = Math.ceil(month / 3);
  if (step === 'month') return maskKnown(`${padded}-${String(month).padStart(2, '0')}`, daysBetween(year, month, 1));
  if (step === 'quarter') return maskKnown(`${padded}-Q${quarter}`, daysBetween(year, 3 * quarter - 2, 3));
  if (step === 'year') return maskKnown(padded, daysBetween(year, 1, 12));
  return maskKnown(`${padded.slice(0, 3)}0s`, daysBetween(year - (year % 10), 1, 120));
}

function daysBetween(year: number, month: number, months: number): number {
  return (Date.UTC(year, month - 1 + months, 1) - Date.UTC(year, month - 1, 1)) / 86_400_000;
}
