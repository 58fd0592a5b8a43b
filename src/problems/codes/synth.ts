import { define } from '../definition.ts';

export const SYNTH_PROBLEMS = {
  'synth.file_unreadable': define<{ readonly file: string }>({
    status: 422,
    title: { en: 'Data file cannot be read', zh: '无法读取数据文件' },
    detail: (facts) => ({
      en: `${facts.file} cannot be read as CSV (UTF-8, comma, header) or Parquet. Check its path, encoding and form.`,
      zh: `${facts.file} 无法按 CSV（UTF-8、逗号分隔、带表头）或 Parquet 读取。请检查其路径、编码与格式。`,
    }),
  }),
  'synth.columns_missing': define<{ readonly file: string; readonly missing: readonly string[] }>({
    status: 422,
    title: { en: 'Declared columns are missing in the file', zh: '文件缺少所声明的字段' },
    detail: (facts) => ({
      en: `${facts.file} has no column ${facts.missing.join(', ')}. Add them, or take them out of the schema.`,
      zh: `${facts.file} 中没有字段 ${facts.missing.join('、')}。请补充，或从声明中删除。`,
    }),
  }),
  'synth.nothing_to_model': define<{ readonly table: string }>({
    status: 422,
    title: { en: 'No column can be modelled', zh: '没有可建模的字段' },
    detail: (facts) => ({
      en: `"${facts.table}" has no column with a declared domain or bounds. Declare them: a model never looks for them in the data.`,
      zh: `数据表“${facts.table}”没有声明值域或取值范围的字段。请予声明：模型不会从数据中推断。`,
    }),
  }),
  'synth.privacy': define<{ readonly what: 'epsilon' | 'delta' }>({
    status: 400,
    title: { en: 'Privacy parameter out of range', zh: '隐私参数超出范围' },
    detail: (facts) => ({
      en: `Give ${facts.what === 'epsilon' ? 'an epsilon above 0 and at most 20' : 'a delta above 0 and at most 0.00001'}. Larger values protect nobody.`,
      zh: `请提供${facts.what === 'epsilon' ? '大于 0 且不超过 20 的 epsilon' : '大于 0 且不超过 0.00001 的 delta'}。更大的取值起不到保护作用。`,
    }),
  }),
  'synth.target': define<{ readonly column: string; readonly most: number }>({
    status: 422,
    title: { en: 'Not a column to condition on', zh: '不能作为目标字段' },
    detail: (facts) => ({
      en: `"${facts.column}" has no declared list of at most ${facts.most} values. Choose a label column that has, or leave the target out.`,
      zh: `字段“${facts.column}”没有声明不超过 ${facts.most} 个取值的值域。请选择有值域的标签字段，或不指定目标。`,
    }),
  }),
  'synth.budget_spent': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'Privacy budget used up', zh: '隐私预算不足' },
    detail: (facts) => ({
      en: `What is left of the budget of "${facts.dataset}" is less than this fit costs. See: sluice simulation budget ${facts.dataset}. Ask for a smaller epsilon, or sample more rows from a model that was released already: that costs nothing.`,
      zh: `“${facts.dataset}”剩余的隐私预算不足以支付本次拟合。可查看：sluice simulation budget ${facts.dataset}。请减小 epsilon，或从已发布的模型继续采样（不消耗预算）。`,
    }),
  }),
  'synth.grant_partial': define<{ readonly dataset: string }>({
    status: 403,
    title: { en: 'A model needs a grant of whole tables', zh: '拟合模型须获得整表授权' },
    detail: (facts) => ({
      en: `A model tells of every column of "${facts.dataset}", but the grant names some only. Ask the operator for a grant of all its tables, or use simulation from the declaration (L0).`,
      zh: `模型涉及“${facts.dataset}”的全部字段，而授权仅包含部分字段。请向运营机构申请全部数据表的授权，或使用仅依据声明的仿真（L0）。`,
    }),
  }),
  'synth.too_small': define<{ readonly table: string; readonly least: number }>({
    status: 422,
    title: { en: 'Too few units for a private fit', zh: '主体数量不足以进行隐私拟合' },
    detail: (facts) => ({
      en: `By a noisy estimate "${facts.table}" has fewer than ${facts.least} units; noise would be all there is. Use simulation from the declaration (L0). The budget of the estimate is spent.`,
      zh: `根据含噪估计，数据表“${facts.table}”的主体少于 ${facts.least} 个，结果将以噪声为主。请改用仅依据声明的仿真（L0）。该估计所用预算已扣除。`,
    }),
  }),
  'synth.key_repeats': define<{ readonly table: string }>({
    status: 422,
    title: { en: 'A unit stands in its own table more than once', zh: '主体在其主表中重复出现' },
    detail: (facts) => ({
      en: `The unit column of "${facts.table}" is its key, but repeats. Remove the repetitions: each unit may count once only.`,
      zh: `数据表“${facts.table}”的主体字段为主键，但存在重复。请去除重复：每个主体只能计一次。`,
    }),
  }),
  'synth.artefact': define<{ readonly reason: 'format' | 'digest' | 'signature' }>({
    status: 422,
    title: { en: 'Model file is not what was fitted', zh: '模型文件与拟合结果不符' },
    detail: (facts) => ({
      en: {
        format: 'The file is no fitted model of this version. Fit again, or use the version that wrote it.',
        digest: 'The digest does not fit the content: the file was changed. Fetch it again from whoever fitted it.',
        signature: 'The signature does not fit the key. Fetch the file and the key again from whoever fitted it.',
      }[facts.reason],
      zh: {
        format: '该文件不是本版本的拟合模型。请重新拟合，或使用生成该文件的版本。',
        digest: '摘要与内容不符：文件已被改动。请向拟合方重新获取。',
        signature: '签名与密钥不符。请向拟合方重新获取文件与密钥。',
      }[facts.reason],
    }),
  }),
  'synth.failed': define<{ readonly kind: string }>({
    status: 500,
    title: { en: 'The engine stopped', zh: '引擎中止' },
    detail: (facts) => ({
      en: `Reading or counting stopped (${facts.kind}). Use smaller files, or give it more memory or time.`,
      zh: `读取或计数过程中止（${facts.kind}）。请使用较小的文件，或增加内存与时间。`,
    }),
  }),
} as const;
