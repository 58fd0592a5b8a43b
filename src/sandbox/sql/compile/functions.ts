import type { MomentName, PairName, QuantileName } from '../model/program.ts';

/** Moments by the names that are called for them. Source: gate.md §5. */
export const MOMENTS: Readonly<Record<string, MomentName>> = {
  stddev: 'stddev_samp',
  stddev_samp: 'stddev_samp',
  stddev_pop: 'stddev_pop',
  variance: 'var_samp',
  var_samp: 'var_samp',
  var_pop: 'var_pop',
};
/** Aggregates of two columns. Source: gate.md §5. */
export const PAIRS: readonly PairName[] = [
  'corr',
  'covar_pop',
  'covar_samp',
  'regr_slope',
  'regr_intercept',
  'regr_r2',
  'regr_count',
  'regr_avgx',
  'regr_avgy',
  'regr_sxx',
  'regr_syy',
  'regr_sxy',
];
/** Order statistics by the names that are called for them. Source: gate.md §5. */
export const QUANTILES: Readonly<Record<string, QuantileName>> = {
  median: 'median',
  quantile_cont: 'quantile_cont',
  percentile_cont: 'quantile_cont',
  quantile: 'quantile_disc',
  quantile_disc: 'quantile_disc',
  percentile_disc: 'quantile_disc',
  min: 'min',
  max: 'max',
};

/** Aggregates that a gate answers, by the engine's names. Everything else is refused. Source: gate.md §5 (aggregates). */
export const GATED_AGGREGATES: ReadonlySet<string> = new Set([
  'count',
  'count_star',
  'count_if',
  'countif',
  'sum',
  'avg',
  'mean',
  'bool_and',
  'bool_or',
  'mode',
  'approx_count_distinct',
  ...Object.keys(MOMENTS),
  ...PAIRS,
  ...Object.keys(QUANTILES),
]);

/** Aggregates that single out a value or list values: never answered. Source: gate.md §5. */
export const REFUSED_AGGREGATES: ReadonlySet<string> = new Set([
  'any_value',
  'arbitrary',
  'first',
  'last',
  'arg_max',
  'arg_min',
  'argmax',
  'argmin',
  'arg_max_null',
  'arg_min_null',
  'arg_max_nulls_last',
  'arg_min_nulls_last',
  'max_by',
  'min_by',
  'array_agg',
  'list',
  'string_agg',
  'group_concat',
  'listagg',
  'histogram',
  'histogram_exact',
  'bit_and',
  'bit_or',
  'bit_xor',
  'bitstring_agg',
  'product',
  'entropy',
  'skewness',
  'kurtosis',
  'kurtosis_pop',
  'approx_quantile',
  'approx_top_k',
  'reservoir_quantile',
  'sumkahan',
  'kahan_sum',
  'fsum',
  'favg',
  'sum_no_overflow',
  'mad',
  'sem',
  'geomean',
  'geometric_mean',
  'weighted_avg',
  'wavg',
  'json_group_array',
  'json_group_object',
  'json_group_structure',
]);

export const AGGREGATES: ReadonlySet<string> = new Set([...GATED_AGGREGATES, ...REFUSED_AGGREGATES]);
