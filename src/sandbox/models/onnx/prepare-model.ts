import { err, ok, type Result } from '../../../kernel/result.ts';
import type { OnnxModel, OnnxNode } from './model.ts';
import type { Operator, Prepared, Slot, Values } from './operator.ts';
import { DENSE } from './operators/dense.ts';
import { ELEMENTWISE } from './operators/elementwise.ts';
import { LINEAR } from './operators/linear.ts';
import { PREPARING } from './operators/preparation.ts';
import { REDUCING } from './operators/reduce.ts';
import { ARRANGING, ARRANGING_ML } from './operators/shape.ts';
import { TREES } from './operators/trees.ts';
import { readOnnx } from './read-onnx.ts';
import { type OnnxFault, OnnxRefused } from './wire.ts';

/** Every operator that is computed. What is not here is refused, whatever it is. Source: models-and-audit.md §1.5, M01. */
const OPERATORS: Readonly<Record<'' | 'ml', ReadonlyMap<string, Operator>>> = {
  '': new Map(Object.entries({ ...ELEMENTWISE, ...DENSE, ...ARRANGING, ...REDUCING })),
  ml: new Map(Object.entries({ ...TREES, ...LINEAR, ...PREPARING, ...ARRANGING_ML })),
};

/** Names of the operators that are computed, by domain; for documents. */
export function allowedOperators(domain: '' | 'ml'): readonly string[] {
  return [...OPERATORS[domain].keys()].sort();
}

/** Steps for one row; a forest of 500 trees of depth 20 takes 10,000. */
const MOST_STEPS = 2_000_000;
const MOST_WIDTH = 8_192;

/** A model that can be computed: what it wants, what it gives and what a row costs. */
export interface PreparedModel {
  readonly model: OnnxModel;
  readonly outputs: readonly { readonly name: string; readonly slot: Slot }[];
  readonly stepsPerRow: number;
  readonly score: (inputs: ReadonlyMap<string, Values>, rows: number) => ReadonlyMap<string, Values>;
}

/** Why a file is refused: a closed list and a place in the format, never text of the file. */
export interface OnnxRefusal {
  readonly fault: OnnxFault;
  readonly place: string;
}

/**
 * Reads an ONNX file and prepares it for scoring rows, or says why not. All shapes, widths and work are known before the
 * first row; each row's score depends on that row alone. It never opens a file, allocates by a stated size or runs native
 * code. It does not say whether scores may leave: that is the gate's. Source: models-and-audit.md §1.5 (ruling), §1.9 tier 2.
 */
export function prepareModel(bytes: Uint8Array): Result<PreparedModel, OnnxRefusal> {
  try {
    return ok(prepare(readOnnx(bytes)));
  } catch (error) {
    if (error instanceof OnnxRefused) return err({ fault: error.fault, place: error.place });
    throw error;
  }
}

interface Step {
  readonly node: OnnxNode;
  readonly prepared: Prepared;
}

function prepare(model: OnnxModel): PreparedModel {
  const slots = new Map<string, Slot>();
  for (const [name, constant] of model.constants) {
    slots.set(name, { type: constant.type, width: Math.max(constant.numbers.length, constant.texts.length), constant });
  }
  for (const input of model.inputs) slots.set(input.name, { type: input.type, width: input.width });
  let stepsPerRow = 0;
  const steps = model.nodes.map((node): Step => {
    const prepared = prepareNode(model, node, slots);
    if (prepared.outputs.length < node.outputs.length) throw new OnnxRefused('output', node.operator);
    for (const [index, slot] of prepared.outputs.entries()) {
      if (slot.width > MOST_WIDTH) throw new OnnxRefused('shape', node.operator);
      const name = node.outputs[index] ?? '';
      if (name !== '') slots.set(name, slot);
    }
    stepsPerRow += prepared.steps;
    if (stepsPerRow > MOST_STEPS) throw new OnnxRefused('work', node.operator);
    return { node, prepared };
  });
  const outputs = model.outputs.map((name) => {
    const slot = slots.get(name);
    if (slot === undefined || slot.constant !== undefined) throw new OnnxRefused('output', 'graph.outputs');
    return { name, slot };
  });
  return { model, outputs, stepsPerRow, score: (inputs, rows) => run(model, steps, inputs, rows) };
}

function prepareNode(model: OnnxModel, node: OnnxNode, slots: ReadonlyMap<string, Slot>): Prepared {
  const operator = OPERATORS[node.domain].get(node.operator);
  const opset = model.opsets.get(node.domain) ?? model.opsets.get('');
  if (operator === undefined) throw new OnnxRefused('operator', 'node');
  if (opset === undefined) throw new OnnxRefused('operator_set', node.operator);
  return operator({ node, inputs: node.inputs.map((name) => slots.get(name)), opset });
}

function run(model: OnnxModel, steps: readonly Step[], inputs: ReadonlyMap<string, Values>, rows: number): ReadonlyMap<string, Values> {
  const values = new Map<string, Values>();
  for (const { name, type, width } of model.inputs) {
    const given = inputs.get(name);
    const held = type === 'string' ? given?.texts.length : given?.numbers.length;
    if (given === undefined || held !== rows * width) throw new RangeError('Every input takes rows × width values');
    values.set(name, type === 'float' ? { numbers: given.numbers.map(Math.fround), texts: [] } : given);
  }
  const nothing: Values = { numbers: new Float64Array(0), texts: [] };
  for (const { node, prepared } of steps) {
    const results = prepared.run(
      node.inputs.map((name) => values.get(name) ?? nothing),
      rows,
    );
    for (const [index, name] of node.outputs.entries()) if (name !== '') values.set(name, results[index] ?? nothing);
  }
  return new Map(model.outputs.map((name) => [name, values.get(name) ?? nothing]));
}
