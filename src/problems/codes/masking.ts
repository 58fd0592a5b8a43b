import { define } from '../definition.ts';

/** Source: GB/T 2260-2007. */
const REGION_DIGITS: Readonly<Record<string, number>> = { province: 2, prefecture: 4, county: 6 };

export const MASKING_PROBLEMS = {
  'masking.policy': define<{ readonly pointer: string }>({
    status: 422,
    title: { en: 'Masking policy cannot be read', zh: '脱敏策略无法读取' },
    detail: (facts) => ({
      en: `At ${facts.pointer || 'the top'} the policy has a field or an operator that is not known, or lacks one. docs/reference/masking.md has every form.`,
      zh: `策略在 ${facts.pointer || '顶层'} 处含有未知的字段或算子，或缺少必需内容。全部写法见 docs/reference/masking.md。`,
    }),
  }),
  'masking.columns': define<{ readonly unnamed: readonly string[]; readonly missing: readonly string[] }>({
    status: 422,
    title: { en: 'Policy and file have other columns', zh: '策略与文件的字段不一致' },
    detail: (facts) => ({
      en: `Nothing was written. Without an operator: ${facts.unnamed.join(', ') || 'none'}; not in the file: ${facts.missing.join(', ') || 'none'}. Name every column; "keep" passes one on, "drop" leaves it out.`,
      zh: `未写出任何内容。没有算子的字段：${facts.unnamed.join('、') || '无'}；文件中没有的字段：${facts.missing.join('、') || '无'}。请为每个字段指定算子；keep 为原样保留，drop 为删除。`,
    }),
  }),
  'masking.hash_missing': define<{ readonly hash: string }>({
    status: 422,
    title: { en: 'Hash not in this runtime', zh: '运行环境缺少该杂凑算法' },
    detail: (facts) => ({
      en: `This runtime has no ${facts.hash}. Run it with an OpenSSL that has SM3, or use hmac-sha256.`,
      zh: `当前运行环境没有 ${facts.hash}。请使用含 SM3 的 OpenSSL，或改用 hmac-sha256。`,
    }),
  }),
  'masking.no_quasi_identifiers': define<Record<string, never>>({
    status: 422,
    title: { en: 'No quasi-identifiers declared', zh: '未声明准标识符' },
    detail: () => ({
      en: 'Give the columns by which people could be found the role "quasiId". Without them there is nothing to measure or to generalise.',
      zh: '请将可用于识别个人的字段声明为 quasiId 角色。否则无从度量或泛化。',
    }),
  }),
  'masking.value_unfit': define<{ readonly column: string }>({
    status: 422,
    title: { en: 'Values do not fit the declaration', zh: '取值与声明不符' },
    detail: (facts) => ({
      en: `"${facts.column}" holds a value that is not of its declared type, or not in its hierarchy. Nothing was written. Mend the file, or add the value to the hierarchy.`,
      zh: `字段“${facts.column}”含有不符合所声明类型或不在层级文件中的取值。未写出任何内容。请修正文件，或将该取值补入层级文件。`,
    }),
  }),
  'masking.sensitive': define<{ readonly column: string }>({
    status: 422,
    title: { en: 'Not a sensitive column', zh: '不能作为敏感字段' },
    detail: (facts) => ({
      en: `"${facts.column}" is not in the schema, or names or helps to find a unit. l and t are asked of columns that say something about people, such as a diagnosis.`,
      zh: `字段“${facts.column}”不在声明中，或为标识符、准标识符。l 与 t 只能用于描述个人情况的字段，如诊断。`,
    }),
  }),
  'masking.identifiers': define<{ readonly columns: readonly string[] }>({
    status: 422,
    title: { en: 'Columns hold identifiers', zh: '字段中含有标识符' },
    detail: (facts) => ({
      en: `Cells of ${facts.columns.join(', ')} read as numbers or addresses that name somebody. Nothing was written. Take the columns out of the schema or mask them first; --keep COLUMN passes one on, and somebody answers for it.`,
      zh: `字段 ${facts.columns.join('、')} 的取值可识别为能够指认个人或企业的标识符。未写出任何内容。请从声明中去掉或先行脱敏；确需保留并有人负责时使用 --keep 字段名。`,
    }),
  }),
  'masking.not_reachable': define<{ readonly k: number }>({
    status: 422,
    title: { en: 'No generalisation is enough', zh: '任何泛化均不足以满足要求' },
    detail: (facts) => ({
      en: `Not even the coarsest levels fulfil k = ${facts.k} and what else was asked. Nothing was written. Allow more rows to be taken out (--suppress), or ask for less.`,
      zh: `即使最粗的层级也不能满足 k = ${facts.k} 及其他要求。未写出任何内容。请允许删除更多行（--suppress），或降低要求。`,
    }),
  }),
  'masking.population': define<Record<string, never>>({
    status: 422,
    title: { en: 'Population or weights do not fit', zh: '总体数据或权重不符' },
    detail: () => ({
      en: 'The population must hold every row of the file, with the same quasi-identifiers, and each weight must be a number of 1 or more. Mend the files.',
      zh: '总体数据须包含文件中的每一行且准标识符相同，每个权重须为不小于 1 的数。请修正文件。',
    }),
  }),
  'masking.column_masked': define<{ readonly name: string; readonly masking: string; readonly line: number; readonly column: number }>({
    status: 422,
    title: { en: 'Column is masked', zh: '字段已按策略脱敏' },
    detail: (facts) =>
      facts.masking === 'withheld'
        ? {
            en: `"${facts.name}" may not leave in any form. Use it in WHERE or FILTER against literals only, or take another column.`,
            zh: `字段“${facts.name}”不得以任何形式输出。仅可在 WHERE 或 FILTER 中与字面量比较，或改用其他字段。`,
          }
        : facts.masking === 'province' || facts.masking === 'prefecture' || facts.masking === 'county'
          ? {
              en: `"${facts.name}" may be shown by ${facts.masking} or coarser. Write left(${facts.name}, ${REGION_DIGITS[facts.masking]}), or use it in WHERE or FILTER against literals only.`,
              zh: `字段“${facts.name}”只可按 ${facts.masking} 或更粗的行政区划输出。请写 left(${facts.name}, ${REGION_DIGITS[facts.masking]})，或仅在 WHERE、FILTER 中与字面量比较。`,
            }
          : {
              en: `"${facts.name}" may be shown by ${facts.masking} or coarser. Write date_trunc('${facts.masking}', ${facts.name}), or use it in WHERE or FILTER against literals only.`,
              zh: `字段“${facts.name}”只可按 ${facts.masking} 或更粗的粒度输出。请写 date_trunc('${facts.masking}', ${facts.name})，或仅在 WHERE、FILTER 中与字面量比较。`,
            },
  }),
  'masking.no_policy': define<{ readonly dataset: string }>({
    status: 409,
    title: { en: 'No masking policy in force', zh: '没有生效的脱敏策略' },
    detail: (facts) => ({
      en: `No rows of "${facts.dataset}" leave without a policy that both owners agreed to. Have one proposed and approved: mask policy propose FILE.`,
      zh: `没有经双方同意的策略，“${facts.dataset}”的任何行都不得流出。请提出并批准策略：mask policy propose 文件。`,
    }),
  }),
  'masking.table': define<{ readonly table: string }>({
    status: 422,
    title: { en: 'Table cannot become a masked dataset', zh: '该表不能生成脱敏数据集' },
    detail: (facts) => ({
      en: `"${facts.table}" is not in your grant, or is no protected table with a way to its people. Name another table.`,
      zh: `表“${facts.table}”不在您的授权内，或不是可追溯到个人的受保护表。请指定其他表。`,
    }),
  }),
  'masking.not_carried': define<{ readonly column: string }>({
    status: 422,
    title: { en: 'Column may not leave', zh: '字段不得流出' },
    detail: (facts) => ({
      en: `The policy has no operator that lets "${facts.column}" out for your purpose, it names a unit, or your grant does not cover it. Leave it out, or ask for a new version of the policy.`,
      zh: `策略中没有允许“${facts.column}”按您的用途流出的算子，或该字段指认主体，或不在授权内。请去掉该字段，或申请修订策略。`,
    }),
  }),
  'masking.unknown_release': define<Record<string, never>>({
    status: 409,
    title: { en: 'An earlier release cannot be read', zh: '无法读取此前的发布' },
    detail: () => ({
      en: 'What was let out before cannot be compared with what is asked for now. Have an operator look at the sealed contents.',
      zh: '无法将此前流出的内容与本次申请比较。请运营人员检查封存内容。',
    }),
  }),
  'masking.consent_ended': define<Record<string, never>>({
    status: 409,
    title: { en: 'A consent has ended', zh: '授权同意已终止' },
    detail: () => ({
      en: 'Rows rest on a consent that was revoked or has expired. This product is not released any more; make the next one, without them.',
      zh: '部分行所依据的授权同意已撤回或到期。该产品不再放行；请重新生成不含这些行的产品。',
    }),
  }),
  'masking.policy_outdated': define<Record<string, never>>({
    status: 409,
    title: { en: 'Made by another masking policy', zh: '依据的脱敏策略已变更' },
    detail: () => ({
      en: 'Since this was sealed another masking policy came into force. Nothing was released; run it again under the policy in force.',
      zh: '封存之后脱敏策略已变更，未放行任何内容。请在现行策略下重新运行。',
    }),
  }),
  'masking.raced': define<Record<string, never>>({
    status: 409,
    title: { en: 'Another masked dataset came first', zh: '另有脱敏数据集先行生成' },
    detail: () => ({
      en: 'While this one was made another was sealed over the same people, and the two were not compared. Ask again.',
      zh: '生成期间另有涉及同一人群的脱敏数据集封存，二者未经比较。请重新申请。',
    }),
  }),
  'masking.policy_state': define<{ readonly state: string }>({
    status: 409,
    title: { en: 'Policy is not open', zh: '策略不在可决定状态' },
    detail: (facts) => ({
      en: `This version of the policy is ${facts.state}. Only a proposed one is approved or rejected; propose a new version.`,
      zh: `该版本策略当前为 ${facts.state}。只有已提出的版本可以批准或驳回；请提出新版本。`,
    }),
  }),
  'masking.policy_owner': define<{ readonly owner: string }>({
    status: 403,
    title: { en: 'Somebody else has to agree', zh: '须由他人同意' },
    detail: (facts) => ({
      en: `The ${facts.owner} side has agreed already, or you or your organisation proposed it. A policy needs the data authority (masking) and the secrecy side (de-secreting), each by other people than who proposed it.`,
      zh: `${facts.owner} 一方已经同意，或策略由您本人或所在单位提出。策略须由数据主管部门（脱敏）与保密部门（脱密）分别同意，且不得为提出者。`,
    }),
  }),
  'masking.external': define<{ readonly table: string }>({
    status: 422,
    title: { en: 'List has nothing to join on', zh: '名单没有可关联的字段' },
    detail: (facts) => ({
      en: `The first line of the list has to name columns of "${facts.table}" (quasi-identifiers, sensitive columns or measures; never keys), each once, with one person a row, and no more than 1,000,000 rows. Nothing was kept.`,
      zh: `名单首行须为“${facts.table}”的字段名（准标识符、敏感字段或度量，不得为键），每个字段一次，每人一行，且不超过 1,000,000 行。未保存任何内容。`,
    }),
  }),
  'masking.external_unreadable': define<Record<string, never>>({
    status: 409,
    title: { en: 'Registered list cannot be read', zh: '已登记的名单无法读取' },
    detail: () => ({
      en: 'What somebody could do with it cannot be said. Withdraw the list (mask external withdraw) and register it anew, then ask again.',
      zh: '无法判断他人可用其做什么。请撤回该名单（mask external withdraw）并重新登记，然后再次申请。',
    }),
  }),
  'masking.external_newer': define<Record<string, never>>({
    status: 409,
    title: { en: 'A list was registered since', zh: '此后登记了新的名单' },
    detail: () => ({
      en: 'This masked dataset was not checked against a list of people that was registered after it was made. Have it made again.',
      zh: '该脱敏数据集生成之后登记了新的名单，未据其检验。请重新生成。',
    }),
  }),
  'masking.key': define<Record<string, never>>({
    status: 422,
    title: { en: 'Not a key to sign with', zh: '不是可用于签名的密钥' },
    detail: () => ({
      en: 'Give an Ed25519 private key in PEM form. Nothing was written.',
      zh: '请提供 PEM 格式的 Ed25519 私钥。未写出任何内容。',
    }),
  }),
  'masking.parameter': define<{ readonly parameter: string; readonly allowed: string }>({
    status: 400,
    title: { en: 'Parameter out of range', zh: '参数超出范围' },
    detail: (facts) => ({ en: `${facts.parameter} must be ${facts.allowed}.`, zh: `${facts.parameter} 须为 ${facts.allowed}。` }),
  }),
  'masking.hierarchy': define<{
    readonly column: string;
    readonly reason: 'empty' | 'ragged' | 'repeated' | 'parted';
    readonly line: number;
  }>({
    status: 422,
    title: { en: 'Hierarchy file cannot be used', zh: '泛化层级文件不可用' },
    detail: (facts) => ({
      en: `The hierarchy of "${facts.column}", line ${facts.line}: ${
        {
          empty: 'the file holds no value. Write a line for each value: value;level1;level2;…',
          ragged: 'each line needs the same number of levels, 1 to 20. Mend the line.',
          repeated: 'a value stands twice with other names. Keep one of the lines.',
          parted: 'two values that have one name at a level have two at the next. A name may have one parent only.',
        }[facts.reason]
      }`,
      zh: `字段“${facts.column}”的层级文件第 ${facts.line} 行：${
        {
          empty: '文件中没有取值。请为每个取值写一行：value;level1;level2;…',
          ragged: '各行的层数须相同，为 1 至 20 层。请修正该行。',
          repeated: '同一取值出现两次且名称不同。请只保留其中一行。',
          parted: '在某层同名的取值在上一层名称不同。一个名称只能有一个上级。',
        }[facts.reason]
      }`,
    }),
  }),
} as const;
