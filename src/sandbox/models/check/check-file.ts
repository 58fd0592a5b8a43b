import { err, ok, type Result } from '../../../kernel/result.ts';
import type { OnnxModel, OnnxNode } from '../onnx/model.ts';
import { type OnnxRefusal, type PreparedModel, prepareModel } from '../onnx/prepare-model.ts';
import { writeOnnx } from '../onnx/write-onnx.ts';
import { recoverableShare } from './probe-scores.ts';

/** One rule of the release check: what was measured beside its threshold, and what would mend it. */
export interface ModelFinding {
  /** Id of models-and-audit.md §1.10. */
  readonly rule: 'M27' | 'M32' | 'M33' | 'M34';
  readonly verdict: 'pass' | 'review' | 'fail';
  readonly value: number;
  readonly threshold: number;
  readonly fix: { readonly en: string; readonly zh: string };
}

/** What can be said of a model file without the data it was made from. */
export interface FileReport {
  readonly operators: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly type: string; readonly width: number }[];
  readonly outputs: readonly { readonly name: string; readonly type: string; readonly width: number }[];
  readonly stepsPerRow: number;
  readonly parameters: number;
  readonly bytes: number;
  readonly findings: readonly ModelFinding[];
}

/** Most significant binary digits of an exported weight: more can carry rows of data. */
const MOST_BITS = 12;
const NAME = /^[a-z][a-z0-9_]{0,40}$/;

/**
 * Checks a file: whether it can be scored at all, and the release rules that need nothing but the file (M27 precision,
 * M32 reversibility of row-level scores, M33 hygiene, M34 names). It does not say that a model may be released: the rules that need the training
 * data are not among them. The refusal is `prepareModel`'s. Source: models-and-audit.md §1.10.
 */
export function checkModelFile(bytes: Uint8Array): Result<FileReport, OnnxRefusal> {
  const prepared = prepareModel(bytes);
  if (!prepared.ok) return err(prepared.error);
  const { model, outputs, stepsPerRow } = prepared.value;
  const weights = weightsOf(model);
  return ok({
    operators: [...new Set(model.nodes.map((node) => node.operator))].sort(),
    inputs: model.inputs,
    outputs: outputs.map(({ name, slot }) => ({ name, type: slot.type, width: slot.width })),
    stepsPerRow,
    parameters: weights.length,
    bytes: model.bytes,
    findings: [precision(weights), reversibility(prepared.value), hygiene(prepared.value, bytes), names(model)],
  });
}

/** Attributes that hold what was learnt; the others say how nodes hang together. */
const LEARNT = new Set([
  'nodes_values',
  'class_weights',
  'target_weights',
  'base_values',
  'coefficients',
  'intercepts',
  'offset',
  'scale',
  'imputed_value_floats',
  'values_floats',
]);

function weightsOf(model: OnnxModel): readonly number[] {
  const constants = [...model.constants.values()].filter(({ type }) => type === 'float' || type === 'double');
  const attributes = model.nodes.flatMap((node) => [...node.attributes].filter(([name]) => LEARNT.has(name)));
  return [
    ...constants.flatMap((constant) => [...constant.numbers]),
    ...attributes.flatMap(([, attribute]) => [...(attribute.numbers ?? attribute.tensor?.numbers ?? [])]),
  ];
}

/** Binary digits between the first and the last that is set; 0 for 0. */
export function significantBits(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return Number.isFinite(value) ? 0 : 64;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const mantissa = view.getBigUint64(0) & 0xf_ffff_ffff_ffffn;
  let zeros = 0;
  for (let rest = mantissa | (1n << 52n); (rest & 1n) === 0n; rest >>= 1n) zeros += 1;
  return 53 - zeros;
}

function precision(weights: readonly number[]): ModelFinding {
  const value = weights.reduce((most, weight) => Math.max(most, significantBits(weight)), 0);
  return {
    rule: 'M27',
    verdict: value > MOST_BITS ? 'fail' : 'pass',
    value,
    threshold: MOST_BITS,
    fix: {
      en: `Round every weight to ${MOST_BITS} significant bits: what lies below can carry rows of data.`,
      zh: `请将所有权重舍入到 ${MOST_BITS} 位有效二进制位：更低的位可能夹带数据行。`,
    },
  };
}

function hygiene({ model, outputs }: PreparedModel, bytes: Uint8Array): ModelFinding {
  const described = outputs.map(({ name, slot }) => ({ name, type: slot.type, width: slot.width }));
  const again = writeOnnx({ ...model, outputs: described });
  const isCanonical = again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
  const value = model.extras.length > 0 ? model.extras.length : isCanonical ? 0 : 1;
  return {
    rule: 'M33',
    verdict: value > 0 ? 'fail' : 'pass',
    value,
    threshold: 0,
    fix: {
      en: 'A released file has no producer, doc string, metadata or order of its own. Have the platform write the artefact.',
      zh: '发布的模型文件不得含有生成工具、说明文字、元数据或自定义的字段次序。请由平台写出模型文件。',
    },
  };
}

function names(model: OnnxModel): ModelFinding {
  const labels = model.nodes.flatMap((node: OnnxNode) =>
    [...node.attributes].filter(([name]) => name === 'classlabels_strings').flatMap(([, attribute]) => [...(attribute.texts ?? [])]),
  );
  const value = [...model.inputs.map((input) => input.name), ...model.outputs, ...labels].filter((name) => !NAME.test(name)).length;
  return {
    rule: 'M34',
    verdict: value > 0 ? 'fail' : 'pass',
    value,
    threshold: 0,
    fix: {
      en: 'Name inputs, outputs and classes by the catalogue, or with small letters, digits and underscores (at most 41).',
      zh: '输入、输出与类别名称须取自目录，或仅使用小写字母、数字与下划线（不超过 41 个字符）。',
    },
  };
}

/** M32 c: above the first a person must look, above the second row-level scores can never leave. */
const REVIEW_SHARE = 0.2;
const MOST_SHARE = 0.5;

function reversibility(prepared: PreparedModel): ModelFinding {
  const value = Math.round(recoverableShare(prepared) * 1_000) / 1_000;
  return {
    rule: 'M32',
    verdict: value > MOST_SHARE ? 'fail' : value > REVIEW_SHARE ? 'review' : 'pass',
    value,
    threshold: MOST_SHARE,
    fix: {
      en: 'Scores of single rows give an input back: only aggregates of these scores can leave.',
      zh: '单行得分可还原输入：只能输出得分的聚合结果。',
    },
  };
}
