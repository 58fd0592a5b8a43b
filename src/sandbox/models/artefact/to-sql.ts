import { quoteName } from '../../../catalog/identifier.ts';
import type { LaidFeature, Layout } from '../spec/layout.ts';
import type { FittedModel, FittedTree } from '../train/fitted.ts';

/** Outputs of a model as SQL expressions over columns called like its features, by output. */
export function outputSql(model: FittedModel, layout: Layout): readonly string[] {
  if (model.kind === 'centres') return [clusterSql(model.centres, layout)];
  const sums =
    model.kind === 'trees'
      ? model.base.map((base, output) =>
          sumOf(
            base,
            model.trees.map((tree) => treeSql(tree, output, layout)),
          ),
        )
      : model.coefficients.map(([intercept = 0, ...slopes]) =>
          sumOf(
            intercept,
            model.columns.map((column, at) => `${real(slopes[at] ?? 0)} * ${columnSql(layout, column)}`),
          ),
        );
  if (model.finish === 'logistic') return sums.map((sum) => `1 / (1 + exp(-(${sum})))`);
  if (model.finish === 'exp') return sums.map((sum) => `exp(${sum})`);
  if (model.finish === 'average' && model.kind === 'trees') return sums.map((sum) => `(${sum}) / ${model.trees.length}`);
  if (model.finish === 'softmax') return sums.map((sum) => `exp(${sum}) / (${sums.map((each) => `exp(${each})`).join(' + ')})`);
  return sums;
}

/**
 * The model as a SELECT over a table `features` with one column for each feature; the same text for the same model. Source: models-and-audit.md §1.7
 * (predictions compile back to SQL).
 */
export function toSql(model: FittedModel, layout: Layout): string {
  const items = outputSql(model, layout).map((sql, at) => `  ${sql} AS ${model.kind === 'centres' ? 'cluster' : `score_${at}`}`);
  return `SELECT\n${items.join(',\n')}\nFROM features\n`;
}

function sumOf(start: number, parts: readonly string[]): string {
  return [real(start), ...parts].join(' + ');
}

/** A number as a DOUBLE: decimals of many digits would not fit their products. */
function real(value: number): string {
  return `CAST(${value} AS DOUBLE)`;
}

function filled({ name, middle }: LaidFeature & { readonly kind: 'numeric' }): string {
  return `coalesce(CAST(${quoteName(name)} AS DOUBLE), ${real(middle)})`;
}

function columnSql(layout: Layout, column: number): string {
  const { feature = 0, level = null } = layout.design[column] ?? {};
  const laid = layout.features[feature];
  if (laid?.kind === 'numeric') return `greatest(0, least(1, (${filled(laid)} - ${real(laid.low)}) * ${real(laid.scale)}))`;
  return `CASE WHEN ${levelTest(laid, level ?? 0)} THEN 1 ELSE 0 END`;
}

function levelTest(laid: LaidFeature | undefined, level: number): string {
  const text = laid?.kind === 'categorical' ? (laid.levels[level] ?? '') : '';
  return `coalesce(CAST(${quoteName(laid?.name ?? '')} AS VARCHAR) = '${text.replaceAll("'", "''")}', FALSE)`;
}

function treeSql(tree: FittedTree, output: number, layout: Layout): string {
  if (!('split' in tree)) return real(tree.values[output] ?? 0);
  const { feature, bin, isLevel } = tree.split;
  const laid = layout.features[feature];
  const test = isLevel || laid?.kind !== 'numeric' ? levelTest(laid, bin) : `${filled(laid)} <= ${real(laid.edges[bin] ?? 0)}`;
  return `CASE WHEN ${test} THEN ${treeSql(tree.left, output, layout)} ELSE ${treeSql(tree.right, output, layout)} END`;
}

function clusterSql(centres: readonly (readonly number[])[], layout: Layout): string {
  const distances = centres.map((centre) =>
    centre.map((value, column) => `power(${columnSql(layout, column)} - ${real(value)}, 2)`).join(' + '),
  );
  const others = (at: number): string =>
    distances
      .slice(at + 1)
      .map((distance) => `(${distances[at]}) <= (${distance})`)
      .join(' AND ');
  const branches = distances.slice(0, -1).map((_, at) => `WHEN ${others(at)} THEN ${at}`);
  return `CASE ${branches.join(' ')} ELSE ${centres.length - 1} END`;
}
