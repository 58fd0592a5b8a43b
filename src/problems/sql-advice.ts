import type { Localised } from './definition.ts';

const KEYS: Localised = {
  en: "Group by a dimension, by year(), quarter() or date_trunc('month', …) of a date, by bins such as floor(x / 1000) * 1000, or by CASE of these.",
  zh: "请按维度列分组，或按日期的 year()、quarter()、date_trunc('month', …)，或按 floor(x / 1000) * 1000 之类的分箱，或按由这些构成的 CASE 分组。",
};
const ARGUMENTS: Localised = {
  en: 'Aggregate sums of constants times columns (at most three multiplied), with CASE, COALESCE or FILTER; compute everything else from the aggregates.',
  zh: '聚合的参数可为“常数 × 列”（至多三列相乘）之和，可带 CASE、COALESCE、FILTER；其余运算请在聚合之后进行。',
};
const CONDITIONS: Localised = {
  en: 'Compare a column, a part or truncation of a date, or a text cut by left() or lower() with a literal, or two columns; combine by AND, OR, NOT, IN, BETWEEN, LIKE.',
  zh: '请把列、日期的部分或截断、或由 left()、lower() 处理的文本与字面量比较，或比较两列，并用 AND、OR、NOT、IN、BETWEEN、LIKE 组合。',
};
const INNER_QUERIES: Localised = {
  en: 'Join an inner query on the unit (IN, EXISTS, or a table per unit), or let it give aggregates: one value, or a list for IN.',
  zh: '内层查询请按单元连接（IN、EXISTS 或按单元聚合的表），或只给出聚合结果：单个值，或供 IN 使用的列表。',
};
const BARE_COLUMNS: Localised = {
  en: 'Give it a bare column; DISTINCT stands in count(DISTINCT x) only, and ORDER BY in none.',
  zh: '请直接给出列名；DISTINCT 仅可用于 count(DISTINCT x)，聚合内不可使用 ORDER BY。',
};

/** What to write instead of a construct outside the language; the first pattern that fits. */
const ADVICE: readonly (readonly [RegExp, Localised])[] = [
  [/^more than|nested/, { en: 'Ask for less in one query, or send several.', zh: '请减少单个查询的内容，或分成多个查询提交。' }],
  [
    /another value in every run/,
    {
      en: "Write the value itself, such as DATE '2026-01-31', or a random choice not at all: the same query must have the same answer.",
      zh: "请直接写出数值，例如 DATE '2026-01-31'，并去掉随机选取：同一查询须得到同一结果。",
    },
  ],
  [
    /of another system/,
    {
      en: 'Leave it out: the threshold, the unit and the noise are set by the operator and hold for every query.',
      zh: '请删去：阈值、隐私单元与噪声由运营方设定，对每个查询都生效。',
    },
  ],
  [/^TOP/, { en: 'Write ORDER BY … LIMIT 10 at the end.', zh: '请在末尾写 ORDER BY … LIMIT 10。' }],
  [
    /^QUALIFY below/,
    {
      en: 'Number the rows of each unit in an inner query, and choose by WHERE in the query around it.',
      zh: '请在内层查询中为每个单元的行编号，再在外层用 WHERE 选取。',
    },
  ],
  [
    /regular expression/,
    { en: "Write words with ^, $, .* and |, or use LIKE 'word%'.", zh: "请只写带 ^、$、.*、| 的词，或使用 LIKE 'word%'。" },
  ],
  [/^NATURAL/, { en: 'Write JOIN … USING (key) with the declared key.', zh: '请写 JOIN … USING (键)，使用声明的键。' }],
  [
    /^labels of a table/,
    {
      en: 'Write CASE WHEN … THEN … with its ranges, or join on a column whose values are unique in that table.',
      zh: '请把各区间写成 CASE WHEN … THEN …，或按该表中取值唯一的列连接。',
    },
  ],
  [
    /^bins of days/,
    {
      en: "Count years or months of the calendar: date_diff('year', d, DATE '2026-01-01'), or date_trunc('month', d).",
      zh: "请按日历的年或月计算：date_diff('year', d, DATE '2026-01-01')，或 date_trunc('month', d)。",
    },
  ],
  [/^one key made of/, { en: 'Group by the columns side by side, and join the texts above.', zh: '请按各列分别分组，在外层再拼接文本。' }],
  [
    /^strftime with/,
    {
      en: "Formats may hold %Y, %m, %b, %H, %a and words; %d beside %Y and %m where days of the column may be shown. Or use date_trunc('month', d).",
      zh: "请只在格式中使用 %Y、%m、%b、%H、%a 与文字；仅当该列可按日显示时，%d 可与 %Y、%m 同用。也可使用 date_trunc('month', d)。",
    },
  ],
  [
    /^(UNION|EXCEPT|INTERSECT)/,
    {
      en: "Between rows of units: UNION ALL; UNION with the unit among the columns; EXCEPT and INTERSECT of the unit's column alone; else EXISTS or NOT EXISTS.",
      zh: '单元行之间：可用 UNION ALL；列中含单元时可用 UNION；EXCEPT 与 INTERSECT 只可用于单元列；其余请用 EXISTS 或 NOT EXISTS。',
    },
  ],
  [/no row can satisfy/, { en: 'Mend the condition.', zh: '请修正该条件。' }],
  [
    /^(LIMIT|QUALIFY) below/,
    {
      en: 'Leave it out: it may stand above an aggregate only, on what is released.',
      zh: '请删去；它只能位于聚合之上，作用于放行的结果。',
    },
  ],
  [
    /WINDOW|OVER below|OVER in|window|without ORDER BY|IGNORE NULLS|^GROUPS/,
    {
      en: 'Over rows of units write row_number, rank, dense_rank, lag, lead, first_value or last_value with PARTITION BY the unit and ORDER BY; other windows stand over aggregates.',
      zh: '在单元的行上只可用 row_number、rank、dense_rank、lag、lead、first_value、last_value，并须 PARTITION BY 单元及 ORDER BY；其他窗口请用于聚合之后。',
    },
  ],
  [
    /outside the select list/,
    {
      en: 'Show it in the select list, or write quantile_cont(x, 0.05) or quantile_cont(x, 0.95).',
      zh: '请把它放在输出列中，或改用 quantile_cont(x, 0.05)、quantile_cont(x, 0.95)。',
    },
  ],
  [
    /figure per unit/,
    { en: 'Write quantile_cont(x, 0.05) or quantile_cont(x, 0.95).', zh: '请改用 quantile_cont(x, 0.05) 或 quantile_cont(x, 0.95)。' },
  ],
  [
    /fraction that is not/,
    { en: 'Write a number between 0 and 1, such as 0.05 or 0.95.', zh: '请写 0 与 1 之间的数，例如 0.05 或 0.95。' },
  ],
  [
    /^(?:arg_m|first|last|any_value|m\w\w_by|mode).* per unit/,
    {
      en: "Number the unit's rows, row_number() OVER (PARTITION BY unit ORDER BY t) AS nth, and keep those WHERE nth = 1 in the query around.",
      zh: '请先为单元内的行编号：row_number() OVER (PARTITION BY 单元 ORDER BY t) AS nth，再在外层查询中以 WHERE nth = 1 选取。',
    },
  ],
  [
    /per unit/,
    {
      en: 'Per unit, write count, sum, avg, min or max of one bare column; compute with it in the query around.',
      zh: '按单元聚合时，请对单独一列使用 count、sum、avg、min、max，运算放在外层查询。',
    },
  ],
  [/inside an aggregate|inside another aggregate|avg\(\) of pieces/, ARGUMENTS],
  [/^division|^product (with|of)/, ARGUMENTS],
  [/key|strftime with|labels|GROUP BY|GROUPING|CASE in|CASE on/, KEYS],
  [/^count\(DISTINCT CASE|of an expression$|\(DISTINCT( \*)?\)|ORDER BY inside|argument/, BARE_COLUMNS],
  [/IN \(query\)|ANY \(query\)|EXISTS of|inner query|subquery|correlated|RECURSIVE|of another query/, INNER_QUERIES],
  [
    /^(union|except|intersect)|UNION ALL|set operation/i,
    {
      en: 'Use UNION ALL of rows of the same kind of unit, or IN, NOT IN, EXISTS, NOT EXISTS joined on the unit.',
      zh: '请使用同类单元行的 UNION ALL，或按单元连接的 IN、NOT IN、EXISTS、NOT EXISTS。',
    },
  ],
  [
    /JOIN/,
    {
      en: 'Use JOIN, LEFT, SEMI or ANTI JOIN of one table at a time, with ON or USING over declared keys.',
      zh: '请逐表使用 JOIN、LEFT、SEMI 或 ANTI JOIN，并用 ON 或 USING 按声明的键连接。',
    },
  ],
  [/TABLESAMPLE/, { en: 'Leave the sample out; ask about all rows.', zh: '请删去抽样，对全部行提问。' }],
  [/condition|comparison|LIKE|pattern|text with|IS NULL|^operator|COLLATE|^AND/, CONDITIONS],
  [/PIVOT/, { en: 'Write each column as an aggregate with FILTER (WHERE …).', zh: '请把每一列写成带 FILTER (WHERE …) 的聚合。' }],
  [
    /DISTINCT/,
    { en: 'Use SELECT DISTINCT or GROUP BY of the whole select list.', zh: '请对整个输出列表使用 SELECT DISTINCT 或 GROUP BY。' },
  ],
  [
    /LIMIT|ORDER BY/,
    {
      en: 'Write LIMIT and OFFSET as whole numbers, and ORDER BY columns or expressions.',
      zh: '请用整数书写 LIMIT 与 OFFSET，并按列或表达式 ORDER BY。',
    },
  ],
  [
    /literal|CAST|INTERVAL|DECIMAL|constant|subscript|slice|struct|lambda|UNNEST|row value|TRY/,
    {
      en: "Use numbers, texts, booleans, DATE '2026-01-31', TIMESTAMP and INTERVAL 3 MONTH; no lists, structs or maps.",
      zh: "请使用数值、文本、布尔值、DATE '2026-01-31'、TIMESTAMP 与 INTERVAL 3 MONTH，不可用列表、结构或映射。",
    },
  ],
  [
    /table|DESCRIBE|catalog|schema|time travel|VALUES/,
    { en: 'Select from the granted tables by their bare names.', zh: '请直接按表名从已授权的表中查询。' },
  ],
  [/parameter/, { en: 'Write the value itself.', zh: '请直接写出数值。' }],
  [
    /^\*|alias|column name|COLUMNS|RENAME|EXCLUDE/,
    { en: 'Name the columns you need, each by a plain name of its own.', zh: '请逐一写出所需的列，并各取不同的普通名称。' },
  ],
  [
    /^\w+\(\)$/,
    {
      en: 'It singles out or lists values. Use count, sum, avg, median, quantile_cont, mode, stddev, corr or count(DISTINCT x).',
      zh: '该聚合会挑出或列举个别值。请使用 count、sum、avg、median、quantile_cont、mode、stddev、corr 或 count(DISTINCT x)。',
    },
  ],
];

const GENERAL: Localised = { en: 'The language is described in docs/reference/sql.md.', zh: '查询语言见 docs/reference/sql.md。' };

/** Phrases of constructs in Chinese; names, SQL words and signs stay. The first that fits. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^(.+) in a condition or inside another aggregate$/, '条件或另一聚合中的 $1'],
  [/^(.+) OVER in a condition, an aggregate or a key$/, '条件、聚合或分组键中的 $1 OVER'],
  [/^(.+), another value in every run,$/, '每次运行取值不同的 $1'],
  [/^the operator (.+) in a condition$/, '条件中的运算符 $1'],
  [/^the operator (.+) inside an aggregate$/, '聚合中的运算符 $1'],
  [/^the operator (.+) as a grouping key$/, '作为分组键的运算符 $1'],
  [/^(.+) in a condition$/, '条件中的 $1'],
  [/^(.+) inside an aggregate$/, '聚合中的 $1'],
  [/^(.+) as a grouping key$/, '作为分组键的 $1'],
  [/^(.+) as a condition$/, '作为条件的 $1'],
  [/^(.+) of an expression per unit \(.*\)$/, '按单元对表达式求 $1'],
  [/^(.+) of an expression$/, '对表达式求 $1'],
  [/^(.+) below an aggregate$/, '聚合之下的 $1'],
  [/^(.+) with these arguments$/, '带这些参数的 $1'],
  [/^(.+) outside the select list$/, '输出列之外的 $1'],
  [/^(.+) per unit of a column of this type$/, '按单元对该类型的列求 $1'],
  [/^condition that no row can satisfy$/, '没有行能满足的条件'],
  [/^comparison of expressions$/, '表达式之间的比较'],
  [/^comparison without a bare column$/, '没有单独一列的比较'],
  [/^pattern that is no literal$/, '不是字面量的模式'],
  [/^product of more than (\d+) columns$/, '超过 $1 列的乘积'],
  [/^product with a quasi-identifier$/, '含准标识符的乘积'],
  [/^(UNION|EXCEPT|INTERSECT)( ALL)? of rows of units (.*)$/, '单元行的 $1$2'],
  [/^WINDOW without PARTITION BY the unit$/, '未按单元 PARTITION BY 的窗口'],
  [/^correlated subquery.*$/, '相关子查询'],
  [/^inner query that is not one value$/, '不是单个值的内层查询'],
  [/^inner query that can give several rows$/, '可能返回多行的内层查询'],
  [/^inner query that shows rows instead of aggregates$/, '显示行而非聚合的内层查询'],
  [/^one key made of a sensitive column and others$/, '由敏感列与其他列拼成的分组键'],
  [/^bins of days as a grouping key$/, '作为分组键的按日分箱'],
  [/^labels of a table that can match a row several times \((.*)\)$/, '可能多次匹配同一行的表的标签（$1）'],
  [/^SELECT WITH a privacy clause of another system$/, '其他系统的隐私子句 SELECT WITH'],
  [/^noisy aggregate of another system$/, '其他系统的加噪聚合'],
  [/^division inside an aggregate.*$/, '聚合中的除法'],
  [/^value of another query inside an aggregate$/, '聚合中其他查询的值'],
  [/^text inside an aggregate$/, '聚合中的文本'],
  [/^parameter$/, '参数'],
  [/^row value$/, '行值'],
  [/^list literal$/, '列表字面量'],
  [/^struct literal$/, '结构字面量'],
  [/^table function (.+)$/, '表函数 $1'],
  [/^table of a (schema|catalog)$/, '其他模式或目录中的表'],
  [/^function of a (schema|catalog)$/, '其他模式或目录中的函数'],
  [/^named argument$/, '命名参数'],
  [/^more than (\d+) (.+)$/, '超过 $1 个（$2）'],
];

/** A construct as it is named in a Chinese text: its phrase where it has one, else as it stands. */
export function constructInChinese(construct: string): string {
  for (const [pattern, phrase] of PHRASES) if (pattern.test(construct)) return construct.replace(pattern, phrase);
  return construct;
}

/** What to do about a construct outside the language, by its text. */
export function adviceFor(construct: string): Localised {
  return ADVICE.find(([pattern]) => pattern.test(construct))?.[1] ?? GENERAL;
}

/** What a proposal says of each of its changes, in front of the colon. Source: `label: SQL` of `sql.nearest`. */
const SQL_CHANGES: Readonly<Record<string, string>> = {
  replaced: '替换',
  added: '增加',
  'added key': '增加分组键',
  'counted, not shown': '只计数、不显示',
  'dropped column': '删去列',
  'dropped condition': '删去条件',
  'dropped order': '删去排序',
  'dropped clause': '删去子句',
};

/** A change of a proposal in Chinese; one with a label of no list stays as it is. */
export function changeInChinese(change: string): string {
  const end = change.indexOf(': ');
  const label = end < 0 ? '' : change.slice(0, end);
  const word = Object.hasOwn(SQL_CHANGES, label) ? SQL_CHANGES[label] : undefined;
  return word === undefined ? change : `${word}：${change.slice(end + 2)}`;
}
