import type { Attribute, ConstantTensor, ElementType, OnnxNode } from './model.ts';
import { OnnxRefused } from './wire.ts';

/** What is known of a value before any row is there: rows × `width`, or a constant. */
export interface Slot {
  readonly type: ElementType;
  /** Values of one row; for constants the number of all values. */
  readonly width: number;
  readonly constant?: ConstantTensor;
}

/** A value of some rows, row-major; `texts` only where the slot's type is `string`. */
export interface Values {
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
}

/** An operator that was checked against its inputs and can be run on any number of rows. */
export interface Prepared {
  readonly outputs: readonly Slot[];
  /** Elementary steps for one row: what the limit of work counts. */
  readonly steps: number;
  readonly run: (inputs: readonly Values[], rows: number) => readonly Values[];
}

/** What an operator is prepared from: its inputs in order (undefined: optional and left out) and the version of its set. */
export interface Preparation {
  readonly node: OnnxNode;
  readonly inputs: readonly (Slot | undefined)[];
  readonly opset: number;
}

export type Operator = (preparation: Preparation) => Prepared;

/** Why an operator's use is refused. `place` is the operator's own name, which stands in the allow-list. */
export function refuse(node: OnnxNode, fault: 'attribute' | 'shape' | 'tensor_type' | 'input'): never {
  throw new OnnxRefused(fault, node.operator);
}

/** The slot of input `index`, which must be there. */
export function inputOf({ node, inputs }: Preparation, index: number): Slot {
  return inputs[index] ?? refuse(node, 'input');
}

/** An input that must be rows, not a constant, and numbers. */
export function numericRows(preparation: Preparation, index = 0): Slot {
  const slot = inputOf(preparation, index);
  if (slot.constant !== undefined) refuse(preparation.node, 'shape');
  if (slot.type === 'string') refuse(preparation.node, 'tensor_type');
  return slot;
}

/** Refuses attributes that are not in `names`: an unknown one might mean something. */
export function onlyAttributes(node: OnnxNode, names: readonly string[]): void {
  for (const name of node.attributes.keys()) if (!names.includes(name)) refuse(node, 'attribute');
}

/** The number of an attribute, or its default. */
export function numberAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return otherwise;
  return attribute.number ?? refuse(node, 'attribute');
}

export function textAttribute(node: OnnxNode, name: string, otherwise: string): string {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return otherwise;
  return attribute.text ?? refuse(node, 'attribute');
}

/** A list of numbers; an empty one where the attribute is left out. Tensors of one dimension are lists too. */
export function numbersAttribute(node: OnnxNode, name: string): readonly number[] {
  const attribute: Attribute | undefined = node.attributes.get(name);
  if (attribute === undefined) return [];
  if (attribute.tensor !== undefined && attribute.tensor.type !== 'string') return [...attribute.tensor.numbers];
  return attribute.numbers ?? refuse(node, 'attribute');
}

export function textsAttribute(node: OnnxNode, name: string): readonly string[] {
  const attribute = node.attributes.get(name);
  if (attribute === undefined) return [];
  if (attribute.tensor?.type === 'string') return attribute.tensor.texts;
  return attribute.texts ?? refuse(node, 'attribute');
}

/** How results of a type are kept: `float` to 24 bits as the format computes, whole numbers towards zero, booleans as 0 and 1. */
export function rounding(type: ElementType): (value: number) => number {
  if (type === 'float') return Math.fround;
  if (type === 'bool') return (value) => (value === 0 ? 0 : 1);
  if (type === 'int32' || type === 'int64') return Math.trunc;
  return (value) => value;
}

/** Values without texts. */
export function numeric(numbers: Float64Array): Values {
  return { numbers, texts: [] };
}
