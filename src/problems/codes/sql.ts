import { define, type Localised } from '../definition.ts';

type At = { readonly line: number; readonly column: number };

/** Where in the text, in both languages. */
function place(at: At): Localised {
  return { en: `line ${at.line}, column ${at.column}`, zh: `第 ${at.line} 行第 ${at.column} 列` };
}

/** What to write instead of a construct outside the language; the first pattern that fits. */
const ADVICE: readonly (readonly [RegExp, Localised])[] = [
  [/^\*|STAR/, { en: 'Name the grouping columns and aggregates you need.', zh: '请逐一列出所需的分组列和聚合。' }],
  [
    /HAVING|QUALIFY|LIMIT|DISTINCT MODIFIER|^DISTINCT$/,
    { en: 'Leave it out and filter the released result.', zh: '请删去，并在放行后的结果上筛选。' },
  ],
  [/TABLESAMPLE/, { en: 'Leave the sample out; use WHERE.', zh: '请删去抽样，改用 WHERE。' }],
  [
    /subquery|SUBQUERY|WITH|SET OPERATION|RECURSIVE/i,
    { en: 'Write one SELECT over the granted tables, joined on declared keys.', zh: '请改写为对已授权表按声明键连接的单个 SELECT。' },
  ],
  [/LEFT|RIGHT|OUTER|SEMI|ANTI|NATURAL|ASOF|POSITIONAL/, { en: 'Use an inner JOIN on declared keys.', zh: '请使用按声明键的内连接。' }],
  [
    /FILTER|CASE|arithmetic|COALESCE|CAST|of an expression/,
    { en: 'Move the condition to WHERE and aggregate a bare column.', zh: '请把条件移到 WHERE，并对单独的列做聚合。' },
  ],
  [/WINDOW/, { en: 'Use GROUP BY; compute windows on the released result.', zh: '请使用 GROUP BY，窗口计算在放行后的结果上进行。' }],
  [/GROUPING SETS/, { en: 'Ask each grouping in a statement of its own.', zh: '请把每种分组写成单独的语句。' }],
  [
    /grouping key/,
    {
      en: "Group by a bare column, or by year(), quarter(), month() or date_trunc('month', …) of a date.",
      zh: "请按单独的列分组，或按日期的 year()、quarter()、month()、date_trunc('month', …) 分组。",
    },
  ],
  [
    /condition|comparison|LIKE|~~/,
    {
      en: 'Compare one column with a literal or another column, combined by AND, OR, NOT.',
      zh: '请把单个列与字面量或另一列比较，并用 AND、OR、NOT 组合。',
    },
  ],
  [
    /table function|VALUES|PIVOT|DESCRIBE|without FROM/,
    { en: 'Select from the granted tables by their names.', zh: '请按名称从已授权的表中查询。' },
  ],
];

const GENERAL_ADVICE: Localised = {
  en: 'Use SELECT with count(*), count(DISTINCT unit), sum or avg over granted tables, WHERE and GROUP BY.',
  zh: '请使用 SELECT（count(*)、count(DISTINCT 单元)、sum、avg）、已授权表、WHERE 与 GROUP BY。',
};

export const SQL_PROBLEMS = {
  'sql.too_long': define<{ readonly characters: number }>({
    status: 422,
    title: { en: 'The SQL text is too long', zh: 'SQL 文本过长' },
    detail: (facts) => ({ en: `Send at most ${facts.characters} characters.`, zh: `最多 ${facts.characters} 个字符，请缩短。` }),
  }),
  'sql.syntax': define<At>({
    status: 422,
    title: { en: 'The SQL text does not parse', zh: 'SQL 文本无法解析' },
    detail: (facts) => ({ en: `Mend the syntax near ${place(facts).en}.`, zh: `请修正${place(facts).zh}附近的语法。` }),
  }),
  'sql.not_one_select': define<Record<string, never>>({
    status: 422,
    title: { en: 'Not exactly one SELECT', zh: '不是单个 SELECT' },
    detail: () => ({ en: 'Send one SELECT statement; nothing else is executed.', zh: '请只提交一个 SELECT 语句，其他语句均不执行。' }),
  }),
  'sql.construct_refused': define<At & { readonly construct: string }>({
    status: 422,
    title: { en: 'A construct is outside the language', zh: '使用了语言之外的结构' },
    detail: (facts) => {
      const advice = ADVICE.find(([pattern]) => pattern.test(facts.construct))?.[1] ?? GENERAL_ADVICE;
      return {
        en: `${facts.construct} (${place(facts).en}) is not part of the language. ${advice.en}`,
        zh: `${facts.construct}（${place(facts).zh}）不在允许的语言之内。${advice.zh}`,
      };
    },
  }),
  'sql.table_unknown': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'No such table in your grant', zh: '授权范围内没有该表' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) does not exist or is not granted to you. List the dataset's tables, or ask for a wider grant.`,
      zh: `“${facts.name}”（${place(facts).zh}）不存在或未授权给您。请查看数据集的表清单，或申请扩大授权。`,
    }),
  }),
  'sql.column_unknown': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'No such column in your grant', zh: '授权范围内没有该列' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) does not exist or is not granted to you. List the dataset's columns, or ask for a wider grant.`,
      zh: `“${facts.name}”（${place(facts).zh}）不存在或未授权给您。请查看数据集的列清单，或申请扩大授权。`,
    }),
  }),
  'sql.column_ambiguous': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'A column name is ambiguous', zh: '列名有歧义' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) is in several tables. Write table.${facts.name}.`,
      zh: `“${facts.name}”（${place(facts).zh}）存在于多个表中，请写成 表名.${facts.name}。`,
    }),
  }),
  'sql.name_repeated': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'A name is used twice', zh: '名称重复' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) is used twice. Give each table and output column its own alias.`,
      zh: `“${facts.name}”（${place(facts).zh}）重复，请为每个表和输出列取不同的别名。`,
    }),
  }),
  'sql.join_undeclared': define<At & { readonly left: string; readonly right: string }>({
    status: 422,
    title: { en: 'Tables are not joined on a declared key', zh: '表未按声明的键连接' },
    detail: (facts) => ({
      en: `Join "${facts.right}" (${place(facts).en}) to "${facts.left}" by equality on a declared foreign key or on the unit's column.`,
      zh: `请用声明的外键或单元列的等值条件把“${facts.right}”（${place(facts).zh}）与“${facts.left}”连接。`,
    }),
  }),
  'sql.unit_instances': define<At & { readonly unit: string }>({
    status: 422,
    title: { en: 'The same kind of unit stands in the query twice', zh: '同一类单元在查询中出现两次' },
    detail: (facts) => ({
      en: `Two tables bring different units of type "${facts.unit}" (${place(facts).en}). Join them on the unit's column too.`,
      zh: `两个表带来了不同的“${facts.unit}”单元（${place(facts).zh}）。请同时按单元列连接。`,
    }),
  }),
  'sql.fan_out': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'The join repeats the rows of an aggregated column', zh: '连接会重复被聚合列的行' },
    detail: (facts) => ({
      en: `Rows of "${facts.name}" (${place(facts).en}) can occur several times in this join. Aggregate it without the table on the many side.`,
      zh: `“${facts.name}”（${place(facts).zh}）的行会在该连接中重复。请不要与“多”的一侧的表一起聚合。`,
    }),
  }),
  'sql.column_not_allowed': define<At & { readonly name: string; readonly use: string; readonly role: string }>({
    status: 422,
    title: { en: 'A column may not be used so', zh: '该列不允许这样使用' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) has the role ${facts.role}: not allowed to ${facts.use}. See the permissions of roles in docs/reference/permissions.md for what is.`,
      zh: `“${facts.name}”（${place(facts).zh}）的角色为 ${facts.role}，不允许：${facts.use}。允许的用法见 docs/reference/permissions.md。`,
    }),
  }),
  'sql.literal_type': define<At & { readonly name: string; readonly type: string }>({
    status: 422,
    title: { en: 'A literal does not fit its column', zh: '字面量与列类型不符' },
    detail: (facts) => ({
      en: `The literal at ${place(facts).en} does not fit "${facts.name}" of type ${facts.type}. Write it in that type, dates as DATE '2026-01-31'.`,
      zh: `${place(facts).zh}处的字面量与“${facts.name}”的类型 ${facts.type} 不符。请按该类型书写，日期写作 DATE '2026-01-31'。`,
    }),
  }),
  'sql.row_level': define<At & { readonly name: string }>({
    status: 422,
    title: { en: 'A column is selected row by row', zh: '逐行选取了列' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}) is neither aggregated nor a grouping key. Aggregate it or add it to GROUP BY.`,
      zh: `“${facts.name}”（${place(facts).zh}）既未聚合也不是分组键。请聚合它或加入 GROUP BY。`,
    }),
  }),
  'sql.no_aggregate': define<Record<string, never>>({
    status: 422,
    title: { en: 'Nothing is aggregated', zh: '没有聚合' },
    detail: () => ({ en: 'Ask for at least one count, sum or avg.', zh: '请至少包含一个 count、sum 或 avg。' }),
  }),
  'sql.readers_disagree': define<Record<string, never>>({
    status: 422,
    title: { en: 'The statement can be read in two ways', zh: '语句存在两种读法' },
    detail: () => ({
      en: "Our reading and the engine's differ, so it is refused. Write it more plainly: aliases for tables, qualified columns.",
      zh: '本系统与引擎对语句的理解不一致，已拒绝。请写得更明确：为表取别名，并限定列名。',
    }),
  }),
} as const;
