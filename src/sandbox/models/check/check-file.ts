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
/** Names between nodes, as exporters write them; none where an output is left out. */
const INNER = /^$|^\/?[A-Za-z][A-Za-z0-9_./-]{0,80}$/;

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

/**
 * Attributes that say how nodes hang together, in numbers that count something: such a number is no larger than there are entries
 * beside it. One that is larger counts nothing, and is held against the rule of weights like every other number.
 */
const COUNTING = /^(nodes|class|target)_.*ids$/;

function weightsOf(model: OnnxModel): readonly number[] {
  const constants = [...model.constants.values()].flatMap((constant) => [...constant.numbers]);
  const attributes = model.nodes.flatMap((node) => {
    const entries = Math.max(...[...node.attributes.values()].map(({ numbers }) => numbers?.length ?? 0), 0);
    return [...node.attributes].flatMap(([name, { number, numbers, tensor }]) => {
      // "No number" is what encoders call missing: one symbol, whose other bits are not canonical (M33).
      const held = [...(number === undefined ? [] : [number]), ...(numbers ?? []), ...(tensor?.numbers ?? [])].filter(
        (value) => !Number.isNaN(value),
      );
      return COUNTING.test(name) ? held.filter((value) => value < 0 || value > entries) : held;
    });
  });
  return [...constants, ...attributes];
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

/** Texts that the format itself lists. */
const WORDS_OF_FORMAT: ReadonlySet<string> = new Set(['nodes_modes', 'post_transform', 'aggregate_function', 'norm', 'zeros', 'keepdims']);

/** Every text that a file holds is a name or a level. What a name may not be fails; a level may be the catalogue's and a name between nodes an exporter's, which the file does not show: a person looks. */
function names(model: OnnxModel): ModelFinding {
  const attributes = model.nodes.flatMap((node: OnnxNode) => [...node.attributes].filter(([name]) => !WORDS_OF_FORMAT.has(name)));
  const labels = attributes.flatMap(([name, { texts }]) => (name === 'classlabels_strings' ? [...(texts ?? [])] : []));
  const named = [...model.inputs.map((input) => input.name), ...model.outputs, ...labels].filter((name) => !NAME.test(name));
  const levels = [
    ...attributes.flatMap(([name, { text, texts, tensor }]) =>
      name === 'classlabels_strings' ? [] : [...(text === undefined ? [] : [text]), ...(texts ?? []), ...(tensor?.texts ?? [])],
    ),
    ...[...model.constants.values()].flatMap(({ texts }) => [...texts]),
    ...[...model.constants.keys(), ...model.nodes.flatMap((node) => [...node.outputs])].filter((name) => !INNER.test(name)),
  ].filter((level) => !NAME.test(level));
  return {
    rule: 'M34',
    verdict: named.length > 0 ? 'fail' : levels.length > 0 ? 'review' : 'pass',
    value: named.length > 0 ? named.length : levels.length,
    threshold: 0,
    fix: {
      en: 'Name inputs, outputs and classes by the catalogue, or with small letters, digits and underscores (at most 41). Other texts need a person who compares them with the catalogue.',
      zh: '输入、输出与类别名称须取自目录，或仅使用小写字母、数字与下划线（不超过 41 个字符）。其他文本须由人员与目录核对。',
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
