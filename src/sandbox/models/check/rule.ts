/** What a rule found: `review` asks a person to say why it is all right. Source: models-and-audit.md §1.10. */
export type RuleVerdict = 'pass' | 'review' | 'fail';

/** One rule of the release check with what was measured beside its threshold. */
export interface RuleFinding {
  readonly rule: string;
  readonly verdict: RuleVerdict;
  /** Null where it could not be measured: then it has failed. */
  readonly value: number | null;
  /** Source: models-and-audit.md §1.10 (every check writes value, threshold, pass/fail, code version, seed). */
  readonly threshold: number;
  readonly version: string;
  readonly seed: number;
}

interface RuleText {
  readonly title: readonly [en: string, zh: string];
  /** FAIL from here; `review` where it is given and below. */
  readonly fail: number | null;
  readonly review?: number;
  readonly direction: 'above' | 'below';
  readonly fix: readonly [en: string, zh: string];
}

const rule = (
  title: readonly [string, string],
  direction: RuleText['direction'],
  limits: { readonly fail: number | null; readonly review?: number },
  fix: readonly [string, string],
): RuleText => ({ title, direction, ...limits, fix });

const WIDEN = ['Widen the cohort, or take fewer and coarser features.', '请扩大样本，或减少并合并特征。'] as const;
const SIMPLER = [
  'Take a simpler model: less depth, fewer trees, larger leaves, a larger penalty.',
  '请使用更简单的模型：降低深度、减少树数、增大叶节点或加大惩罚。',
] as const;
const PLATFORM = ['Have the platform write the artefact from a specification.', '请由平台依据训练规格生成模型文件。'] as const;

/**
 * Every rule, with its thresholds: data, so that a change is one line. `fail` null: never fails by itself. A value at the threshold counts as over it.
 * Source: models-and-audit.md §1.10 (M01–M36).
 */
export const RULES: Readonly<Record<string, RuleText>> = {
  M01: rule(['Algorithm is on the list', '算法在允许清单内'], 'above', { fail: 1 }, [
    'Choose an algorithm of docs/reference/models.md.',
    '请选择 docs/reference/models.md 所列算法。',
  ]),
  M02: rule(['Keeps no instances', '模型不保存样本'], 'above', { fail: 1 }, [
    'Models that hold rows of their data never leave.',
    '保存训练样本的模型不得出域。',
  ]),
  M03: rule(['Parameters that equal a row', '与样本相同的参数'], 'above', { fail: 1 }, [
    'Take fewer clusters or coarser features.',
    '请减少簇数或使用更粗的特征。',
  ]),
  M04: rule(['Units of the cohort', '样本单元数'], 'below', { fail: 100 }, WIDEN),
  M05: rule(['Units beyond parameters', '超出参数个数的单元数'], 'below', { fail: 10 }, SIMPLER),
  M06: rule(['Least units of a node', '节点最少单元数'], 'below', { fail: 10 }, SIMPLER),
  M07: rule(['Small classes told in leaves', '叶节点泄露的小类别数'], 'above', { fail: 1 }, SIMPLER),
  M08: rule(['Largest share of a class in a leaf', '叶节点中最大类别占比'], 'above', { fail: null, review: 0.995 }, SIMPLER),
  M09: rule(['Thresholds that were not declared', '未声明的分裂阈值'], 'above', { fail: 1 }, PLATFORM),
  M10: rule(['Largest leverage', '最大杠杆值'], 'above', { fail: 0.5, review: 0.2 }, [
    'Leave out the level or number that one unit alone has.',
    '请去除仅一个单元具有的取值。',
  ]),
  M11: rule(['Least units of a level with a weight', '有权重取值的最少单元数'], 'below', { fail: 10 }, [
    'Merge the level with others.',
    '请将该取值与其他取值合并。',
  ]),
  M12: rule(['Fields beyond the list', '清单之外的字段'], 'above', { fail: 1 }, PLATFORM),
  M13: rule(['Largest share of one unit in a mean', '单个单元在均值中的最大占比'], 'above', { fail: 0.5 }, [
    'Cut the label at tighter bounds, or take larger leaves.',
    '请收紧标签取值范围或增大叶节点。',
  ]),
  M14: rule(['Least units of a cluster', '簇最少单元数'], 'below', { fail: 10 }, ['Take fewer clusters.', '请减少簇数。']),
  M15: rule(['Least units between edges that are told apart', '可区分区间的最少单元数'], 'below', { fail: 10 }, [
    'Take fewer bins.',
    '请减少分箱数。',
  ]),
  M16: rule(['Gap between training and hold-out', '训练与留出集差距'], 'above', { fail: 0.2, review: 0.1 }, SIMPLER),
  M17: rule(['Membership by loss (AUC)', '基于损失的成员推断（AUC）'], 'above', { fail: 0.6, review: 0.55 }, SIMPLER),
  M18: rule(['Membership, worst case (mean AUC)', '最坏情形成员推断（平均 AUC）'], 'above', { fail: 0.65, review: 0.6 }, SIMPLER),
  M19: rule(['Membership by likelihood ratio (AUC)', '似然比成员推断（AUC）'], 'above', { fail: 0.65, review: 0.6 }, SIMPLER),
  M19b: rule(['Members found at 1 % false alarms', '误报率 1% 时识别的成员占比'], 'above', { fail: 0.05, review: 0.03 }, SIMPLER),
  M20: rule(['Membership beside references (AUC)', '参照式成员推断（AUC）'], 'above', { fail: 0.65, review: 0.6 }, SIMPLER),
  M21: rule(['Share of units that two methods name', '被两种方法同时识别的单元占比'], 'above', { fail: null, review: 0.01 }, SIMPLER),
  M22: rule(['Attribute inference beyond baselines', '超出基线的属性推断'], 'above', { fail: 0.1, review: 0.05 }, [
    'Leave out the sensitive feature, or take a simpler model.',
    '请去除敏感特征或使用更简单的模型。',
  ]),
  M23: rule(['Numbers guessed within a tenth, beyond hold-out', '数值推断（±10%）超出留出集'], 'above', { fail: 0.05, review: 0.02 }, [
    'Leave out the number, or take a simpler model.',
    '请去除该数值特征或使用更简单的模型。',
  ]),
  M24: rule(['Counts in the artefact', '模型文件中的计数'], 'above', { fail: 1 }, PLATFORM),
  M25: rule(['Released numbers by unit', '每单元释放的数值个数'], 'above', { fail: 0.1 }, WIDEN),
  M26: rule(['Units that this cohort and an earlier one differ by', '与既往样本相差的单元'], 'above', { fail: 1 }, [
    'Use a cohort that was released before, or one that differs by many.',
    '请使用已发布过的样本，或与其相差较多单元的样本。',
  ]),
  M27: rule(['Capacity of the weights beside the data', '权重容量与数据之比'], 'above', { fail: 0.1, review: 0.02 }, [
    'Take fewer parameters or fewer bits.',
    '请减少参数或有效位数。',
  ]),
  M28: rule(['Artefacts that differ when made again', '重新生成后不一致的文件'], 'above', { fail: 1 }, PLATFORM),
  M29: rule(['Weights that came from elsewhere', '外来权重'], 'above', { fail: 1 }, PLATFORM),
  M30: rule(['Budget beyond what is left', '超出剩余预算'], 'above', { fail: 1 }, [
    'Ask for less ε, or wait for a new data set.',
    '请降低 ε，或等待新的数据集。',
  ]),
  M31: rule(['Canaries among others (AUC)', '植入样本识别（AUC）'], 'above', { fail: 0.9, review: 0.7 }, SIMPLER),
  M32: rule(['Row-level outputs that leave', '逐行输出'], 'above', { fail: 1 }, [
    'Only aggregates of scores leave.',
    '仅可输出得分的聚合结果。',
  ]),
  M33: rule(['Bytes that are not canonical', '非规范字节'], 'above', { fail: 1 }, PLATFORM),
  M34: rule(['Names that carry data', '夹带数据的名称'], 'above', { fail: 1 }, [
    'Take names and levels of the catalogue, or small letters, digits and underscores.',
    '名称与取值须取自目录，或仅用小写字母、数字与下划线。',
  ]),
  M35: rule(
    ['Membership in the worst group beside all (AUC)', '最差群组与总体成员推断之差（AUC）'],
    'above',
    { fail: null, review: 0.05 },
    SIMPLER,
  ),
  M36: rule(['Runs on real data today', '当日真实数据训练次数'], 'above', { fail: null, review: 21 }, [
    'Choose parameters on simulation data.',
    '请在仿真数据上选择参数。',
  ]),
};

const VERSION = '1';

/**
 * A measured value beside its rule. `null` or NaN, and rules that are not in the table, fail: unknown is no.
 *
 * @param limits  where the threshold depends on k.
 */
export function finding(
  name: string,
  value: number | null,
  context: { readonly seed: number; readonly limits?: { readonly fail?: number; readonly review?: number } },
): RuleFinding {
  const text = RULES[name];
  const known = { rule: name, version: VERSION, seed: context.seed };
  if (text === undefined || value === null || Number.isNaN(value))
    return { ...known, verdict: 'fail', value: null, threshold: text?.fail ?? 0 };
  const fail = context.limits?.fail ?? text.fail;
  const review = context.limits?.review ?? text.review;
  const isOver = (limit: number | null | undefined): boolean =>
    limit !== null && limit !== undefined && (text.direction === 'above' ? value >= limit : value < limit);
  const verdict = isOver(fail) ? 'fail' : isOver(review) ? 'review' : 'pass';
  const threshold = (verdict === 'review' ? review : (fail ?? review)) ?? 0;
  return { ...known, verdict, value: Number(value.toPrecision(4)), threshold };
}

/** The worst verdict; of no findings at all: fail. */
export function worstOf(findings: readonly RuleFinding[]): RuleVerdict {
  const verdicts = findings.map((item) => item.verdict);
  return verdicts.length === 0 || verdicts.includes('fail') ? 'fail' : verdicts.includes('review') ? 'review' : 'pass';
}

/**
 * A finding of a difference between members and others that chance explains, one step milder: with a spread wider than the threshold, every seventh honest
 * model was sent to a person for nothing. What could not be measured stays failed. Source: models-and-audit.md M19, M22, M23; docs/adr/0022.
 */
export function besideChance(found: RuleFinding, isSignificant: boolean): RuleFinding {
  if (isSignificant || found.value === null) return found;
  return { ...found, verdict: found.verdict === 'fail' ? 'review' : 'pass' };
}
