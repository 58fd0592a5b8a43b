import type { Layout } from '../spec/layout.ts';
import type { Aggregates, HistogramCell, HistogramRequest } from './aggregates.ts';
import { BoostedRows } from './boosted-rows.ts';
import { DRAW_LIMIT } from './draws.ts';
import { BINS, binOf, columnOf, DESIGN, LABEL, LABEL_ONE, mixedKeySql, trainingRowsSql } from './encode-sql.ts';
import { type Ask, double, forgetTable, keepTable, numbersOf } from './kept-table.ts';
import { leafSql } from './leaf-sql.ts';
import { linearSql, roundingBits } from './link-sql.ts';
import { newtonSums } from './newton-sums.ts';

/**
 * The sums of a cohort whose encoded rows stand in a table of the worker. No row leaves the worker. Products are of whole numbers small enough
 * that every sum is exact below 2⁵³, so that two threads give the same bytes as one.
 * Source: models-and-audit.md §1.7 (numerics); issue "Models".
 */
export async function sqlAggregates(ask: Ask, table: string, layout: Layout): Promise<Aggregates> {
  const { label, features, design } = layout;
  const trained = await keepTable(ask, trainingRowsSql(table, layout));
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
  const value = (column: number | null): string => (column === null ? '1' : columnOf(column));
  const size = (column: number | null): number => (column === null ? 1 : one(column));
  const linear = (columns: readonly number[], [intercept = 0, ...others]: Float64Array): string =>
    linearSql(
      intercept,
      columns.map((column, at) => ({ sql: columnOf(column), one: one(column), coefficient: others[at] ?? 0 })),
    );
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
        (_, at) =>
          `SELECT ${at}, ${classes === 0 ? '0.0' : LABEL} AS c, ${binOf(at)} AS b, ${double('count(*)')} FROM ${rows} GROUP BY c, b`,
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
      const plain = (column: number | null): string => (column === null ? '1' : DESIGN(column));
      const targets = classes === 0 ? [LABEL] : Array.from({ length: classes }, (_, c) => isClass(c));
      const asked: string[] = [];
      for (const [i, a] of design.entries()) for (const b of design.slice(i)) asked.push(double(`sum(${plain(a)} * ${plain(b)})`));
      for (const target of targets) for (const a of design) asked.push(double(`sum(${plain(a)} * ${target})`));
      asked.push(double(`sum(${LABEL} * ${LABEL})`));
      const whole = [...columns.map((column) => `${columnOf(column)}::INTEGER AS ${DESIGN(column)}`), `${LABEL}::INTEGER AS ${LABEL}`];
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

    newton: (columns, coefficients, mean) =>
      newtonSums(ask, { columns, rows, units, linear: linear(columns, coefficients), mean, bits, one }),

    async softmaxGradient(columns, coefficients) {
      const design: readonly (number | null)[] = [null, ...columns];
      const scores = coefficients.map((each, c) => `least(greatest(${linear(columns, each)}, -40), 40) AS e${c}`);
      const exps = coefficients.map((_, c) => `exp(e${c}) AS p${c}`);
      const residuals = coefficients.map(
        (_, c) => `round((p${c} / (${coefficients.map((__, other) => `p${other}`).join(' + ')}) - ${isClass(c)}) * ${2 ** bits}) AS r${c}`,
      );
      const sums = coefficients.flatMap((_, c) => design.map((a) => double(`sum(r${c} * ${value(a)})`)));
      const names = `design, ${LABEL}`;
      const sql = `SELECT ${sums.join(', ')} FROM (SELECT ${names}, ${residuals.join(', ')} FROM (SELECT ${names}, ${exps.join(', ')} FROM (SELECT ${names}, ${scores.join(', ')} FROM ${rows})))`;
      const got = await numbersOf(ask, sql);
      let at = 0;
      return coefficients.map(() => Float64Array.from(design, (a) => (got[at++] ?? 0) / (size(a) * 2 ** bits)));
    },

    async assign(centres) {
      const names = design.map((_, column) => `f${column}`);
      const steps = design.map((_, column) => `${columnOf(column)}::DOUBLE * ${LABEL_ONE / one(column)} AS f${column}`);
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

async function supportOf(ask: Ask, columns: number, rows: string): Promise<readonly number[]> {
  const parts = Array.from(
    { length: columns },
    (_, column) =>
      `SELECT ${column} AS c, ${double('sum(n) - max(n)')} FROM (SELECT count(*) AS n FROM ${rows} GROUP BY ${columnOf(column)})`,
  );
  const out = new Array<number>(columns).fill(0);
  for (const [column, count] of await ask(parts.join(' UNION ALL '))) out[Number(column)] = Number(count ?? 0);
  return out;
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
  const source = await keepTable(ask, `SELECT ${BINS}, ${LABEL}, ${leafSql(tree)} AS l FROM ${rows}${isDrawn}`);
  const parts = layout.features.map(
    (_, at) =>
      `SELECT ${at} AS f, l, ${binOf(at)} AS b, ${double('count(*)')}, ${sums.map(double).join(', ')} FROM "${source}" GROUP BY l, b`,
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
