import { createHash } from 'node:crypto';
import type { Layout } from '../spec/layout.ts';
import type { Aggregates, HistogramCell, HistogramRequest, Mean, NewtonSums } from './aggregates.ts';
import { DRAW_LIMIT } from './draws.ts';
import { BIN, DESIGN, KEY, LABEL, mixedKeySql, TRAIN } from './encode-sql.ts';
import { meanSql, residualSql, roundingBits, weightSql } from './link-sql.ts';
import type { SplitTree } from './split-tree.ts';

/** Asks the worker; rows of numbers, counts and sums cast to DOUBLE. Throws where the worker fails. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** A table of the worker's memory, made of a SELECT, under the one kind of name that it keeps. Source: ADR 0020. */
export async function keepTable(ask: Ask, select: string): Promise<string> {
  const name = `__m${createHash('sha256').update(select).digest('hex').slice(0, 16)}`;
  await ask(`CREATE TEMP TABLE IF NOT EXISTS "${name}" AS ${select}`);
  return name;
}

/** Lets go of it. */
export async function forgetTable(ask: Ask, name: string): Promise<void> {
  await ask(`DROP TABLE IF EXISTS temp.main."${name}"`);
}

const double = (sql: string): string => `CAST(${sql} AS DOUBLE)`;

/** Numbers of the first row. */
async function numbersOf(ask: Ask, sql: string): Promise<readonly number[]> {
  const [row = []] = await ask(sql);
  return row.map((value) => Number(value ?? 0));
}

/** Leaf of a row by its bins, or what is said of its leaf. Constants of one small type, so that the engine groups by position. */
function leafSql(tree: SplitTree, say: (leaf: number) => string = (leaf) => `${leaf}::UTINYINT`): string {
  if (!('split' in tree)) return say(tree.leaf);
  const { feature, bin, isLevel } = tree.split;
  return `CASE WHEN ${BIN(feature)} ${isLevel ? '=' : '<='} ${bin} THEN ${leafSql(tree.left, say)} ELSE ${leafSql(tree.right, say)} END`;
}

/**
 * The sums of a cohort whose encoded rows stand in a table of the worker. No row leaves the worker. Products are of whole numbers small enough
 * that every sum is exact below 2⁵³, so that two threads give the same bytes as one.
 * Source: models-and-audit.md §1.7 (numerics); issue "Models".
 */
export async function sqlAggregates(ask: Ask, table: string, layout: Layout): Promise<Aggregates> {
  const { label, features, design } = layout;
  const own = [KEY, LABEL, ...features.map((_, at) => BIN(at)), ...design.map((_, at) => DESIGN(at))];
  const trained = await keepTable(ask, `SELECT ${own.join(', ')} FROM "${table}" WHERE ${TRAIN} = 1`);
  const rows = `"${trained}"`;
  const classes = label.kind === 'classes' ? label.classes.length : 0;
  const isClass = (index: number): string => `(${LABEL} = ${index})::INTEGER`;
  const counted = await numbersOf(
    ask,
    `SELECT ${double('count(*)')}${Array.from({ length: classes }, (_, c) => `, ${double(`sum(${isClass(c)})`)}`).join('')} FROM ${rows}`,
  );
  const [units = 0, ...classUnits] = counted;
  const support = design.length === 0 ? [] : await supportOf(ask, design.length, rows);
  const bits = roundingBits(units);
  const one = (column: number): number => design[column]?.one ?? 1;
  const value = (column: number | null): string => (column === null ? '1' : DESIGN(column));
  const size = (column: number | null): number => (column === null ? 1 : one(column));
  const linear = (columns: readonly number[], coefficients: Float64Array): string =>
    [
      String(coefficients[0] ?? 0),
      ...columns.map((column, at) => `${DESIGN(column)}::DOUBLE * ${(coefficients[at + 1] ?? 0) / one(column)}`),
    ].join(' + ');
  /** Σ|x|², of no use but for what is told of distances. */
  let squares: Promise<readonly number[]> | undefined;
  const boosted = new BoostedRows(ask, trained, layout, bits);

  return {
    units,
    support,
    classUnits,

    async binUnits() {
      const groups = classes === 0 ? [0] : Array.from({ length: classes }, (_, c) => c);
      const out = groups.map(() => features.map((feature) => new Array<number>(feature.bins).fill(0)));
      const parts = features.map(
        (_, at) => `SELECT ${at}, ${classes === 0 ? '0.0' : LABEL} AS c, ${BIN(at)} AS b, ${double('count(*)')} FROM ${rows} GROUP BY c, b`,
      );
      for (const [feature, group, bin, count] of await ask(parts.join(' UNION ALL '))) {
        const row = out[Number(group)]?.[Number(feature)];
        if (row !== undefined) row[Number(bin)] = Number(count);
      }
      return out;
    },

    async crossProducts(columns) {
      const design: readonly (number | null)[] = [null, ...columns];
      const width = design.length;
      const targets = classes === 0 ? [LABEL] : Array.from({ length: classes }, (_, c) => isClass(c));
      const asked: string[] = [];
      for (const [i, a] of design.entries()) for (const b of design.slice(i)) asked.push(double(`sum(${value(a)} * ${value(b)})`));
      for (const target of targets) for (const a of design) asked.push(double(`sum(${value(a)} * ${target})`));
      asked.push(double(`sum(${LABEL} * ${LABEL})`));
      const whole = [...columns.map(DESIGN), LABEL].map((name) => `${name}::INTEGER AS ${name}`);
      const got = await numbersOf(ask, `SELECT ${asked.join(', ')} FROM (SELECT ${whole.join(', ')} FROM ${rows})`);
      const xx = new Float64Array(width * width);
      let at = 0;
      for (const [i, a] of design.entries())
        for (const [k, b] of design.slice(i).entries()) {
          const sum = (got[at++] ?? 0) / (size(a) * size(b));
          xx[i * width + i + k] = sum;
          xx[(i + k) * width + i] = sum;
        }
      const steps = classes === 0 && label.kind === 'number' ? LABEL_ONE : 1;
      const xy = targets.map(() => Float64Array.from(design, (a) => (got[at++] ?? 0) / (size(a) * steps)));
      return { xx, xy, yy: (got[at] ?? 0) / (steps * steps) };
    },

    newton: (columns, coefficients, mean) => newtonSums(ask, { columns, rows, linear: linear(columns, coefficients), mean, bits, one }),

    async softmaxGradient(columns, coefficients) {
      const design: readonly (number | null)[] = [null, ...columns];
      const scores = coefficients.map((each, c) => `least(greatest(${linear(columns, each)}, -40), 40) AS e${c}`);
      const exps = coefficients.map((_, c) => `exp(e${c}) AS p${c}`);
      const residuals = coefficients.map(
        (_, c) => `round((p${c} / (${coefficients.map((__, other) => `p${other}`).join(' + ')}) - ${isClass(c)}) * ${2 ** bits}) AS r${c}`,
      );
      const sums = coefficients.flatMap((_, c) => design.map((a) => double(`sum(r${c} * ${value(a)})`)));
      const names = columns.map(DESIGN).concat(LABEL).join(', ');
      const sql = `SELECT ${sums.join(', ')} FROM (SELECT ${names}, ${residuals.join(', ')} FROM (SELECT ${names}, ${exps.join(', ')} FROM (SELECT ${names}, ${scores.join(', ')} FROM ${rows})))`;
      const got = await numbersOf(ask, sql);
      let at = 0;
      return coefficients.map(() => Float64Array.from(design, (a) => (got[at++] ?? 0) / (size(a) * 2 ** bits)));
    },

    async assign(centres) {
      const names = design.map((_, column) => `f${column}`);
      const steps = design.map((_, column) => `${DESIGN(column)}::DOUBLE * ${LABEL_ONE / one(column)} AS f${column}`);
      const distances = centres.map((centre, c) => {
        // Centres as whole steps: distances are whole numbers, and ties fall to the first. |x|² is the same for every centre.
        const at = names.map((_, column) => Math.round((centre[column] ?? 0) * LABEL_ONE));
        const terms = names.map((name, column) => `${name} * ${-2 * (at[column] ?? 0)}::DOUBLE`);
        return `${[`${at.reduce((sum, value) => sum + value ** 2, 0)}::DOUBLE`, ...terms].join(' + ')} AS d${c}`;
      });
      const least = centres.length === 1 ? 'd0' : `least(${centres.map((_, c) => `d${c}`).join(', ')})`;
      const nearest = `CASE ${centres.map((_, c) => `WHEN d${c} = m THEN ${c}::UTINYINT`).join(' ')} END`;
      const told = `SELECT ${names.join(', ')}, ${distances.join(', ')} FROM (SELECT ${steps.join(', ')} FROM ${rows})`;
      const sums = names.map((name) => double(`sum(${name})`)).join(', ');
      const got = await ask(
        `SELECT ${nearest} AS c, ${double('count(*)')}, ${double('sum(round(m / 65536))')}, ${sums} FROM (SELECT *, ${least} AS m FROM (${told})) GROUP BY c`,
      );
      const units = centres.map(() => 0);
      const totals = centres.map(() => new Float64Array(names.length));
      squares ??= numbersOf(
        ask,
        `SELECT ${double(`sum(round((${names.map((name) => `${name} * ${name}`).join(' + ')}) / 65536))`)} FROM (SELECT ${steps.join(', ')} FROM ${rows})`,
      );
      const [all = 0] = await squares;
      let inertia = (all * 65_536) / LABEL_ONE ** 2;
      for (const [c, count, part, ...each] of got) {
        units[Number(c)] = Number(count);
        inertia += (Number(part) * 65_536) / LABEL_ONE ** 2;
        totals[Number(c)] = Float64Array.from(each, (sum) => Number(sum) / LABEL_ONE);
      }
      return { units, sums: totals, inertia };
    },

    histograms: (request) =>
      request.statistic === 'gradients' ? boosted.histograms(request) : histograms(ask, layout, request, rows, classes),
    startScores: (base, mean) => boosted.start(base, mean),
    addScores: (tree, leaves) => boosted.add(tree, leaves),
  };
}

/** What stands for 1 in a label and a numeric column. */
const LABEL_ONE = 32_767;

async function supportOf(ask: Ask, columns: number, rows: string): Promise<readonly number[]> {
  const parts = Array.from(
    { length: columns },
    (_, column) =>
      `SELECT ${column} AS c, ${double('sum(n) - max(n)')} FROM (SELECT count(*) AS n FROM ${rows} GROUP BY ${DESIGN(column)})`,
  );
  const out = new Array<number>(columns).fill(0);
  for (const [column, count] of await ask(parts.join(' UNION ALL '))) out[Number(column)] = Number(count ?? 0);
  return out;
}

interface NewtonQuestion {
  readonly columns: readonly number[];
  readonly rows: string;
  readonly linear: string;
  readonly mean: Mean;
  readonly bits: number;
  readonly one: (column: number) => number;
}

/** Of p(1 − p), at most a quarter: what makes weighted columns whole numbers of 15 bits. */
const WEIGHT_ONE = 131_068;

/** Weighted columns are kept as integers before they are multiplied: a residual is exact, a curvature needs no more than what leads to the same end. */
async function newtonSums(ask: Ask, { columns, rows, linear, mean, bits, one }: NewtonQuestion): Promise<NewtonSums> {
  const design: readonly (number | null)[] = [null, ...columns];
  const width = design.length;
  const value = (column: number | null): string => (column === null ? '1' : DESIGN(column));
  const size = (column: number | null): number => (column === null ? 1 : one(column));
  const residual = 2 ** bits;
  const isWhole = mean === 'logistic';
  const [type, unit] = isWhole ? ['SMALLINT', WEIGHT_ONE] : ['BIGINT', residual];
  const product = isWhole ? 'INTEGER' : 'DOUBLE';
  const names = columns.map(DESIGN);
  // A cast to whole numbers rounds.
  const weighted = design.map((a, at) => `(${a === null || size(a) === 1 ? 'w1' : 'wn'} * ${value(a)})::${type} AS w${at}`);
  const means = `SELECT ${[...names, LABEL].join(', ')}, ${meanSql(mean, linear)} AS p FROM ${rows}`;
  const weights = `SELECT ${[...names, LABEL].join(', ')}, round(${residualSql(mean)} * ${residual}) AS r, (${weightSql(mean)})::DOUBLE * ${unit} AS w1, (${weightSql(mean)})::DOUBLE * ${unit / LABEL_ONE} AS wn FROM (${means})`;
  const kept = await keepTable(ask, `SELECT ${[...names, 'r', ...weighted].join(', ')} FROM (${weights})`);
  const sums: string[] = design.map((a) => double(`sum(r * ${value(a)})`));
  for (const [i] of design.entries()) for (const b of design.slice(i)) sums.push(double(`sum(w${i} * ${value(b)})`));
  const cast = [...names, ...design.map((_, at) => `w${at}`)].map((name) => `${name}::${product} AS ${name}`);
  const got = await numbersOf(ask, `SELECT ${sums.join(', ')} FROM (SELECT ${['r', ...cast].join(', ')} FROM "${kept}")`);
  await forgetTable(ask, kept);
  const gradient = Float64Array.from(design, (a, at) => (got[at] ?? 0) / (size(a) * residual));
  const hessian = new Float64Array(width * width);
  let at = width;
  for (const [i] of design.entries())
    for (const [k, b] of design.slice(i).entries()) {
      const sum = (got[at++] ?? 0) / (unit * size(b));
      hessian[i * width + i + k] = sum;
      hessian[(i + k) * width + i] = sum;
    }
  return { gradient, hessian };
}

/** One grouping for each feature, of the units that the tree learns from. */
async function histograms(
  ask: Ask,
  layout: Layout,
  { tree, statistic, bootstrap }: HistogramRequest,
  rows: string,
  classes: number,
): Promise<readonly HistogramCell[]> {
  const isDrawn = bootstrap === undefined ? '' : ` WHERE ${mixedKeySql(bootstrap)} > ${DRAW_LIMIT}`;
  const sums = statistic === 'classes' ? Array.from({ length: classes }, (_, c) => `sum((${LABEL} = ${c})::INTEGER)`) : [`sum(${LABEL})`];
  const names = layout.features.map((_, at) => BIN(at)).join(', ');
  const source = await keepTable(ask, `SELECT ${names}, ${LABEL}, ${leafSql(tree)} AS l FROM ${rows}${isDrawn}`);
  const parts = layout.features.map(
    (_, at) =>
      `SELECT ${at} AS f, l, ${BIN(at)} AS b, ${double('count(*)')}, ${sums.map(double).join(', ')} FROM "${source}" GROUP BY l, b`,
  );
  const got = await ask(parts.join(' UNION ALL '));
  await forgetTable(ask, source);
  return got.map(([feature, leaf, bin, units, ...each]) => ({
    feature: Number(feature),
    leaf: Number(leaf),
    bin: Number(bin),
    units: Number(units),
    sums: each.map((sum) => Number(sum) / (statistic === 'label' ? LABEL_ONE : 1)),
  }));
}

/** Rows that carry a boosted score: made anew with every tree, since rows that are kept do not change. */
class BoostedRows {
  readonly #ask: Ask;
  readonly #names: string;
  readonly #layout: Layout;
  readonly #unit: number;
  #table: string;
  #isOwn = false;
  #mean: 'logistic' | 'identity' = 'identity';

  constructor(ask: Ask, table: string, layout: Layout, bits: number) {
    this.#ask = ask;
    this.#table = table;
    this.#layout = layout;
    this.#unit = 2 ** bits;
    this.#names = layout.features.map((_, at) => BIN(at)).join(', ');
  }

  async start(base: number, mean: 'logistic' | 'identity'): Promise<void> {
    this.#mean = mean;
    await this.#make(`${base}::DOUBLE`);
  }

  async add(tree: SplitTree, leaves: readonly number[]): Promise<void> {
    await this.#make(`f + ${leafSql(tree, (leaf) => `${leaves[leaf] ?? 0}::DOUBLE`)}`);
  }

  /** Gradient and curvature are whole multiples of 2⁻ᵇ: their sums are exact. */
  async #make(score: string): Promise<void> {
    const label = this.#layout.label.kind === 'number' ? `${LABEL} / ${LABEL_ONE}` : LABEL;
    const y = this.#isOwn ? 'y' : `${label} AS y`;
    const isLogistic = this.#mean === 'logistic';
    const p = isLogistic ? '1 / (1 + exp(-f))' : 'f';
    const g = `CAST(round((y - p) * ${this.#unit}) AS INTEGER) AS g`;
    const c = isLogistic ? `CAST(round(p * (1 - p) * ${this.#unit}) AS INTEGER) AS c` : `CAST(${this.#unit} AS INTEGER) AS c`;
    const scored = `SELECT ${this.#names}, ${y}, ${score} AS f FROM "${this.#table}"`;
    const select = `SELECT ${this.#names}, y, f, ${g}, ${c} FROM (SELECT *, ${p} AS p FROM (${scored}))`;
    const before = this.#isOwn ? this.#table : null;
    this.#table = await keepTable(this.#ask, select);
    if (before !== null && before !== this.#table) await forgetTable(this.#ask, before);
    this.#isOwn = true;
  }

  async histograms({ tree }: HistogramRequest): Promise<readonly HistogramCell[]> {
    const leaf = leafSql(tree);
    const parts = this.#layout.features.map(
      (_, at) =>
        `SELECT ${at} AS f, ${leaf} AS l, ${BIN(at)} AS b, ${double('count(*)')}, ${double('sum(g)')}, ${double('sum(c)')} FROM "${this.#table}" GROUP BY l, b`,
    );
    const got = await this.#ask(parts.join(' UNION ALL '));
    return got.map(([feature, at, bin, units, g, c]) => ({
      feature: Number(feature),
      leaf: Number(at),
      bin: Number(bin),
      units: Number(units),
      sums: [Number(g) / this.#unit, Number(c) / this.#unit],
    }));
  }
}
