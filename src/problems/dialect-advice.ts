/** What to write instead of something that has no translation. */
interface Advice {
  readonly en: string;
  readonly zh: string;
}

const LISTED: readonly (readonly [RegExp, Advice])[] = [
  [
    /^(?:group_concat|string_agg|array_agg|listagg|json_arrayagg|json_agg|histogram|arbitrary|any_value|max_by|min_by|map_agg|checksum)\(/i,
    {
      en: 'It lists or singles out values, which is refused in every dialect. Use count(DISTINCT x), or group by the column.',
      zh: '它会列出或挑出取值，任何方言均不允许。请使用 count(DISTINCT x)，或按该列分组。',
    },
  ],
  [
    /^(?:REGEXP|RLIKE|the character ~)$/i,
    {
      en: "Write LIKE 'x%', or send regexp_matches(column, '^x') as DuckDB SQL.",
      zh: "请改用 LIKE 'x%'，或以 DuckDB SQL 提交 regexp_matches(列, '^x')。",
    },
  ],
  [
    /^(?:from_unixtime|unix_timestamp|to_timestamp|to_unixtime)\(|^extract\(\) with/i,
    {
      en: "Which moment it is depends on a setting of the server. Compare the column with a literal: TIMESTAMP '2026-01-31 00:00:00'; take year, quarter, month, day or hour of it.",
      zh: "其所指时刻取决于服务器设置。请将该列与字面值比较：TIMESTAMP '2026-01-31 00:00:00'；或取其年、季、月、日、时。",
    },
  ],
  [/^LATERAL$/i, { en: 'Join an inner query that is grouped by the unit.', zh: '请改为连接一个按隐私单元分组的内层查询。' }],
  [/^(?:the character \[|ANY)$/i, { en: 'Write IN (…) with the values.', zh: '请改写为 IN (…) 并列出取值。' }],
  [
    /\(DISTINCT …\)$/i,
    {
      en: 'DISTINCT stands in count only. Count the distinct values, or add up an inner query that has each once.',
      zh: 'DISTINCT 只能用于 count。请计算不同值的个数，或对每值仅出现一次的内层查询求和。',
    },
  ],
  [/^(?:elt|field|find_in_set|decode)\(/i, { en: 'Write CASE WHEN … THEN … END.', zh: '请改写为 CASE WHEN … THEN … END。' }],
  [/^format\(/i, { en: 'Write round(x, 2).', zh: '请改写为 round(x, 2)。' }],
];

const PLAIN: Advice = {
  en: 'Write it in a plainer way, quote it if it is a name, or send the query as DuckDB SQL.',
  zh: '请改用更简单的写法；若为名称请加引号；或直接提交 DuckDB SQL。',
};

/** What to do about a construct without a translation, by its name in the refusal. Never quotes the query. Source: ADR 0012. */
export function dialectAdvice(construct: string): Advice {
  return LISTED.find(([pattern]) => pattern.test(construct))?.[1] ?? PLAIN;
}
