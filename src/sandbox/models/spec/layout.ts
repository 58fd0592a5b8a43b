import { roundToBits } from '../significant-bits.ts';
import { type FeatureSpec, type LabelSpec, MODEL_BITS, type TrainingSpec } from './training-spec.ts';

/** Whole steps between the bounds of a number: sums of products of such numbers are exact, in whatever order rows come. */
export const STEPS = 32_767;

export type LaidFeature =
  | {
      readonly kind: 'numeric';
      readonly name: string;
      readonly low: number;
      readonly high: number;
      /** 1 / (high − low), rounded like every number of a model. */
      readonly scale: number;
      /** What stands for a missing number. */
      readonly middle: number;
      /** Inner edges, ascending; bin b holds values above edges[b − 1], up to edges[b]. */
      readonly edges: readonly number[];
      readonly bins: number;
    }
  | {
      readonly kind: 'categorical';
      readonly name: string;
      /** As text. What is no level has the number `levels.length`. */
      readonly levels: readonly string[];
      readonly bins: number;
    };

/** A column that linear models and clusters see: a number from 0 to `one`, or whether a feature has a level. */
export interface DesignColumn {
  readonly feature: number;
  readonly level: number | null;
  /** What stands for 1. */
  readonly one: number;
}

export type LaidLabel =
  | { readonly kind: 'classes'; readonly name: string; readonly classes: readonly string[] }
  | { readonly kind: 'number'; readonly name: string; readonly low: number; readonly high: number }
  | { readonly kind: 'none' };

/** How rows of a cohort are numbers. All of it declared, none of it from data. */
export interface Layout {
  readonly features: readonly LaidFeature[];
  readonly design: readonly DesignColumn[];
  readonly label: LaidLabel;
}

/** Layout of a specification. Source: models-and-audit.md §1.9 (domains and bounds are declared), M09, M15. */
export function layoutOf(spec: TrainingSpec): Layout {
  const features = spec.features.map(laidFeature);
  const design = features.flatMap((feature, index): readonly DesignColumn[] =>
    feature.kind === 'numeric'
      ? [{ feature: index, level: null, one: STEPS }]
      : feature.levels.slice(1).map((_, level) => ({ feature: index, level: level + 1, one: 1 })),
  );
  return { features, design, label: laidLabel(spec.label) };
}

function laidFeature(feature: FeatureSpec): LaidFeature {
  if (feature.type === 'categorical') {
    const levels = feature.domain.map(String);
    return { kind: 'categorical', name: feature.name, levels, bins: levels.length + 1 };
  }
  const [low, high] = feature.bounds;
  const wanted = Array.from({ length: feature.bins - 1 }, (_, at) =>
    roundToBits(low + ((at + 1) * (high - low)) / feature.bins, MODEL_BITS),
  );
  const edges = [...new Set(wanted)].filter((edge) => edge > low && edge < high);
  return {
    kind: 'numeric',
    name: feature.name,
    low,
    high,
    scale: roundToBits(1 / (high - low), MODEL_BITS),
    middle: roundToBits((low + high) / 2, MODEL_BITS),
    edges,
    bins: edges.length + 1,
  };
}

function laidLabel(label: LabelSpec | undefined): LaidLabel {
  if (label === undefined) return { kind: 'none' };
  if (label.type === 'binary' || label.type === 'categorical')
    return { kind: 'classes', name: label.name, classes: label.domain.map(String) };
  const [low, high] = label.bounds;
  return { kind: 'number', name: label.name, low: roundToBits(low, MODEL_BITS), high: roundToBits(high, MODEL_BITS) };
}
