import { define, type Localised } from '../definition.ts';

/** Why a part of a declaration is refused, and what to write instead. */
export const DECLARATION_REASONS = {
  notAnObject: { en: 'Write a JSON object here.', zh: '此处应为 JSON 对象。' },
  wrongShape: {
    en: 'The value has another form than the reference of declarations gives for this field.',
    zh: '该字段的值与声明参考文档规定的形式不符。',
  },
  name: {
    en: 'Use letters of any script, digits and underscores, at most 63 characters, not starting with a digit or with two underscores, and not rowid.',
    zh: '名称只能由各种文字的字母、数字和下划线组成，最长 63 个字符，不得以数字或两个下划线开头，也不得为 rowid。',
  },
  datasetName: {
    en: 'Use a to z, 0 to 9, hyphen and underscore, at most 64 characters, starting with a letter or digit.',
    zh: '数据集名称只能由小写字母、数字、连字符和下划线组成，最长 64 个字符，以字母或数字开头。',
  },
  nameClash: {
    en: 'Two names differ only in case. Rename one: SQL does not tell them apart.',
    zh: '两个名称仅大小写不同，SQL 无法区分，请改名。',
  },
  noTables: { en: 'Declare at least one table.', zh: '请至少声明一张表。' },
  noColumns: { en: 'Declare at least one column.', zh: '请至少声明一列。' },
  type: {
    en: 'Use BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, their U forms, FLOAT, DOUBLE, DECIMAL(p,s), VARCHAR, DATE or TIMESTAMP.',
    zh: '请使用 BOOLEAN、TINYINT、SMALLINT、INTEGER、BIGINT（及其 U 形式）、FLOAT、DOUBLE、DECIMAL(p,s)、VARCHAR、DATE 或 TIMESTAMP。',
  },
  boundsForm: { en: 'Give two bounds of the type of the column, the lower one first.', zh: '请给出与列类型一致的上下界，下界在前。' },
  boundsType: {
    en: 'Columns of this type have no bounds. Remove them or give a domain.',
    zh: '此类型的列没有上下界，请删除或改用取值域。',
  },
  domainForm: {
    en: 'Give values of the type of the column, each once, within the bounds.',
    zh: '取值域的值须与列类型一致、不重复且在上下界之内。',
  },
  domainType: { en: 'Columns of this type have no domain. Remove it.', zh: '此类型的列没有取值域，请删除。' },
  publicDomainAlone: { en: 'A public domain needs a domain. Declare the values.', zh: '公开取值域须先声明取值域。' },
  masking: {
    en: 'Month, quarter and year are for dates; keys and identifiers are never shown anyway. Remove it, or write "withheld".',
    zh: 'month、quarter、year 仅用于日期；键与标识符从不输出。请删除，或写 "withheld"。',
  },
  gridType: {
    en: 'This grid does not fit the type of the column. Month is for dates, the others for numbers.',
    zh: '该网格与列类型不符：month 用于日期，其余用于数值。',
  },
  keyColumn: {
    en: 'The key names a column that is not declared here. Declare it or correct the name.',
    zh: '键中的列未声明，请声明或更正名称。',
  },
  keyRepeats: { en: 'A key names a column twice. Name each once.', zh: '键中同一列出现两次，请只写一次。' },
  keyMissing: { en: 'Every table needs a primary key of at least one column.', zh: '每张表须有至少一列的主键。' },
  keyNullable: { en: 'A column of the primary key cannot be nullable. Remove "nullable".', zh: '主键列不可为空，请删除 "nullable"。' },
  reference: {
    en: 'Write "table.column", or a list of them in one table, as many as the key has columns.',
    zh: '请写作“表.列”，复合键写作同一张表的列表，数量与键的列数一致。',
  },
  referenceTarget: {
    en: 'The key refers to a table or column that is not declared. Declare it or correct the name.',
    zh: '所引用的表或列未声明，请声明或更正名称。',
  },
  referenceUnique: { en: 'A key must refer to the whole primary key of the other table.', zh: '外键必须引用对方表的完整主键。' },
  referenceType: {
    en: 'The columns of the key and of its target have different types. Declare the same type.',
    zh: '外键与目标列的类型不同，请声明为同一类型。',
  },
  unitMissing: { en: 'A protected table needs at least one unit. Declare "units".', zh: '受保护的表须至少声明一个数据主体（units）。' },
  unitInPublic: {
    en: 'A public table has no units. Remove them or declare the table protected.',
    zh: '公开表没有数据主体，请删除 units 或将表声明为受保护。',
  },
  unitPath: {
    en: 'Write zero or more hops "column -> table.column", then the column of the unit.',
    zh: '请先写零个或多个“列 -> 表.列”，最后写主体所在的列。',
  },
  unitColumn: {
    en: 'The path names a table or column that is not declared. Declare it or correct the name.',
    zh: '路径中的表或列未声明，请声明或更正名称。',
  },
  unitHop: {
    en: 'A hop must end at the single-column primary key of a table and start at a column of the same type.',
    zh: '每一跳须以同类型的列到达某表的单列主键。',
  },
  unitType: { en: 'All paths of one unit must end in columns of one type.', zh: '同一主体的各条路径必须以同一类型的列结束。' },
  unitRole: {
    en: 'The column of a unit must have the role unitId and stand in a protected table.',
    zh: '主体列的角色必须为 unitId，且位于受保护的表中。',
  },
  hopRole: {
    en: 'A column on the way to a unit is a join key: declare it unitId, dimension or directId.',
    zh: '路径上的列是连接键，角色应为 unitId、dimension 或 directId。',
  },
  publicRole: {
    en: 'A column of a public table is a dimension or a measure. Declare the table protected otherwise.',
    zh: '公开表的列只能是 dimension 或 measure，否则请将表声明为受保护。',
  },
  publicLabel: {
    en: 'Personal data and trade secrets cannot stand in a public table. Declare the table protected.',
    zh: '个人信息和商业秘密不得放在公开表中，请将表声明为受保护。',
  },
  sensitiveDimension: {
    en: 'Sensitive personal data cannot be a plain dimension. Use the role sensitive, quasiId or directId.',
    zh: '敏感个人信息不能作为普通维度，请使用 sensitive、quasiId 或 directId 角色。',
  },
  measureType: { en: 'A measure is a number. Use another role or a numeric type.', zh: '度量必须是数值，请更换角色或类型。' },
  filePath: {
    en: 'Give a path relative to the declaration, with "/" and without "..", wildcards or links.',
    zh: '请给出相对于声明文件的路径，使用“/”，不得含“..”、通配符或链接。',
  },
  fileFormat: {
    en: 'Files end in .csv, .parquet or .json; only CSV has an encoding (utf-8 or gb18030).',
    zh: '文件须以 .csv、.parquet 或 .json 结尾；仅 CSV 可指定编码（utf-8 或 gb18030）。',
  },
  filter: {
    en: 'A standing filter is a plain condition over columns of its own table: comparisons, IN, BETWEEN, LIKE, IS NULL, AND, OR, NOT.',
    zh: '常设过滤条件只能是对本表各列的简单条件：比较、IN、BETWEEN、LIKE、IS NULL、AND、OR、NOT。',
  },
  exactBesideNoise: {
    en: 'Exact tables would void the noise of the mode "dp". Remove them, or choose another mode.',
    zh: '精确的标准表会使 dp 模式的噪声失效，请删除标准表或选择其他模式。',
  },
  tooMany: { en: 'The declaration is larger than the product takes. Split the dataset.', zh: '声明超出系统上限，请拆分数据集。' },
} as const satisfies Readonly<Record<string, Localised>>;

export type DeclarationReason = keyof typeof DECLARATION_REASONS;

const why = (reason: string): Localised => DECLARATION_REASONS[reason as DeclarationReason];

type At = { readonly pointer: string };

export const DECLARATION_PROBLEMS = {
  'declaration.invalid': define<{ readonly pointer: string; readonly reason: DeclarationReason; readonly allowed?: readonly string[] }>({
    status: 422,
    title: { en: 'Part of the declaration is not valid', zh: '声明内容无效' },
    detail: (facts) => ({
      en: `At ${facts.pointer || 'the top'}: ${why(facts.reason).en}${facts.allowed === undefined ? '' : ` Allowed: ${facts.allowed.join(', ')}.`}`,
      zh: `位置 ${facts.pointer || '顶层'}：${why(facts.reason).zh}${facts.allowed === undefined ? '' : `允许的值：${facts.allowed.join('、')}。`}`,
    }),
  }),
  'declaration.missing_field': define<At>({
    status: 422,
    title: { en: 'A field of the declaration is missing', zh: '声明缺少字段' },
    detail: (facts) => ({ en: `Add the field ${facts.pointer}.`, zh: `请补充字段 ${facts.pointer}。` }),
  }),
  'declaration.unknown_field': define<At>({
    status: 422,
    title: { en: 'Unknown field in the declaration', zh: '声明包含未知字段' },
    detail: (facts) => ({
      en: `The field ${facts.pointer} is not known. Remove it or correct its name.`,
      zh: `字段 ${facts.pointer} 未知，请删除或更正名称。`,
    }),
  }),
  'declaration.not_supported': define<At>({
    status: 422,
    title: { en: 'Not supported yet', zh: '暂不支持' },
    detail: (facts) => ({
      en: `${facts.pointer} is not supported yet and would have no effect. Remove it, or choose a stricter role.`,
      zh: `${facts.pointer} 暂不支持，不会生效。请删除，或选择更严格的角色。`,
    }),
  }),
  'declaration.standard_table': define<At & { readonly code: string }>({
    status: 422,
    title: { en: 'A standard table is not answered', zh: '标准表无法生成' },
    detail: (facts) => ({
      en: `The query at ${facts.pointer} is refused by the gate with ${facts.code}. Look the code up in the reference of problems, mend the query, and load again.`,
      zh: `${facts.pointer} 处的查询被网关以 ${facts.code} 拒绝。请查阅问题代码参考，修改查询后重新加载。`,
    }),
  }),
  'declaration.unlabelled': define<At>({
    status: 422,
    title: { en: 'A column has no sensitivity label', zh: '列未标注敏感级别' },
    detail: (facts) => ({
      en: `Give ${facts.pointer} one of none, personal, sensitivePersonal, tradeSecret. Unlabelled data are not loaded.`,
      zh: `请为 ${facts.pointer} 标注 none、personal、sensitivePersonal 或 tradeSecret。未标注的数据不予加载。`,
    }),
  }),
  'declaration.secret': define<At>({
    status: 422,
    title: { en: 'Work secrets and state secrets are not taken in', zh: '不接收工作秘密和国家秘密' },
    detail: (facts) => ({
      en: `${facts.pointer} is labelled a work or state secret. Remove the column from the dataset.`,
      zh: `${facts.pointer} 标注为工作秘密或国家秘密，请从数据集中移除该列。`,
    }),
  }),
  'declaration.not_open': define<At>({
    status: 422,
    title: { en: 'Data whose opening is prohibited cannot be operated', zh: '不予开放的数据不得授权运营' },
    detail: (facts) => ({
      en: `${facts.pointer} says that the data are not to be opened. They cannot be loaded; ask the source department to review the attribute.`,
      zh: `${facts.pointer} 表明数据不予开放，不能加载。如属性有误，请联系数据提供部门核定。`,
    }),
  }),
  'declaration.contradiction': define<{ readonly pointer: string; readonly reason: DeclarationReason }>({
    status: 422,
    title: { en: 'The declaration contradicts itself', zh: '声明自相矛盾' },
    detail: (facts) => ({ en: `At ${facts.pointer}: ${why(facts.reason).en}`, zh: `位置 ${facts.pointer}：${why(facts.reason).zh}` }),
  }),
} as const;
