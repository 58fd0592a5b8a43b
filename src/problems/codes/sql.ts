import { define, type Localised } from '../definition.ts';
import { dialectAdvice } from '../dialect-advice.ts';
import { adviceFor, changeInChinese, constructInChinese } from '../sql-advice.ts';

type At = { readonly line: number; readonly column: number };

/** Where in the text, in both languages. */
function place(at: At): Localised {
  return { en: `line ${at.line}, column ${at.column}`, zh: `第 ${at.line} 行第 ${at.column} 列` };
}

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
      const advice = adviceFor(facts.construct);
      return {
        en: `${facts.construct} (${place(facts).en}) is not part of the language. ${advice.en}`,
        zh: `${constructInChinese(facts.construct)}（${place(facts).zh}）不在允许的语言之内。${advice.zh}`,
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
  'sql.row_level': define<At & { readonly name: string; readonly grouped?: boolean }>({
    status: 422,
    title: { en: 'A column is selected row by row', zh: '逐行选取了列' },
    detail: (facts) =>
      facts.grouped === true
        ? {
            en: `Grouped like this, every row of the answer is one unit ("${facts.name}", ${place(facts).en}). Leave the unit's column out of the keys, or aggregate this query in another around it.`,
            zh: `这样分组后，结果的每一行就是一个单元（“${facts.name}”，${place(facts).zh}）。请把单元列移出分组键，或在外层查询中再次聚合。`,
          }
        : {
            en: `"${facts.name}" (${place(facts).en}) is neither aggregated nor a grouping key. Aggregate it or add it to GROUP BY.`,
            zh: `“${facts.name}”（${place(facts).zh}）既未聚合也不是分组键。请聚合它或加入 GROUP BY。`,
          },
  }),
  'sql.no_aggregate': define<Record<string, never>>({
    status: 422,
    title: { en: 'Nothing is aggregated', zh: '没有聚合' },
    detail: () => ({ en: 'Ask for at least one count, sum or avg.', zh: '请至少包含一个 count、sum 或 avg。' }),
  }),
  'sql.function_unknown': define<At & { readonly name: string; readonly suggestion?: string }>({
    status: 422,
    title: { en: 'No such function in the language', zh: '语言中没有该函数' },
    detail: (facts) => {
      const hint = facts.suggestion;
      return {
        en: `"${facts.name}" (${place(facts).en}) may not be called. ${hint === undefined ? 'Use a function of the lists in docs/reference/sql.md.' : `Did you mean ${hint}? The list is in docs/reference/sql.md.`}`,
        zh: `不能调用“${facts.name}”（${place(facts).zh}）。${hint === undefined ? '请使用 docs/reference/sql.md 所列的函数。' : `您是否想用 ${hint}？可用函数见 docs/reference/sql.md。`}`,
      };
    },
  }),
  'sql.function_arguments': define<At & { readonly name: string; readonly form: string }>({
    status: 422,
    title: { en: 'A function is not called as it can be', zh: '函数的调用方式不受支持' },
    detail: (facts) => ({
      en: `"${facts.name}" (${place(facts).en}): write ${facts.form}, with literals for what stands in quotes or as a range of numbers.`,
      zh: `“${facts.name}”（${place(facts).zh}）：请写作 ${facts.form}，其中引号内和数值范围处须为字面量。`,
    }),
  }),
  'sql.nearest': define<{ readonly sql: string; readonly changes: readonly string[] }>({
    status: 422,
    title: { en: 'A near query would pass', zh: '相近的查询可以通过' },
    detail: (facts) => ({
      en: `This would be admitted: ${facts.sql}\nIt differs from yours (${facts.changes.join('; ')}). Send it if it still asks what you mean.`,
      zh: `以下查询可以通过准入：${facts.sql}\n与原查询的差别：${facts.changes.map(changeInChinese).join('；')}。若仍符合您的意图，请提交它。`,
    }),
  }),
  'sql.readers_disagree': define<Record<string, never>>({
    status: 422,
    title: { en: 'The statement can be read in two ways', zh: '语句存在两种读法' },
    detail: () => ({
      en: "Our reading and the engine's differ, so it is refused. Write it more plainly: aliases for tables, qualified columns.",
      zh: '本系统与引擎对语句的理解不一致，已拒绝。请写得更明确：为表取别名，并限定列名。',
    }),
  }),
  'sql.dialect_construct': define<At & { readonly construct: string; readonly dialect: string }>({
    status: 422,
    title: { en: 'No translation from this SQL dialect', zh: '该 SQL 方言的写法无法翻译' },
    detail: (facts) => ({
      en: `${facts.construct} (${place(facts).en}) is not translated from ${facts.dialect}. ${dialectAdvice(facts.construct).en}`,
      zh: `${facts.construct}（${place(facts).zh}）无法从 ${facts.dialect} 翻译。${dialectAdvice(facts.construct).zh}`,
    }),
  }),
  'sql.dialect_unknown': define<{ readonly dialects: readonly string[] }>({
    status: 422,
    title: { en: 'No such SQL dialect', zh: '没有该 SQL 方言' },
    detail: (facts) => ({ en: `Choose one of ${facts.dialects.join(', ')}.`, zh: `请选择以下之一：${facts.dialects.join('、')}。` }),
  }),
} as const;
