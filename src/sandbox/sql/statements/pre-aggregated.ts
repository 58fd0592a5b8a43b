const NAME = '"(?:[^"]|"")+"';
const SELECT = new RegExp(
  `^SELECT (.+) FROM (${NAME}) AS (t\\d+) LEFT JOIN (${NAME}) AS (t\\d+) ON (t\\d+)\\.(${NAME}) = (t\\d+)\\.(${NAME})(?: AND (.+))? GROUP BY (1(?:, \\d+)*)$`,
);
const GROUPED = new RegExp(`^(t\\d+)\\.(${NAME}) AS ${NAME}$`);
const FEATURE = new RegExp(
  `^(count|min|max)\\((t\\d+)\\.${NAME}\\) AS (${NAME})$|^TRY_CAST\\(sum\\((t\\d+)\\.${NAME}\\) AS DECIMAL\\(38,\\d+\\)\\) AS (${NAME})$`,
);
const INSTANCE = /\bt\d+(?=\.")/g;
const TEXT = /'(?:[^']|'')*'/g;

/**
 * A table of features over LEFT JOIN that aggregates first and joins then: of `customer LEFT JOIN orders GROUP BY customer`
 * there are as many rows as customers, yet the engine would join all orders and group by all columns of the unit. The
 * same rows, because the joined column is unique on the left and all features are those of the right; a count of nothing
 * is 0. The text as it was where it is of any other form.
 *
 * @param unique  columns without NULL whose values proved unique, as `"table"."column"`.
 * Source: performance.md §3.12 (per-unit features).
 */
export function preAggregated(select: string, unique: ReadonlySet<string>): string {
  const [whole, list = '', left = '', a = '', right = '', b = '', a2, key = '', b2, joined = '', condition = 'TRUE', places = ''] =
    SELECT.exec(select) ?? [];
  if (whole === undefined || a2 !== a || b2 !== b || a === b || !unique.has(`${left}.${key}`)) return select;
  const items = list.split(', ');
  const width = places.split(', ').length;
  const grouped = items.slice(0, width).map((item) => GROUPED.exec(item));
  const features = items.slice(width).map((item) => ({ item, found: FEATURE.exec(item) }));
  const isGrouped = grouped.every((item) => item?.[1] === a) && grouped.some((item) => item?.[2] === key);
  const isOfRight = features.length > 0 && features.every(({ found }) => (found?.[2] ?? found?.[4]) === b);
  const bare = condition.replace(TEXT, "''");
  const isTold = !/\bselect\b/i.test(bare) && [...bare.matchAll(INSTANCE)].every(([name]) => name === b);
  if (
    !isGrouped ||
    !isOfRight ||
    !isTold ||
    places !==
      items
        .slice(0, width)
        .map((_, index) => index + 1)
        .join(', ')
  )
    return select;
  const inner = `SELECT ${b}.${joined} AS x, ${features.map(({ item }) => item).join(', ')} FROM ${right} AS ${b} WHERE ${condition} GROUP BY 1`;
  const outer = features.map(({ found }) => {
    const name = found?.[3] ?? found?.[5] ?? '';
    return found?.[1] === 'count' ? `coalesce(p.${name}, 0) AS ${name}` : `p.${name} AS ${name}`;
  });
  return `SELECT ${[...items.slice(0, width), ...outer].join(', ')} FROM ${left} AS ${a} LEFT JOIN (${inner}) AS p ON ${a}.${key} = p.x`;
}
