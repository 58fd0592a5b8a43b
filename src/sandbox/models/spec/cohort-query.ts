import type { FeatureSpec, LabelSpec, TrainingSpec } from './training-spec.ts';

type Item = FeatureSpec | LabelSpec;

/** How categories of whole numbers are asked: as labels, or as figures, which a CASE over other columns can be. */
export type CategoryForm = 'keys' | 'figures';

/** Whether an item is asked as an average. Texts are always labels. */
export function isFigure(item: Item, form: CategoryForm): boolean {
  if (item.type === 'categorical' || item.type === 'binary')
    return form === 'figures' && item.domain.every((level) => typeof level === 'number');
  return true;
}

/** Features, then the label. Source: models-and-audit.md §1.9. */
export function itemsOf({ features, label }: TrainingSpec): readonly Item[] {
  return [...features, ...(label === undefined ? [] : [label])];
}

const expressionOf = (item: Item): string => `(${item.expr ?? item.name}\n)`;

/** How many units a cohort has, as a query of the gate: what is registered in the ledger, and compared with everything released before. Source: models-and-audit.md M26. */
export function countQuery({ cohort }: TrainingSpec): string {
  return `SELECT count(*) AS units FROM (${cohort.sql}\n) AS cohort`;
}

/**
 * Everything that a model reads of a cohort, as a query of the gate: categories as keys, numbers as averages. It is admitted, never run:
 * what the gate makes of each expression is what encoded rows are made of. Source: models-and-audit.md §1.9 (cohort in the gate's language).
 */
export function featureQuery(spec: TrainingSpec, form: CategoryForm): string {
  const items = itemsOf(spec);
  const keys = items.filter((item) => !isFigure(item, form)).map(expressionOf);
  const figures = items.filter((item) => isFigure(item, form)).map(expressionOf);
  const selected = [
    ...keys.map((key, at) => `${key} AS k${at}`),
    'count(*) AS n',
    ...figures.map((figure, at) => `avg${figure} AS a${at}`),
  ];
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, at) => at + 1).join(', ')}`;
  return `SELECT ${selected.join(', ')} FROM (${spec.cohort.sql}\n) AS cohort${grouping}`;
}
