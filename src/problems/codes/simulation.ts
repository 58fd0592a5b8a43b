import { define } from '../definition.ts';

export const SIMULATION_PROBLEMS = {
  'simulation.rows': define<{ readonly least: number; readonly most: number }>({
    status: 400,
    title: { en: 'Number of rows out of range', zh: '行数超出范围' },
    detail: (facts) => ({
      en: `Ask for ${facts.least} to ${facts.most} rows; the number is the size of the largest table.`,
      zh: `请将行数设为 ${facts.least} 至 ${facts.most}；该数为最大数据表的行数。`,
    }),
  }),
  'simulation.seed': define<{ readonly most: number }>({
    status: 400,
    title: { en: 'Seed missing or too long', zh: '随机种子缺失或过长' },
    detail: (facts) => ({
      en: `Give a seed of 1 to ${facts.most} characters. The same seed gives the same data.`,
      zh: `请提供 1 至 ${facts.most} 个字符的随机种子。相同种子生成相同数据。`,
    }),
  }),
  'simulation.column_type': define<{ readonly table: string; readonly column: string }>({
    status: 422,
    title: { en: 'Column type cannot be simulated', zh: '无法仿真的字段类型' },
    detail: (facts) => ({
      en: `The type of "${facts.table}.${facts.column}" has no generator. Declare it with one of the types of the dataset declaration.`,
      zh: `字段“${facts.table}.${facts.column}”的类型没有生成器。请改用数据集声明所支持的类型。`,
    }),
  }),
  'simulation.no_value': define<{ readonly table: string; readonly column: string }>({
    status: 422,
    title: { en: 'No value left for a column', zh: '字段没有可取的值' },
    detail: (facts) => ({
      en: `Bounds, domain and standing filters leave no value for "${facts.table}.${facts.column}". Make them agree in the declaration.`,
      zh: `取值范围、值域与固定过滤条件使字段“${facts.table}.${facts.column}”没有可取的值。请在声明中使三者一致。`,
    }),
  }),
  'simulation.key_cycle': define<{ readonly tables: readonly string[] }>({
    status: 422,
    title: { en: 'Primary keys depend on one another', zh: '主键互相依赖' },
    detail: (facts) => ({
      en: `The primary keys of ${facts.tables.join(', ')} are foreign keys in a circle. Give one of these tables a key of its own.`,
      zh: `数据表 ${facts.tables.join('、')} 的主键作为外键循环引用。请为其中一张表设置独立主键。`,
    }),
  }),
  'simulation.key_overlap': define<{ readonly table: string; readonly columns: readonly string[] }>({
    status: 422,
    title: { en: 'Foreign keys overlap', zh: '外键重叠' },
    detail: (facts) => ({
      en: `Foreign keys of "${facts.table}" share ${facts.columns.join(', ')} without one following from the other. Declare the shorter key at the table that the longer one refers to, or take one of them out.`,
      zh: `数据表“${facts.table}”的多个外键共用 ${facts.columns.join('、')}，且无法由其一推出其他。请在较长外键所引用的表上声明较短的外键，或删除其中一个。`,
    }),
  }),
  'simulation.key_target': define<{ readonly table: string; readonly target: string }>({
    status: 422,
    title: { en: 'Foreign key does not refer to a primary key', zh: '外键未引用主键' },
    detail: (facts) => ({
      en: `A foreign key or unit path of "${facts.table}" does not refer to the whole primary key of "${facts.target}". Refer to all its key columns.`,
      zh: `数据表“${facts.table}”的外键或主体路径未引用“${facts.target}”的完整主键。请引用其全部主键字段。`,
    }),
  }),
  'simulation.hint': define<{
    readonly table: string;
    readonly column: string;
    readonly reason: 'column' | 'circle' | 'ordering' | 'unique' | 'weights' | 'cardinality';
  }>({
    status: 422,
    title: { en: 'A hint for simulation does not fit', zh: '仿真提示与声明不符' },
    detail: (facts) => ({
      en: {
        column: `The simulation hints of "${facts.table}" name "${facts.column}", which the table does not have. Correct the name.`,
        circle: `The dependencies of "${facts.table}" run in a circle through "${facts.column}". Let one column depend on none.`,
        ordering: `"${facts.column}" of "${facts.table}" cannot be ordered: only bounded columns of one type outside keys can. Declare bounds, or take it out.`,
        unique: `"${facts.column}" of "${facts.table}" cannot hold as many different values as rows. Widen its bounds or ask for fewer rows.`,
        weights: `"${facts.column}" of "${facts.table}" needs one weight for each value of its domain, not all zero.`,
        cardinality: `The cardinality of "${facts.column}" in "${facts.table}" names no foreign key, or its mean does not lie between its limits.`,
      }[facts.reason],
      zh: {
        column: `数据表“${facts.table}”的仿真提示引用了不存在的字段“${facts.column}”。请更正。`,
        circle: `数据表“${facts.table}”的函数依赖在“${facts.column}”处成环。请断开其中一处。`,
        ordering: `数据表“${facts.table}”的字段“${facts.column}”无法排序：仅支持键之外、类型相同且有取值范围的字段。请声明范围或将其移除。`,
        unique: `数据表“${facts.table}”的字段“${facts.column}”容纳不了与行数相同的不同取值。请扩大范围或减少行数。`,
        weights: `数据表“${facts.table}”的字段“${facts.column}”须为值域中每个取值给出一个权重，且不能全为零。`,
        cardinality: `数据表“${facts.table}”中“${facts.column}”的基数未对应外键，或其均值不在上下限之间。`,
      }[facts.reason],
    }),
  }),
  'simulation.not_in_use': define<{ readonly state: string }>({
    status: 409,
    title: { en: 'Simulation set no longer in use', zh: '仿真数据集已停用' },
    detail: (facts) => ({
      en: `The set is ${facts.state}: the schema has changed since, or it was withdrawn. Make a new one: sluice simulate DATASET --rows N --seed S.`,
      zh: `该仿真数据集状态为 ${facts.state}：数据结构已变更，或已被撤回。请重新生成：sluice simulate DATASET --rows N --seed S。`,
    }),
  }),
  'simulation.differs': define<{ readonly tables: readonly string[] }>({
    status: 409,
    title: { en: 'Simulation set is not what its seed gives', zh: '仿真数据集与其种子不符' },
    detail: (facts) => ({
      en: `Made again, ${facts.tables.join(', ')} came out differently, or the files were changed. Withdraw the set and make a new one.`,
      zh: `重新生成后，${facts.tables.join('、')} 与原有文件不一致，或文件已被改动。请撤回该数据集并重新生成。`,
    }),
  }),
  'simulation.schema_changed': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'Schema has changed', zh: '数据结构已变更' },
    detail: (facts) => ({
      en: `"${facts.dataset}" has another schema by now than the set was made for. Make a new set.`,
      zh: `“${facts.dataset}”的数据结构与生成该数据集时不同。请重新生成。`,
    }),
  }),
  'simulation.needs_grant': define<{ readonly dataset: string }>({
    status: 403,
    title: { en: 'Looking is permitted, taking away is not yet', zh: '可以预览，尚不能下载' },
    detail: (facts) => ({
      en: `Downloads and development on simulation data of "${facts.dataset}" open with your grant. Look with: sluice simulation preview ID TABLE; apply to the operator for a grant.`,
      zh: `“${facts.dataset}”仿真数据的下载与开发须在获得授权后开通。可先预览：sluice simulation preview ID TABLE；请向运营机构申请授权。`,
    }),
  }),
  'simulation.failed': define<{ readonly kind: string }>({
    status: 500,
    title: { en: 'Simulation failed', zh: '仿真生成失败' },
    detail: (facts) => ({
      en: `The generator stopped (${facts.kind}). Ask for fewer rows, or have the operator give it more memory, disk or time.`,
      zh: `生成过程中止（${facts.kind}）。请减少行数，或请运营机构增加内存、磁盘或时间限额。`,
    }),
  }),
  'simulation.needs_preview': define<{ readonly dataset: string }>({
    status: 403,
    title: { en: 'A preview must be given first', zh: '须先获准查阅' },
    detail: (facts) => ({
      en: `Before an application, simulation data of "${facts.dataset}" are shown to whom the supervisor gives a preview. Ask for one through the operator (\`simulation-preview open\`), or work under a live grant.`,
      zh: `提出使用申请前，须经运营机构向主管部门申请查阅“${facts.dataset}”的仿真模拟数据（\`simulation-preview open\`），或持有有效授权。`,
    }),
  }),
  'simulation.reports_spent': define<{ readonly dataset: string; readonly most: number }>({
    status: 409,
    title: { en: 'No more comparisons with this version', zh: '该版本的对比次数已用完' },
    detail: (facts) => ({
      en: `Simulation data were compared ${facts.most} times with the version of "${facts.dataset}" in force, by everybody together. Use a report that was released, or wait for the next version.`,
      zh: `各方对“${facts.dataset}”现行版本的仿真数据对比合计已达 ${facts.most} 次。请使用已发布的报告，或等待下一版本。`,
    }),
  }),
} as const;
