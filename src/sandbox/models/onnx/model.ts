/** Element types a tensor for scoring may have. Source: TensorProto.DataType, closed list. */
export type ElementType = 'float' | 'double' | 'int32' | 'int64' | 'bool' | 'string';

/** A constant. `numbers` row-major; booleans as 0 and 1; texts only for `string`. */
export interface ConstantTensor {
  readonly dims: readonly number[];
  readonly type: ElementType;
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
}

/** An attribute holds exactly one of these, by its declared type. */
export interface Attribute {
  readonly number?: number;
  readonly text?: string;
  readonly numbers?: readonly number[];
  readonly texts?: readonly string[];
  readonly tensor?: ConstantTensor;
}

export interface OnnxNode {
  /** `ml` is the domain ai.onnx.ml, '' the default one. */
  readonly domain: '' | 'ml';
  readonly operator: string;
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An input of the graph: one row of it has `width` values. */
export interface OnnxInput {
  readonly name: string;
  readonly type: ElementType;
  readonly width: number;
}

/** A model file as plain data. It was checked for form only; `checkGraph` says whether it can be computed, and at which price. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, ConstantTensor>;
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  /** Version of the operator set by domain. */
  readonly opsets: ReadonlyMap<'' | 'ml', number>;
  /** Fields that say nothing a score depends on: producer, doc strings, metadata. A released artefact has none (M33). */
  readonly extras: readonly string[];
  readonly bytes: number;
}
