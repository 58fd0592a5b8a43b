import type { Layout } from '../spec/layout.ts';
import type { HistogramCell, HistogramRequest } from './aggregates.ts';
import { BINS, binOf, LABEL, LABEL_ONE } from './encode-sql.ts';
import { type Ask, double, forgetTable, keepTable } from './kept-table.ts';
import { leafSql } from './leaf-sql.ts';
import { leafCount, type SplitTree } from './split-tree.ts';

/** Rows that carry a boosted score: made anew with every tree, since rows that are kept do not change. */
export class BoostedRows {
  readonly #ask: Ask;
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
    const g = `CAST((y - p) * ${this.#unit} AS INTEGER) AS g`;
    const c = isLogistic ? `CAST(p * (1 - p) * ${this.#unit} AS INTEGER) AS c` : `CAST(${this.#unit} AS INTEGER) AS c`;
    const scored = `SELECT ${BINS}, ${y}, ${score} AS f FROM "${this.#table}"`;
    const select = `SELECT ${BINS}, y, f, ${g}, ${c} FROM (SELECT *, ${p} AS p FROM (${scored}))`;
    const before = this.#isOwn ? this.#table : null;
    this.#table = await keepTable(this.#ask, select);
    if (before !== null && before !== this.#table) await forgetTable(this.#ask, before);
    this.#isOwn = true;
  }

  /** A leaf that takes more than one comparison to tell is told once for each row, not once for each feature. */
  async histograms({ tree }: HistogramRequest): Promise<readonly HistogramCell[]> {
    const leaves = leafCount(tree);
    const told = leaves < 3 ? null : await keepTable(this.#ask, `SELECT ${BINS}, g, c, ${leafSql(tree)} AS l FROM "${this.#table}"`);
    const leaf = leaves === 1 ? '' : `${told === null ? leafSql(tree) : 'l'} AS leaf, `;
    const sums = `${double('count(*)')}, ${double('sum(g)')}, ${double('sum(c)')}`;
    const parts = this.#layout.features.map(
      (_, at) =>
        `SELECT ${at} AS f, ${leaf === '' ? '0, ' : leaf}${binOf(at)} AS b, ${sums} FROM "${told ?? this.#table}" GROUP BY ${leaf === '' ? '' : 'leaf, '}b`,
    );
    const got = await this.#ask(parts.join(' UNION ALL '));
    if (told !== null) await forgetTable(this.#ask, told);
    return got.map(([feature, at, bin, units, g, c]) => ({
      feature: Number(feature),
      leaf: Number(at),
      bin: Number(bin),
      units: Number(units),
      sums: [Number(g) / this.#unit, Number(c) / this.#unit],
    }));
  }
}
