/**
 * Rest days and make-up working days of one year, as the General Office of the State Council announced them.
 * Days of the week apart: what is not listed is a working day from Monday to Friday and a rest day otherwise.
 */
export interface CalendarYear {
  readonly year: number;
  /** Path of the notice under `https://www.gov.cn/zhengce/`. */
  readonly notice: string;
  /** Single days `MM-DD` or spans `MM-DD..MM-DD`, both ends included, within the year. */
  readonly restDays: readonly string[];
  /** Saturdays and Sundays that are worked [调休上班], `MM-DD`. */
  readonly makeUpDays: readonly string[];
}

/**
 * The years that are announced. The plan of a year comes out around November of the year before it: until it is added
 * here, deadlines that run into that year are provisional.
 * Source: notices of the General Office of the State Council named in `notice`; requirements.md §8.3.
 */
export const STATE_COUNCIL_YEARS: readonly CalendarYear[] = [
  {
    year: 2023,
    notice: 'zhengceku/2022-12/08/content_5730844',
    restDays: ['01-01..01-02', '01-21..01-27', '04-05', '04-29..05-03', '06-22..06-24', '09-29..10-06'],
    makeUpDays: ['01-28', '01-29', '04-23', '05-06', '06-25', '10-07', '10-08'],
  },
  {
    year: 2024,
    notice: 'zhengceku/202310/content_6911528',
    restDays: ['01-01', '02-10..02-17', '04-04..04-06', '05-01..05-05', '06-10', '09-15..09-17', '10-01..10-07'],
    makeUpDays: ['02-04', '02-18', '04-07', '04-28', '05-11', '09-14', '09-29', '10-12'],
  },
  {
    year: 2025,
    notice: 'zhengceku/202411/content_6986383',
    restDays: ['01-01', '01-28..02-04', '04-04..04-06', '05-01..05-05', '05-31..06-02', '10-01..10-08'],
    makeUpDays: ['01-26', '02-08', '04-27', '09-28', '10-11'],
  },
  {
    year: 2026,
    notice: 'zhengceku/202511/content_7047091',
    restDays: ['01-01..01-03', '02-15..02-23', '04-04..04-06', '05-01..05-05', '06-19..06-21', '09-25..09-27', '10-01..10-07'],
    makeUpDays: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  },
];
