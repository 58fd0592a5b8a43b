import { define, type Localised } from '../definition.ts';

/** Where rows stand: the file as declared, at most 20 row numbers (from 1, header not counted), and how many there are in a band. */
type Rows = { readonly file: string; readonly rows: readonly string[]; readonly total: string };
type Values = Rows & { readonly column: string };

const list = (facts: Rows): Localised => ({
  en: `rows ${facts.rows.join(', ')} (${facts.total} in all)`,
  zh: `第 ${facts.rows.join('、')} 行（共 ${facts.total} 行）`,
});

const rowsOf = (facts: Values): Localised => ({
  en: `File "${facts.file}", column "${facts.column}", ${list(facts).en}`,
  zh: `文件“${facts.file}”，列“${facts.column}”，${list(facts).zh}`,
});

function values(title: Localised, en: string, zh: string) {
  return define<Values>({
    status: 422,
    title,
    detail: (facts) => ({ en: `${rowsOf(facts).en}: ${en}`, zh: `${rowsOf(facts).zh}：${zh}` }),
  });
}

/** Why a load ended without a verdict on the data. */
export const LOAD_FAILURES = {
  memory: {
    en: 'Memory did not suffice. Raise the memory limit of the loader or split the dataset.',
    zh: '内存不足，请提高加载内存上限或拆分数据集。',
  },
  disk: { en: 'The disk filled up. Free space and load again.', zh: '磁盘空间不足，请清理后重新加载。' },
  time: { en: 'The time limit passed. Raise it or split the dataset.', zh: '超过时限，请提高时限或拆分数据集。' },
  cancelled: { en: 'The load was cancelled. Load again when ready.', zh: '加载已取消，需要时请重新加载。' },
  lost: {
    en: 'The worker process ended. Load again; tell the operator if it happens twice.',
    zh: '工作进程已终止，请重新加载；若再次发生请联系运营人员。',
  },
  isolation: {
    en: 'No isolated worker could be started. Ask the operator to check the host.',
    zh: '无法启动隔离的工作进程，请联系运营人员检查主机。',
  },
  other: {
    en: 'The engine could not finish. Load again; tell the operator if it happens twice.',
    zh: '引擎未能完成加载，请重试；若再次发生请联系运营人员。',
  },
} as const satisfies Readonly<Record<string, Localised>>;

export type LoadFailureKind = keyof typeof LOAD_FAILURES;

export const LOAD_PROBLEMS = {
  'load.disk_full': define<{ readonly neededGiB: number }>({
    status: 507,
    title: { en: 'Too little disk space', zh: '磁盘空间不足' },
    detail: (facts) => ({
      en: `The load needs about ${facts.neededGiB} GiB of free space. Nothing was written. Free space and load again.`,
      zh: `加载约需 ${facts.neededGiB} GiB 可用空间，尚未写入任何内容。请清理磁盘后重新加载。`,
    }),
  }),
  'load.version_exists': define<{ readonly version: string }>({
    status: 409,
    title: { en: 'This version exists already', zh: '该版本已存在' },
    detail: (facts) => ({
      en: `Version ${facts.version} exists and versions never change. Load as a new version.`,
      zh: `版本 ${facts.version} 已存在且不可更改，请以新版本加载。`,
    }),
  }),
  'load.file_undeclared': define<{ readonly table: string }>({
    status: 422,
    title: { en: 'A table has no file', zh: '表未声明文件' },
    detail: (facts) => ({ en: `Declare "file" for table "${facts.table}".`, zh: `请为表“${facts.table}”声明 "file"。` }),
  }),
  'load.file_missing': define<{ readonly file: string }>({
    status: 422,
    title: { en: 'A declared file is not there', zh: '声明的文件不存在' },
    detail: (facts) => ({
      en: `There is no plain file "${facts.file}" beside the declaration. Links are not followed. Put the file there.`,
      zh: `声明文件旁没有普通文件“${facts.file}”（不跟随链接），请放置该文件。`,
    }),
  }),
  'load.file_unreadable': define<{ readonly file: string; readonly format: string }>({
    status: 422,
    title: { en: 'A file cannot be read as what it claims to be', zh: '文件无法按声明的格式读取' },
    detail: (facts) => ({
      en: `File "${facts.file}" is not well-formed ${facts.format}. Write it again: for CSV comma, double quotes and one kind of line ending.`,
      zh: `文件“${facts.file}”不是格式正确的 ${facts.format}。请重新导出：CSV 须使用逗号、双引号和统一的换行符。`,
    }),
  }),
  'load.columns': define<{
    readonly file: string;
    readonly missing: readonly string[];
    readonly undeclared: readonly string[];
    readonly repeated: readonly string[];
  }>({
    status: 422,
    title: { en: 'The columns of a file are not the declared ones', zh: '文件的列与声明不符' },
    detail: (facts) => ({
      en: `File "${facts.file}" must have exactly the declared columns, in any order, named in its first row. Missing: ${facts.missing.join(', ') || 'none'}. Positions of undeclared columns: ${facts.undeclared.join(', ') || 'none'}. Named twice: ${facts.repeated.join(', ') || 'none'}.`,
      zh: `文件“${facts.file}”必须恰好包含所声明的列（顺序不限），列名写在首行。缺少：${facts.missing.join('、') || '无'}。未声明列的位置：${facts.undeclared.join('、') || '无'}。重复：${facts.repeated.join('、') || '无'}。`,
    }),
  }),
  'load.column_type': define<{ readonly file: string; readonly column: string; readonly declared: string }>({
    status: 422,
    title: { en: 'A column of a file has another type than declared', zh: '文件列的类型与声明不符' },
    detail: (facts) => ({
      en: `Column "${facts.column}" of "${facts.file}" is not stored as ${facts.declared} or a type that converts to it unchanged. Write the file again or correct the declaration.`,
      zh: `“${facts.file}”的列“${facts.column}”不是 ${facts.declared}，也无法无损转换。请重新导出文件或更正声明。`,
    }),
  }),
  'load.encoding_line': define<{ readonly file: string; readonly line: number; readonly encoding: string }>({
    status: 422,
    title: { en: 'A file has bytes outside its encoding', zh: '文件编码错误' },
    detail: (facts) => ({
      en: `Line ${facts.line} of "${facts.file}" is the first that is not ${facts.encoding}. Correct the file or the declared encoding.`,
      zh: `“${facts.file}”从第 ${facts.line} 行起不符合 ${facts.encoding} 编码，请更正文件或所声明的编码。`,
    }),
  }),
  'load.row_encoding': define<Rows>({
    status: 422,
    title: { en: 'Rows have bytes outside the encoding', zh: '行内存在编码错误' },
    detail: (facts) => ({
      en: `File "${facts.file}", ${list(facts).en}: not valid UTF-8. Correct the file, or declare "encoding": "gb18030".`,
      zh: `文件“${facts.file}”，${list(facts).zh}：不是有效的 UTF-8。请更正文件，或声明 "encoding": "gb18030"。`,
    }),
  }),
  'load.row_fields': define<Rows>({
    status: 422,
    title: { en: 'Rows have the wrong fields', zh: '行的字段数量或名称不符' },
    detail: (facts) => ({
      en: `File "${facts.file}", ${list(facts).en}: each row must have exactly the declared fields. Correct these rows.`,
      zh: `文件“${facts.file}”，${list(facts).zh}：每行必须恰好包含所声明的字段，请更正。`,
    }),
  }),
  'load.row_quotes': define<Rows>({
    status: 422,
    title: { en: 'Rows cannot be parsed', zh: '行无法解析' },
    detail: (facts) => ({
      en: `File "${facts.file}", ${list(facts).en}: a quote is not closed or stands inside a value, or the row is too long. Double the quotes within quoted values.`,
      zh: `文件“${facts.file}”，${list(facts).zh}：引号未闭合、位置不当或行过长。引号内的引号须成对书写。`,
    }),
  }),
  'load.value_type': values(
    { en: 'Values are not of the declared type', zh: '值与声明的类型不符' },
    'not written as the declared type, or would change when converted. Dates are YYYY-MM-DD, booleans true or false, numbers plain.',
    '写法不符合所声明的类型，或转换后会改变。日期写作 YYYY-MM-DD，布尔值写作 true 或 false，数字不带格式。',
  ),
  'load.value_null': values(
    { en: 'Values are missing', zh: '缺少值' },
    'empty, though the column is not nullable. Fill the values or declare the column nullable.',
    '为空，但该列不可为空。请补全或声明该列可为空。',
  ),
  'load.value_bounds': values(
    { en: 'Values lie outside the bounds', zh: '值超出上下界' },
    'outside the declared bounds. Correct the values or the bounds.',
    '超出声明的上下界，请更正数据或上下界。',
  ),
  'load.value_domain': values(
    { en: 'Values lie outside the domain', zh: '值不在取值域内' },
    'not in the declared domain. Correct the values or the domain.',
    '不在声明的取值域内，请更正数据或取值域。',
  ),
  'load.key_duplicate': values(
    { en: 'A primary key occurs twice', zh: '主键重复' },
    'the primary key occurred in an earlier row. Remove or correct these rows.',
    '主键在之前的行已出现，请删除或更正。',
  ),
  'load.key_dangling': values(
    { en: 'A foreign key finds nothing', zh: '外键无对应记录' },
    'no row of the other table has this key. Add the rows there or correct the keys.',
    '对方表中没有该键，请补充对方表的记录或更正外键。',
  ),
  'load.unit_dangling': values(
    { en: 'The way to a unit breaks off', zh: '数据主体路径中断' },
    'no row of the next table on the way to the unit has this key. Add the rows there or correct the keys.',
    '路径下一张表中没有该键，请补充记录或更正。',
  ),
  'load.failed': define<{ readonly failure: LoadFailureKind }>({
    status: 503,
    title: { en: 'The load did not finish', zh: '加载未完成' },
    detail: (facts) => ({
      en: `Nothing was loaded and the earlier version stays in force. ${LOAD_FAILURES[facts.failure].en}`,
      zh: `未加载任何数据，原版本仍然有效。${LOAD_FAILURES[facts.failure].zh}`,
    }),
  }),
} as const;
