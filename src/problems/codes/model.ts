import { define } from '../definition.ts';

export const MODEL_PROBLEMS = {
  'model.file_refused': define<{ readonly fault: string; readonly place: string }>({
    status: 422,
    title: { en: 'The model file is refused', zh: '模型文件被拒绝' },
    detail: (facts) => ({
      en: `Only models that are plain data are read: refused for "${facts.fault}" at ${facts.place}. Export the model again with operators of docs/reference/models.md, two dimensions at most, weights inside the file and no subgraphs.`,
      zh: `只读取纯数据形式的模型：因“${facts.fault}”在 ${facts.place} 处被拒绝。请仅用 docs/reference/models.md 所列算子重新导出，至多二维，权重须在文件内，不得含子图。`,
    }),
  }),
  'model.code_refused': define<{ readonly fault: string; readonly place: string }>({
    status: 422,
    title: { en: 'The WebAssembly module is refused', zh: 'WebAssembly 模块被拒绝' },
    detail: (facts) => ({
      en: `Refused for "${facts.fault}" at ${facts.place}. A module imports nothing but "env"."memory" with a maximum of at most 256 pages, has no start function, no vectors and no threads, and exports "score" from 1 to 64 f64 to one f64; at most 2 MiB. Build it without a standard library and without SIMD, and try again.`,
      zh: `因“${facts.fault}”在 ${facts.place} 处被拒绝。模块除最大不超过 256 页的 "env"."memory" 外不得有任何导入，不得有启动函数、向量或线程指令，须导出 "score"（1 至 64 个 f64 入参、返回一个 f64），不超过 2 MiB。请在不带标准库和 SIMD 的情况下编译后重试。`,
    }),
  }),
  'model.score_call': define<{ readonly what: string; readonly values: number; readonly takes: readonly ('number' | 'text')[] }>({
    status: 422,
    title: { en: 'The model cannot be asked so', zh: '无法如此调用模型' },
    detail: (facts) => ({
      en: `"${facts.what}": write score(…) with the ${facts.values} values that the model takes (${facts.takes.join(', ')}), in its order and the same each time, columns or expressions of one protected table of the query that may be averaged or grouped by; or leave them out and name the inputs of the model like the columns (sluice model check FILE lists them). Masked columns cannot be scored.`,
      zh: `“${facts.what}”：请写 score(…)，按模型顺序给出其所需的 ${facts.values} 个值（${facts.takes.join('、')}），每次相同，且均为查询中同一张受保护表的、可求平均或可分组的列或表达式；或省略参数并使模型输入与列同名（sluice model check FILE 可列出输入）。脱敏列不能用于打分。`,
    }),
  }),
  'model.no_score': define<Record<never, never>>({
    status: 422,
    title: { en: 'The model gave no number', zh: '模型未给出数值' },
    detail: () => ({
      en: 'For some rows the model gives infinity or no number at all. Bound its outputs (Clip, Sigmoid) or impute missing inputs, and try again on simulation data.',
      zh: '模型对部分记录给出无穷大或非数值。请限定其输出（Clip、Sigmoid）或填补缺失输入，并先在仿真数据上重试。',
    }),
  }),
  'model.too_much_work': define<{ readonly instructions: number }>({
    status: 422,
    title: { en: 'The code works too long on a row', zh: '代码对单条记录的计算量过大' },
    detail: (facts) => ({
      en: `A row took more than ${facts.instructions} instructions, counted as docs/reference/models.md says, the same on every machine. Take loops out of the code or shorten them, keep tables in its data, and try again on simulation data.`,
      zh: `单条记录的执行超过 ${facts.instructions} 条指令（计数方法见 docs/reference/models.md，与机器无关）。请去除或缩短循环，将表格放入模块数据段，并先在仿真数据上重试。`,
    }),
  }),
  'model.too_much_scoring': define<{ readonly steps: number }>({
    status: 422,
    title: { en: 'The model takes too long', zh: '模型计算量过大' },
    detail: (facts) => ({
      en: `The model would take more than ${facts.steps} elementary steps for this question. Take fewer or narrower layers, fewer trees, or fewer values, and try again on simulation data.`,
      zh: `模型完成该查询所需的基本运算超过 ${facts.steps} 步。请减少层数、宽度、树的数量或输入值，并先在仿真数据上重试。`,
    }),
  }),
  'model.specification': define<{ readonly faults: readonly string[] }>({
    status: 422,
    title: { en: 'The specification is refused', zh: '训练规格被拒绝' },
    detail: (facts) => {
      const places = facts.faults.join(', ');
      return {
        en: `These places are not as docs/reference/models.md says: ${places}. Keys, algorithms and parameters are closed lists, names are small letters, digits and underscores, bounds and domains are declared.`,
        zh: `以下位置不符合 docs/reference/models.md 的规定：${places}。键、算法和参数均为封闭列表，名称只用小写字母、数字与下划线，取值范围和取值域须声明。`,
      };
    },
  }),
  'model.cohort': define<{ readonly what: string }>({
    status: 422,
    title: { en: 'The cohort is no table of units', zh: '样本不是以隐私单元为行的表' },
    detail: (facts) => ({
      en: `A cohort has one row for each unit of one kind: "${facts.what}". Select from a table with one row per unit, or aggregate per unit first (GROUP BY its own column); name that column or its unit type as "unit"; one expression for each feature.`,
      zh: `样本须为同一类隐私单元且每个单元一行：“${facts.what}”。请从每单元一行的表中选择，或先按单元自身的列聚合（GROUP BY），以该列名或单元类型作为 unit，每个特征一个表达式。`,
    }),
  }),
  'model.not_learnt': define<{ readonly fault: string }>({
    status: 422,
    title: { en: 'Nothing was learnt', zh: '未能训练出模型' },
    detail: (facts) => ({
      en: `Too few units stand behind this model: "${facts.fault}". Widen the cohort, take fewer or coarser features and levels, fewer clusters, or more rows of simulation data.`,
      zh: `支撑该模型的隐私单元过少：“${facts.fault}”。请扩大样本，减少或合并特征与取值，减少簇数，或增加仿真数据行数。`,
    }),
  }),
  'model.not_promotable': define<{ readonly dataset: string; readonly artefactHash: string }>({
    status: 409,
    title: { en: 'Not passed on simulation data', zh: '尚未通过仿真训练' },
    detail: (facts) => ({
      en: `Only a specification whose model passed the release check on simulation data of "${facts.dataset}" may be learnt from real data. Train the same specification with --target sim, mend what its report names, and try again.`,
      zh: `只有在“${facts.dataset}”的仿真数据上通过发布检查的训练规格才能用于真实数据。请以 --target sim 训练同一规格，按报告修正后重试。`,
    }),
  }),
  'model.no_budget': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'No privacy budget to learn with', zh: '没有可用于训练的隐私预算' },
    detail: (facts) => ({
      en: `A model under differential privacy spends the budget of a data set in that mode, and "${facts.dataset}" is not in it: beside exact figures the claim would not hold. Ask the operator for a grant in mode "dp", or leave "privacy" at "checked".`,
      zh: `差分隐私训练消耗 dp 模式数据集的预算，而“${facts.dataset}”不在该模式：与精确统计并存时承诺不成立。请向运营机构申请 dp 模式授权，或将 privacy 设为 checked。`,
    }),
  }),
  'model.mode': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'Exact models of this data set may not leave', zh: '该数据集不得输出精确模型' },
    detail: (facts) => ({
      en: `Figures of "${facts.dataset}" leave with noise or rounding only, and an exact model would undo that. Ask the operator for a grant in exact mode, or use the noisy figures.`,
      zh: `“${facts.dataset}”的统计结果仅以加噪或取整方式出域，精确模型会使其失效。请向运营机构申请精确模式授权，或使用加噪后的统计结果。`,
    }),
  }),
};
