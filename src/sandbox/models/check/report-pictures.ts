import type { Layout } from '../spec/layout.ts';
import type { FittedModel } from '../train/fitted.ts';
import type { Sample } from '../train/read-sample.ts';
import { leavesOf } from './structure.ts';

/** One attack as a curve: shares of false alarms and of members found, each to a hundredth. */
export interface AttackCurve {
  readonly rule: string;
  readonly points: readonly (readonly [falseAlarms: number, found: number])[];
}

/** What a model's report draws besides the rules: attacks, and how many units stand behind each part of the model. */
export interface ReportPictures {
  readonly attacks: readonly AttackCurve[];
  readonly support: { readonly of: 'leaves' | 'clusters' | 'bins'; readonly units: readonly number[]; readonly least: number };
}

const STEPS = 25;
const MOST_BARS = 60;

/** The curve of an attack whose higher scores mean "member", at 25 shares of false alarms; equal scores stand or fall together. Source: issue "Models" (pictures); Hanley and McNeil 1982. */
export function attackCurve(rule: string, scores: Float64Array, isMember: readonly boolean[]): AttackCurve {
  const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const members = Math.max(1, isMember.filter(Boolean).length);
  const others = Math.max(1, isMember.length - members);
  const points: [number, number][] = [[0, 0]];
  let [found, alarms, next] = [0, 0, 1];
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] ?? 0];
    for (; from < order.length && scores[order[from] ?? 0] === score; from += 1) {
      if (isMember[order[from] ?? 0] === true) found += 1;
      else alarms += 1;
    }
    if (alarms / others < next / STEPS && from < order.length) continue;
    points.push([hundredth(alarms / others), hundredth(found / members)]);
    next = Math.floor((alarms / others) * STEPS) + 1;
  }
  return { rule, points };
}

const hundredth = (value: number): number => Math.round(value * 100) / 100;

/** Units behind leaves, clusters, or bins of features where a model has neither; the fewest first. Operators see it, and merchants of simulation data. Source: models-and-audit.md M06, M14, M15. */
export function supportPicture(model: FittedModel, layout: Layout, { rows, isMember }: Sample, k: number): ReportPictures['support'] {
  const fewest = (units: readonly number[]): readonly number[] => [...units].sort((a, b) => a - b).slice(0, MOST_BARS);
  if (model.kind === 'centres') return { of: 'clusters', units: fewest(model.units), least: k };
  if (model.kind === 'trees')
    return { of: 'leaves', units: fewest(model.trees.flatMap(leavesOf).map((leaf) => Math.round(leaf.units))), least: k };
  const bins = layout.features.flatMap((feature, at) => {
    const counts = new Array<number>(feature.bins).fill(0);
    for (const [row, is] of isMember.entries()) {
      const bin = rows.bins[at]?.[row] ?? 0;
      if (is) counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts.filter((count) => count > 0);
  });
  return { of: 'bins', units: fewest(bins), least: k };
}
