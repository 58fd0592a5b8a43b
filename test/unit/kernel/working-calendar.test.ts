import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, isDate, shanghaiDate, weekday } from '../../../src/kernel/calendar/shanghai-date.ts';
import { STATE_COUNCIL_YEARS } from '../../../src/kernel/calendar/state-council-years.ts';
import { deadlineOf, isWorkingDay, workingCalendar } from '../../../src/kernel/calendar/working-calendar.ts';

const CALENDAR = workingCalendar(STATE_COUNCIL_YEARS);
const workingDays = (trigger: string, amount: number) => deadlineOf(CALENDAR, trigger, { amount, unit: 'workingDays' });

/** requirements.md §8.4; the last column is what counting Monday to Friday would give. */
const VECTORS = [
  ['GZ-14b, National Day, a make-up Sunday counts', '2025-09-26', 5, '2025-10-10', '2025-10-03'],
  ['GZ-14c, make-up Saturday, then Spring Festival', '2026-02-13', 3, '2026-02-25', '2026-02-18'],
  ['GZ-19a, Labour Day and a make-up Saturday', '2026-04-30', 5, '2026-05-11', '2026-05-07'],
  ['GZ-35b', '2025-09-22', 15, '2025-10-17', '2025-10-13'],
  ['GZ-35d', '2025-12-22', 30, '2026-02-03', '2026-02-02'],
  ['QY-24b reply, a make-up Sunday counts', '2026-09-18', 2, '2026-09-21', '2026-09-22'],
  ['QY-24b implementation, ends on a worked Saturday', '2026-09-30', 3, '2026-10-10', '2026-10-05'],
  ['CQ-OP-17, Spring Festival', '2025-01-24', 5, '2025-02-07', '2025-01-31'],
  ['QY-38a', '2026-02-12', 10, '2026-03-04', '2026-02-26'],
  ['QY-12a', '2024-09-27', 15, '2024-10-23', '2024-10-18'],
  ['QY-12b, a make-up Sunday counts', '2024-02-02', 5, '2024-02-08', '2024-02-09'],
  ['GZ-14b, triggered on a rest day', '2026-02-15', 5, '2026-02-28', '2026-02-20'],
] as const;

describe('working days', () => {
  test.each(VECTORS)('%s: %s + %i → %s', (_name, trigger, amount, due, naive) => {
    expect(workingDays(trigger, amount)).toEqual({ dueOn: due, provisional: false, calendar: 'CN-2023..2026' });
    let [day, left] = [trigger as string, amount as number];
    while (left > 0) {
      day = addDays(day, 1);
      if (![0, 6].includes(weekday(day))) left -= 1;
    }
    expect(day).toBe(naive);
  });

  test.each([
    [2024, 251],
    [2025, 248],
    [2026, 248],
  ])('%i has %i of them', (year, count) => {
    let worked = 0;
    for (let day = `${year}-01-01`; day.startsWith(String(year)); day = addDays(day, 1)) if (isWorkingDay(CALENDAR, day)) worked += 1;
    expect(worked).toBe(count);
  });

  test('a limit that runs into a year without a calendar is provisional', () => {
    expect(workingDays('2026-12-30', 1)).toMatchObject({ dueOn: '2026-12-31', provisional: false });
    expect(workingDays('2026-12-30', 2)).toMatchObject({ provisional: true });
    expect(deadlineOf(CALENDAR, '2026-12-30', { amount: 30, unit: 'calendarDays' }).provisional).toBe(true);
    expect(deadlineOf(CALENDAR, '2026-12-30', { amount: 3, unit: 'years', right: true }).provisional).toBe(false);
  });

  test('zero days end on the day itself', () => {
    expect(workingDays('2026-02-16', 0).dueOn).toBe('2026-02-16');
  });

  test('agree with the published days, where the copy is there', ({ skip }) => {
    const file = (year: number) => `../shared/data/holidays-cn/${year}.json`;
    if (!STATE_COUNCIL_YEARS.every(({ year }) => existsSync(file(year)))) skip('../shared/data/holidays-cn is not there');
    for (const { year } of STATE_COUNCIL_YEARS) {
      const { days } = JSON.parse(readFileSync(file(year), 'utf8')) as { days: readonly { date: string; isOffDay: boolean }[] };
      for (const day of days.filter((item) => item.date.startsWith(String(year)))) {
        expect([day.date, isWorkingDay(CALENDAR, day.date)]).toEqual([day.date, !day.isOffDay]);
      }
    }
  });
});

describe('other units', () => {
  test('months and years end on the corresponding day or the last of the month', () => {
    expect(addMonths('2024-08-31', 6)).toBe('2025-02-28');
    expect(addMonths('2024-02-29', 36)).toBe('2027-02-28');
    expect(addMonths('2025-12-15', 1)).toBe('2026-01-15');
  });

  test('a calendar limit moves off a rest day, the end of a right does not', () => {
    expect(deadlineOf(CALENDAR, '2026-09-01', { amount: 1, unit: 'months' }).dueOn).toBe('2026-10-08');
    expect(deadlineOf(CALENDAR, '2026-04-01', { amount: 6, unit: 'months', right: true }).dueOn).toBe('2026-10-01');
  });
});

describe('properties', () => {
  const dates = fc.integer({ min: 0, max: 1400 }).map((days) => addDays('2023-01-01', days));

  test('a deadline is a working day after the trigger with exactly that many working days up to it', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 1, max: 40 }), (trigger, amount) => {
        const { dueOn } = workingDays(trigger, amount);
        let counted = 0;
        for (let day = trigger; day < dueOn; ) {
          day = addDays(day, 1);
          if (isWorkingDay(CALENDAR, day)) counted += 1;
        }
        expect([isWorkingDay(CALENDAR, dueOn), counted]).toEqual([true, amount]);
      }),
    );
  });

  test('later triggers never end earlier, and limits add up', () => {
    fc.assert(
      fc.property(dates, fc.nat(20), fc.nat(20), (trigger, a, b) => {
        expect(workingDays(addDays(trigger, 1), a).dueOn >= workingDays(trigger, a).dueOn).toBe(true);
        expect(workingDays(workingDays(trigger, a).dueOn, b).dueOn).toBe(workingDays(trigger, a + b).dueOn);
      }),
    );
  });
});

describe('data that are wrong are refused', () => {
  const year = { year: 2030, notice: 'n', restDays: ['01-01'], makeUpDays: [] };
  test.each([
    ['no years', []],
    ['a year twice', [year, year]],
    ['a make-up day on a weekday', [{ ...year, makeUpDays: ['01-02'] }]],
    ['a span that ends before it starts', [{ ...year, restDays: ['05-03..05-01'] }]],
    ['a day that is no day', [{ ...year, restDays: ['02-30'] }]],
  ])('%s', (_name, years) => {
    expect(() => workingCalendar(years)).toThrow(RangeError);
  });
});

test('the day in Shanghai starts at 16:00 UTC', () => {
  expect(shanghaiDate(new Date('2026-03-01T15:59:59.999Z'))).toBe('2026-03-01');
  expect(shanghaiDate(new Date('2026-03-01T16:00:00.000Z'))).toBe('2026-03-02');
  expect(['2026-02-29', '2026-2-1', '20260201', '2024-02-29'].map(isDate)).toEqual([false, false, false, true]);
});
