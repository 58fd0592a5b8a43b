import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { LaidFeature, Layout } from '../spec/layout.ts';
import { specHash, type TrainingSpec } from '../spec/training-spec.ts';
import type { FittedModel, FittedTree } from '../train/fitted.ts';
import { toOnnx } from './to-onnx.ts';
import { toSql } from './to-sql.ts';

/** A file of a released model. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the card says beside the specification: figures of the hold-out, rounded to two digits. */
export interface CardFacts {
  readonly metrics: Readonly<Record<string, number>>;
  readonly k: number;
}

/**
 * The files of a model in the forms that its specification asks for, and its card. No time, place, person or count is in them: the same
 * model gives the same bytes. Source: models-and-audit.md M33, M28; issue "Models" (artefacts).
 */
export function modelFiles(spec: TrainingSpec, layout: Layout, model: FittedModel, facts: CardFacts): readonly ModelFile[] {
  const text = (name: string, content: string): ModelFile => ({ name, bytes: new TextEncoder().encode(content) });
  const files = spec.release.artefact.map((form) => {
    if (form === 'onnx-ml') return { name: 'model.onnx', bytes: toOnnx(model, layout) };
    return form === 'sql' ? text('model.sql', toSql(model, layout)) : text('model.json', `${canonicalJson(modelBody(model, layout))}\n`);
  });
  return [...files, text('model-card.json', `${canonicalJson(modelCard(spec, layout, model, facts))}\n`)];
}

/** The model without the counts that it was learnt with. */
function modelBody(model: FittedModel, layout: Layout): unknown {
  const shared = { format: 'sluice-model-1', features: layout.features.map(shownFeature), label: layout.label };
  if (model.kind === 'trees')
    return {
      ...shared,
      kind: model.kind,
      base: model.base,
      finish: model.finish,
      trees: model.trees.map((tree) => shownTree(tree, layout)),
    };
  if (model.kind === 'centres') return { ...shared, kind: model.kind, design: layout.design, centres: model.centres };
  return {
    ...shared,
    kind: model.kind,
    design: model.columns.map((column) => layout.design[column]),
    coefficients: model.coefficients,
    finish: model.finish,
  };
}

function shownFeature(feature: LaidFeature): unknown {
  return feature.kind === 'categorical'
    ? { name: feature.name, levels: feature.levels }
    : { name: feature.name, bounds: [feature.low, feature.high], missing: feature.middle };
}

function shownTree(tree: FittedTree, layout: Layout): unknown {
  if (!('split' in tree)) return { values: tree.values };
  const { feature, bin, isLevel } = tree.split;
  const laid = layout.features[feature];
  const test =
    laid?.kind === 'numeric' && !isLevel ? { atMost: laid.edges[bin] } : { level: laid?.kind === 'categorical' ? laid.levels[bin] : bin };
  return { feature: laid?.name, ...test, then: shownTree(tree.left, layout), else: shownTree(tree.right, layout) };
}

function modelCard(spec: TrainingSpec, layout: Layout, model: FittedModel, { metrics, k }: CardFacts): unknown {
  return {
    format: 'sluice-model-card-1',
    algorithm: spec.algorithm,
    specification: specHash(spec),
    dataset: spec.dataset,
    unit: spec.cohort.unit,
    features: layout.features.map(shownFeature),
    label: layout.label,
    classes: layout.label.kind === 'classes' ? layout.label.classes : [],
    output:
      model.kind === 'centres'
        ? 'number of the nearest centre'
        : model.finish === 'logistic'
          ? 'chance of the second class'
          : 'one number for each output',
    least_units: k,
    precision_bits: spec.release.precision_bits,
    split: spec.split,
    privacy: spec.privacy,
    metrics,
  };
}
