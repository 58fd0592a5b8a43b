/** Names of the periodic reports. Source: requirements.md §9. */
export const REPORT_NAMES = ['egress', 'onboarding', 'use', 'demand', 'quality', 'contribution', 'disclosure'] as const;
export type ReportName = (typeof REPORT_NAMES)[number];
/** What the instance makes by itself: every report, and the log of what was done with the data of one department. Source: QZ-3.1.8c. */
export const SCHEDULED_NAMES = [...REPORT_NAMES, 'usage-log'] as const;

export interface ReportColumn {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** The figure counts people: below `LEAST_PEOPLE` it is not told. */
  readonly people?: true;
}

export type ReportCell = string | number;

/** A report over days from `from` to `to`, both within it, in Asia/Shanghai. Ids and figures of proceedings: never a row, a literal or a text of a person. */
export interface Report {
  readonly name: (typeof SCHEDULED_NAMES)[number];
  readonly title: { readonly zh: string; readonly en: string };
  /** Requirements that ask for it. */
  readonly meets: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly ReportCell[])[];
}

/** Fewer people than this are "fewer than this". Source: egress-rules.md §3 (threshold of the instance, 10 at least in production). */
const LEAST_PEOPLE = 10;

/** The report with small counts of people taken out; nought is told, since it names nobody. Source: requirements.md §9, last paragraph. */
export function withoutSmallCounts(report: Report): Report {
  const rows = report.rows.map((row) =>
    row.map((cell, at) => {
      const counts = report.columns[at]?.people === true && typeof cell === 'number';
      return counts && cell > 0 && cell < LEAST_PEOPLE ? `<${LEAST_PEOPLE}` : cell;
    }),
  );
  return { ...report, rows };
}
