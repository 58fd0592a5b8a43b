import type { TypeFamily } from '../../catalog/column-type.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Hierarchy } from '../hierarchy.ts';
import { type AttackerRisk, prosecutorRisk, sizeCounts } from '../risk/class-sizes.ts';
import { type Classes, classesAt, sizesOf } from './classes.ts';
import { climbLattice } from './climb-lattice.ts';
import { type Attribute, encodeColumn, withHierarchy } from './coded-column.ts';
import type { ClosenessModel, DiversityModel, PrivacyModels, SensitiveModel } from './criteria.ts';
import { defaultHierarchy } from './default-hierarchy.ts';
import { type ClassLabels, levelLabels, rangeLabels } from './label-classes.ts';
import { lossTable } from './loss.ts';
import { partition } from './mondrian.ts';
import { checkNode, suppressionLimit } from './node-check.ts';
import { presenceOf } from './presence.ts';
import { makeRecords, type Records } from './records.ts';
import { pick, rowOrder } from './row-order.ts';
import { isSmall, searchLattice } from './search-lattice.ts';
import { type Utility, utilityOf } from './utility.ts';

type Values = readonly (string | null)[];

export interface QuasiIdentifier {
  readonly name: string;
  readonly values: Values;
  readonly family: TypeFamily;
  readonly bounds: readonly [number, number] | null;
  readonly hierarchy: Hierarchy | null;
  /** `region`: codes of GB/T 2260. */
  readonly semantic?: string | undefined;
}

/** `ordered` and `hierarchical` closeness take the order of the values and the hierarchy of the column. */
export type SensitiveWish =
  | { readonly column: string; readonly diversity: DiversityModel }
  | { readonly column: string; readonly closeness: { readonly kind: ClosenessModel['kind']; readonly t: number } };

/** `population`: the quasi-identifiers of everybody who might be in the table, a row each, in the order of those of the request. */
export interface PresenceWish {
  readonly least: number;
  readonly most: number;
  readonly population: readonly Values[];
}

export interface AnonymiseRequest {
  readonly rows: number;
  readonly quasiIdentifiers: readonly QuasiIdentifier[];
  /** Passed on as they are. */
  readonly carried: readonly { readonly name: string; readonly values: Values; readonly hierarchy: Hierarchy | null }[];
  /** Whose each row is; null: each row its own. */
  readonly units: Values | null;
  readonly k: number;
  readonly wishes: readonly SensitiveWish[];
  /** δ-presence: how likely anybody of the population may be in the table, given what is shown. Levels only. */
  readonly presence?: PresenceWish;
  /** Share of rows that may be taken out. */
  readonly suppress: number;
  readonly algorithm: 'lattice' | 'mondrian';
  readonly threshold: number;
}

export interface Anonymised {
  readonly header: readonly string[];
  /** Rows in an order that says nothing of theirs in the file. */
  readonly columns: readonly (readonly string[] | Values)[];
  readonly rows: number;
  /** Which row of the table each row is. Says who is who: for tests inside the domain. */
  readonly order: Int32Array;
  readonly algorithm: 'lattice' | 'mondrian';
  readonly optimal: boolean;
  /** Level of each quasi-identifier; null for Mondrian. */
  readonly levels: Readonly<Record<string, number>> | null;
  readonly suppressedRows: number;
  readonly classes: number;
  readonly utility: Utility;
  readonly risk: { readonly before: AttackerRisk; readonly after: AttackerRisk };
}

/**
 * Makes a masked dataset: quasi-identifiers are generalised until every class of rows that look alike fulfils the models, classes that do not are taken out up to the limit, and nothing else leaves.
 * Refuses the whole table where a value does not fit or no generalisation is enough. Says nothing of what earlier releases of the same people give away (composition is checked elsewhere).
 * Source: issue "Masking" (masked datasets); Samarati 2001; LeFevre et al. 2006; synthetic-and-masking.md §7.1.
 */
export function anonymise(request: AnonymiseRequest): Result<Anonymised, readonly Problem[]> {
  if (request.presence !== undefined && request.algorithm === 'mondrian')
    return err([problem('masking.parameter', { parameter: 'presence', allowed: 'used with the algorithm lattice' })]);
  if (request.quasiIdentifiers.length === 0) return err([problem('masking.no_quasi_identifiers', {})]);
  const prepared = prepare(request);
  if (!prepared.ok) return prepared;
  const { records, models } = prepared.value;
  const made = request.algorithm === 'mondrian' ? byMondrian(records, models) : byLattice(records, models, request.suppress);
  if (made === undefined) return err([problem('masking.not_reachable', { k: request.k })]);
  const { classes, failing, labels, levels } = made;
  const order = rowOrder(
    { classOf: records.entryOf.map((entry) => classes.classOf[entry] ?? 0), failing, labels },
    request.carried.map(({ values }) => values),
  );
  const classOf = order.map((row) => classes.classOf[records.entryOf[row] ?? 0] ?? 0);
  const carried = request.carried.map(({ values }) => pick(values, order, null));
  const before = classesAt(
    records,
    records.attributes.map(() => 0),
  );
  return ok({
    header: [...request.quasiIdentifiers.map(({ name }) => name), ...request.carried.map(({ name }) => name)],
    columns: [...labels.map((label) => pick(label, classOf, '')), ...carried],
    rows: order.length,
    order,
    algorithm: request.algorithm,
    optimal: made.optimal,
    levels: levels === null ? null : Object.fromEntries(request.quasiIdentifiers.map(({ name }, index) => [name, levels[index] ?? 0])),
    suppressedRows: request.rows - order.length,
    classes: failing.filter((value) => value === 0).length,
    utility: utilityOf(records, classes, failing, lossTable(records), levels),
    risk: {
      before: prosecutorRisk(sizeCounts(before.units), request.threshold),
      after: prosecutorRisk(sizeCounts(classes.units.filter((_, id) => failing[id] === 0)), request.threshold),
    },
  });
}

function prepare(request: AnonymiseRequest): Result<{ readonly records: Records; readonly models: PrivacyModels }, readonly Problem[]> {
  const problems: Problem[] = [];
  const attributes: (Attribute & { readonly moreCodes: Int32Array })[] = [];
  for (const [index, quasi] of request.quasiIdentifiers.entries()) {
    const attribute = attributeOf(quasi, request.presence?.population[index] ?? []);
    if (attribute === undefined) problems.push(problem('masking.value_unfit', { column: quasi.name }));
    else attributes.push(attribute);
  }
  const wanted = [...new Set(request.wishes.map(({ column }) => column))];
  const sensitive = wanted.flatMap((name) => {
    const column = request.carried.find((item) => item.name === name);
    if (column !== undefined) return [encodeColumn(name, column.values)];
    problems.push(problem('masking.sensitive', { column: name }));
    return [];
  });
  const models: SensitiveModel[] = [];
  for (const wish of request.wishes) {
    const index = wanted.indexOf(wish.column);
    const coded = sensitive.find(({ name }) => name === wish.column);
    if (coded === undefined) continue;
    if ('diversity' in wish) models.push({ sensitive: index, model: { diversity: wish.diversity } });
    else if (wish.closeness.kind !== 'hierarchical')
      models.push({ sensitive: index, model: { closeness: { kind: wish.closeness.kind, t: wish.closeness.t } } });
    else {
      const hierarchy = request.carried.find((item) => item.name === wish.column)?.hierarchy ?? null;
      const tree = hierarchy === null ? undefined : withHierarchy(coded, hierarchy, false);
      if (tree === undefined) problems.push(problem('masking.value_unfit', { column: wish.column }));
      else models.push({ sensitive: index, model: { closeness: { kind: 'hierarchical', t: wish.closeness.t, hierarchy: tree } } });
    }
  }
  if (problems.length > 0) return err(problems);
  const units = request.units === null ? null : encodeColumn('', request.units);
  const records = makeRecords(attributes, sensitive, units, request.rows);
  if (request.presence === undefined) return ok({ records, models: { k: request.k, sensitive: models } });
  const { least, most } = request.presence;
  const presence = presenceOf(records, attributes, { least, most });
  if (presence === undefined) return err([problem('masking.population', {})]);
  return ok({ records, models: { k: request.k, sensitive: models, presence } });
}

/** `more`: values beyond those of the table, which have codes, too. */
function attributeOf(
  { name, values, family, bounds, hierarchy, semantic }: QuasiIdentifier,
  more: Values,
): (Attribute & { readonly moreCodes: Int32Array }) | undefined {
  const all = encodeColumn(name, more.length === 0 ? values : [...values, ...more]);
  const [codes, moreCodes] = [all.codes.subarray(0, values.length), all.codes.subarray(values.length)];
  const coded = { ...all, codes };
  const numeric = family === 'integer' || family === 'float' || family === 'decimal';
  if (numeric && coded.values.some((value) => value !== null && (value.trim() === '' || !Number.isFinite(Number(value))))) return undefined;
  const levels = hierarchy ?? defaultHierarchy(family, coded.values, bounds, semantic);
  const attribute = levels === undefined ? undefined : withHierarchy(coded, levels, numeric);
  return attribute === undefined ? undefined : { ...attribute, moreCodes };
}

interface Made {
  readonly classes: Classes;
  readonly failing: Uint8Array;
  readonly labels: ClassLabels;
  readonly levels: readonly number[] | null;
  readonly optimal: boolean;
}

function byLattice(records: Records, models: PrivacyModels, share: number): Made | undefined {
  const loss = lossTable(records);
  const limit = suppressionLimit(records, share);
  const found = (isSmall(records) ? searchLattice : climbLattice)(records, loss, models, limit);
  if (found === undefined) return undefined;
  const { classes, failing } = checkNode(records, found.levels, models, limit);
  return { classes, failing, labels: levelLabels(records, classes, found.levels), levels: found.levels, optimal: found.optimal };
}

/** Parts that are shown alike are one class to whoever reads the file; models that hold for each hold for them together. */
function byMondrian(records: Records, models: PrivacyModels): Made | undefined {
  const parts = partition(records, models);
  if (parts === undefined) return undefined;
  const labels = rangeLabels(records, parts);
  const shown = Array.from({ length: parts.count }, (_, id) => labels.map((label) => label[id] ?? '').join('\u0000'));
  const distinct = [...new Set(shown)];
  const number = new Map(distinct.map((text, id) => [text, id]));
  const first = new Map(shown.map((text, id) => [text, id] as const).reverse());
  const ids = parts.classOf.map((id) => number.get(shown[id] ?? '') ?? 0);
  const classes = sizesOf(records, { ids, count: distinct.length });
  const merged = labels.map((label) => distinct.map((text) => label[first.get(text) ?? 0] ?? ''));
  return { classes, failing: new Uint8Array(classes.count), labels: merged, levels: null, optimal: false };
}
