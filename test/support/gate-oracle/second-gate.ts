import { type Contribution, type Contributions, contributionsOf, label, NOTHING, universeOf } from './contributions.ts';
import { contains, type Dropped, inOrder, type Operand, print, WHOLE } from './operand.ts';
import type { RawTables } from './raw-tables.ts';
import { type Check, checksOf, isContributing } from './rules.ts';
import { deepOperands, type Monomial, readShownQuery, rowsSql, type ShownQuery } from './shown-query.ts';
import { type UnitInstance, unitInstances } from './unit-instances.ts';

/** One comparison with what it was about, in the order in which they were made. */
export interface Decision extends Check {
  readonly about: string;
}

export interface OracleCell {
  readonly dropped: Dropped;
  readonly droppedTexts: readonly string[];
  readonly isEmpty: boolean;
  /** Figures by output, as text; released or not. */
  readonly figures: readonly (string | null)[];
  /** By output: may it be released. */
  readonly passes: readonly boolean[];
  readonly decisions: readonly Decision[];
  /** What every unit of the first instance gives to each monomial. */
  readonly given: ReadonlyMap<string, readonly Contribution[]>;
}

export interface OracleGate {
  readonly query: ShownQuery;
  /** By cell name: the labels as a JSON list. */
  readonly cells: ReadonlyMap<string, OracleCell>;
}

interface Drop {
  readonly operand: Operand;
  readonly how: 'neutral' | 'never';
}

/** A second gate over one canonical text: exact SQL on the raw tables, no buckets, no code of the first one. Source: gate.md §6, gate-examples.md D3–D5, D8, D14, D20. */
export class SecondGate {
  readonly #raw: RawTables;
  readonly #query: ShownQuery;
  readonly #units: readonly UnitInstance[];
  readonly #k: number;
  readonly #known = new Map<string, Promise<readonly Contributions[]>>();
  readonly #ids = new Map<Operand, number>();

  constructor(text: string, raw: RawTables, k: number) {
    this.#raw = raw;
    this.#query = readShownQuery(text);
    this.#units = unitInstances(this.#query, raw.world);
    this.#k = k;
  }

  async answer(): Promise<OracleGate> {
    const deep = inOrder(deepOperands(this.#query));
    const universe = await universeOf(this.#query, [WHOLE, { ...WHOLE, neutral: new Set(deep) }], this.#raw);
    const cells = new Map<string, OracleCell>();
    for (const name of universe) cells.set(name, await this.#cell(name));
    return { query: this.#query, cells: disclosed(this.#query, cells) };
  }

  /** Contributions of every unit instance, each reduction computed once. */
  #contributions(dropped: Dropped): Promise<readonly Contributions[]> {
    const id = (operand: Operand): number => {
      const known = this.#ids.get(operand) ?? this.#ids.size;
      this.#ids.set(operand, known);
      return known;
    };
    const name = JSON.stringify([[...dropped.neutral].map(id).sort(), [...dropped.never].map(id).sort()]);
    const known = this.#known.get(name) ?? Promise.all(this.#units.map((unit) => contributionsOf(this.#query, unit, dropped, this.#raw)));
    this.#known.set(name, known);
    return known;
  }

  #drops(): readonly Drop[] {
    const { pieces, where } = this.#query;
    const neutral = (operand: Operand): Drop => ({ operand, how: 'neutral' });
    return [
      ...inOrder(pieces).map(neutral),
      ...pieces.map((operand): Drop => ({ operand, how: 'never' })),
      ...inOrder(deepOperands(this.#query)).map(neutral),
      ...(where === null ? [] : inOrder([where]).map(neutral)),
    ];
  }

  async #cell(name: string): Promise<OracleCell> {
    let dropped = WHOLE;
    const texts: string[] = [];
    const decisions: Decision[] = [];
    for (const drop of this.#drops()) {
      if (!this.#stands(drop.operand, dropped)) continue;
      const then = withDrop(dropped, drop);
      const units = await this.#moves(name, drop.operand, dropped, then);
      if (units === null) continue;
      decisions.push({ about: `${drop.how} ${drop.operand.text}`, rule: 'moves', passes: units >= this.#k, units });
      if (units >= this.#k) continue;
      dropped = then;
      texts.push(drop.how === 'never' ? `${drop.operand.text} (nobody)` : drop.operand.text);
    }
    return this.#judge(name, dropped, texts, decisions);
  }

  #stands(operand: Operand, dropped: Dropped): boolean {
    const gone = (node: Operand): boolean => dropped.neutral.has(node) || dropped.never.has(node);
    const path = (node: Operand): boolean => {
      if (gone(node)) return false;
      if (node === operand) return true;
      const parts = node.kind === 'leaf' ? node.sql.filter((part) => typeof part !== 'string') : node.items;
      return parts.some((part) => contains(part, operand) && path(part));
    };
    const { pieces, where } = this.#query;
    return [...pieces, ...deepOperands(this.#query), ...(where === null ? [] : [where])].some(path);
  }

  /** The least number of units, over instances and monomials that the operand bears on, whose contribution changes. */
  async #moves(name: string, operand: Operand, now: Dropped, then: Dropped): Promise<number | null> {
    const [before, after] = [await this.#contributions(now), await this.#contributions(then)];
    const { monomials, pieces, where } = this.#query;
    const isDeep = deepOperands(this.#query).some((item) => contains(item, operand));
    const everywhere = isDeep || (where !== null && contains(where, operand));
    const counts: number[] = [];
    for (const [index, monomial] of monomials.entries()) {
      const piece = monomial.piece === null ? undefined : pieces[monomial.piece];
      if (piece !== undefined && now.never.has(piece)) continue;
      if (!everywhere && !(piece !== undefined && contains(piece, operand))) continue;
      for (const instance of this.#units.keys()) {
        const [a, b] = [before[instance]?.get(name), after[instance]?.get(name)];
        const units = new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])].filter((unit) => unit !== ''));
        const changed = (of: (own: Contribution | undefined) => string | boolean): number =>
          [...units].filter((unit) => of(a?.get(unit)?.[index]) !== of(b?.get(unit)?.[index])).length;
        counts.push(changed((own) => this.#figure(monomial, own)));
      }
    }
    return counts.length === 0 ? null : Math.min(...counts);
  }

  /** Whether units that can have several rows are counted. */
  #countsUnits(): boolean {
    return this.#query.monomials.some(
      (item) => item.kind === 'unit' && this.#units.find((unit) => unit.column === item.unit)?.oneRow !== true,
    );
  }

  /** What changes where a unit moves. Of units that have one row each, another unit gives as many as it has rows. */
  #figure(monomial: Monomial, own: Contribution = NOTHING): string {
    if (monomial.kind === 'value') return String(own.sum);
    const isOnce = monomial.kind === 'unit' && this.#units.find((unit) => unit.column === monomial.unit)?.oneRow !== true;
    if (isOnce) return String(isContributing(monomial, own));
    return String(monomial.kind === 'present' ? own.present : own.rows);
  }

  async #judge(name: string, dropped: Dropped, droppedTexts: readonly string[], moves: readonly Decision[]): Promise<OracleCell> {
    const { monomials, pieces, outputs } = this.#query;
    const contributions = await this.#contributions(dropped);
    const decisions: Decision[] = [];
    const emptied = (monomial: Monomial): boolean => {
      const piece = monomial.piece === null ? undefined : pieces[monomial.piece];
      return piece !== undefined && dropped.never.has(piece);
    };
    const of = (instance: number, index: number): readonly Contribution[] =>
      [...(contributions[instance]?.get(name) ?? [])].filter(([unit]) => unit !== '').map(([, own]) => own[index] ?? NOTHING);
    const results = monomials.map((monomial, index): boolean =>
      this.#units
        .map((unit, instance) => {
          const checks = checksOf({
            monomial,
            own: of(instance, index),
            plain: unit.touching === null ? null : of(0, index),
            k: this.#k,
            unitsAreCounted: this.#countsUnits(),
            sensitive: monomial.kind === 'value' && isSensitive(monomial.sql, this.#query),
          });
          if (!emptied(monomial))
            decisions.push(...checks.map((check) => ({ ...check, about: `${JSON.stringify(monomial)} ${unit.type}` })));
          return checks.every((check) => check.passes);
        })
        .every(Boolean),
    );
    const passes = outputs.map((output) => {
      const standing = output.rests.filter((index) => !emptied(monomials[index] ?? { kind: 'rows', piece: null }));
      return standing.length > 0 && standing.every((index) => results[index] === true);
    });
    const rows = [...(contributions[0]?.get(name)?.values() ?? [])];
    const isEmpty = !monomials.some(
      (monomial, index) =>
        !emptied(monomial) &&
        rows.some(
          (own) =>
            own[index] !== undefined &&
            (own[index]?.rows ?? 0) > 0 &&
            (monomial.kind === 'rows' || monomial.kind === 'unit' || (own[index]?.present ?? 0) > 0),
        ),
    );
    return {
      dropped,
      droppedTexts,
      isEmpty,
      figures: await this.#figures(name, dropped),
      passes,
      decisions: [...moves, ...decisions],
      given: contributions[0]?.get(name) ?? new Map(),
    };
  }

  async #figures(name: string, dropped: Dropped): Promise<readonly (string | null)[]> {
    const { keys, outputs } = this.#query;
    const items = [
      ...keys.map((key, index) => `${key} AS key${index}`),
      ...outputs.map((output, index) => `${print(output.sql, dropped)} AS a${index}`),
    ];
    const grouped = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, index) => `key${index}`).join(', ')}`;
    const rows = await this.#raw.query(`SELECT ${items.join(', ')} ${rowsSql(this.#query, dropped)}${grouped}`);
    const row = rows.find((item) => JSON.stringify(item.slice(0, keys.length).map(label)) === name);
    return row === undefined ? outputs.map(() => null) : row.slice(keys.length);
  }
}

function withDrop({ neutral, never }: Dropped, drop: Drop): Dropped {
  return drop.how === 'neutral'
    ? { neutral: new Set([...neutral, drop.operand]), never }
    : { neutral, never: new Set([...never, drop.operand]) };
}

/** Whether a column, or one of those a derived column is made of, is sensitive. */
function isSensitive(sql: string, { sources }: Pick<ShownQuery, 'sources'>): boolean {
  if (/"(ill|points)"/.test(sql)) return true;
  return sources.some((source) =>
    source.branches.some((branch) =>
      branch.items.some((item) => sql.includes(`"${source.alias}"."${item.name}"`) && isSensitive(item.expression, branch)),
    ),
  );
}

/** A sensitive label that is the only one among the rows that share all other labels is everybody's. */
function disclosed(query: ShownQuery, cells: ReadonlyMap<string, OracleCell>): ReadonlyMap<string, OracleCell> {
  const result = new Map(cells);
  for (const [position, key] of query.keys.entries()) {
    if (!/"(ill|points)"/.test(key)) continue;
    const others = (name: string): string => JSON.stringify((JSON.parse(name) as readonly unknown[]).filter((_, at) => at !== position));
    const groups = new Map<string, string[]>();
    for (const [name, cell] of cells) if (!cell.isEmpty) groups.set(others(name), [...(groups.get(others(name)) ?? []), name]);
    for (const [name, cell] of cells) {
      const alone = groups.get(others(name))?.length === 1 && !cell.isEmpty;
      const decision: Decision = { about: name, rule: 'class', passes: !alone, units: null };
      result.set(name, {
        ...cell,
        passes: alone ? cell.passes.map(() => false) : (result.get(name)?.passes ?? cell.passes),
        decisions: [...(result.get(name)?.decisions ?? []), decision],
      });
    }
  }
  return result;
}
