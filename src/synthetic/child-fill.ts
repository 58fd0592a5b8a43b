import { below, ROW, type Sql, skewed } from './draw.ts';

/** One in `CHILDLESS` parents has as few rows below it as it may; weights of the others have a heavy tail. */
const CHILDLESS = 6;
const CHILD_EVENNESS = 0.03;

export interface FillLimits {
  readonly least: number;
  readonly most: number;
}

/**
 * SELECT of exactly `rows` rows spread over `parents` parents: `__p0` (the parent's index), `ROW`, `__j` (number within the
 * parent). Counts first, then fills: no parent has fewer than `least` or more than `most`; where there is room the first has
 * the most and the second the least. `rows` must lie between `parents` × the limits.
 * Source: synthetic-and-masking.md §3 (a: count-then-fill).
 */
export function filledRows(stream: string, parents: number, rows: number, limits: FillLimits): Sql {
  const cap = Math.min(limits.most, rows) - limits.least;
  const spare = rows - parents * limits.least;
  const tail = `1 + floor(${skewed(`${stream}w`, CHILD_EVENNESS)} * 1000)`;
  const weight = `(CASE WHEN ${ROW} = 0 AND ${parents} > 2 THEN 1000000000 WHEN ${ROW} > 0 AND (${ROW} = 1 OR ${below(stream, CHILDLESS)} = 0) THEN 0 ELSE ${tail} END)::BIGINT`;
  const spread = (amount: Sql, part: Sql, whole: Sql): Sql =>
    `((${whole}::HUGEINT * ${amount}) // nullif(sum(${part}) OVER (), 0) - ((${whole} - ${part})::HUGEINT * ${amount}) // nullif(sum(${part}) OVER (), 0))::BIGINT`;
  const running = (part: Sql): Sql => `sum(${part}) OVER (ORDER BY ${ROW})`;
  const weighted = `SELECT *, ${weight} AS __w0 FROM (SELECT range AS ${ROW} FROM range(${parents}))`;
  // The first parent's weight takes its cap and no more: what is capped goes to the others below.
  const bounded = `SELECT *, CASE WHEN __w0 = 1000000000 THEN greatest(1, ${cap} * (sum(__w0) FILTER (WHERE __w0 < 1000000000) OVER ()) // ${Math.max(1, spare)}) ELSE __w0 END AS __w FROM (${weighted})`;
  const capped = `SELECT ${ROW}, least(${cap}, coalesce(${spread(String(spare), '__w', running('__w'))}, 0)) AS __c FROM (${bounded})`;
  // What the cap took away goes to parents that still have room, in proportion to it: the total stays exact.
  const roomy = `SELECT *, ${cap} - __c AS __f, ${spare} - sum(__c) OVER () AS __s FROM (${capped})`;
  const counted = `SELECT ${ROW}, ${limits.least} + __c + coalesce(${spread('__s', '__f', running('__f'))}, 0) AS __c FROM (${roomy})`;
  const started = `SELECT ${ROW} AS __p0, __c, (${running('__c')} - __c)::BIGINT AS __start FROM (${counted})`;
  return `SELECT __p0, __start + __j AS ${ROW}, __j FROM (SELECT __p0, __start, unnest(range(__c)) AS __j FROM (${started}))`;
}
