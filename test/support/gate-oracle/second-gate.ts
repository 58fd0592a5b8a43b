import { type Alike, alikeIn, toldSql } from './alike.ts';
import { type Contribution, type Contributions, contributionsOf, label, NOTHING, universeOf } from './contributions.ts';
import { contains, type Dropped, inOrder, type Operand, print, WHOLE } from './operand.ts';
import { canChange, placeOf } from './places.ts';
import type { RawTables } from './raw-tables.ts';
import { type Check, checksOf, isContributing } from './rules.ts';
import { deepOperands, type Monomial, type Output, readShownQuery, rowsSql, type ShownQuery } from './shown-query.ts';
import { type UnitInstance, unitInstances } from './unit-instances.ts';

/** One comparison with what it was about, in the order in which they were made. */
export interface Decision extends Check {
  readonly about: string;
}

export interface OracleCell {
  readonly dropped: Dropped;
  readonly droppedTexts: readonly string[];
  readonly isEmpty: boolean;
  /** Units with a row, of the instance that has fewest. */
  readonly units: number;
  /** Figures by output, as text; released or not. */
  readonly figures: readonly (string | null)[];
  /** An operand moves numbers of it by fewer than k units and other figures by k: the gate asks these numbers again alone. Source: ADR 0035. */
  readonly hasNumbersApart: boolean;
  /** By output: may it be released. */
  readonly passes: readonly boolean[];
  readonly decisions: readonly Decision[];
  /** What every unit of the first instance gives to each monomial. */
  readonly given: ReadonlyMap<string, readonly Contribution[]>;
  /** Monomials that are told with the figure of another. */
  readonly alike: ReadonlyMap<number, number>;
}

export interface OracleGate {
  readonly query: ShownQuery;
  /** By cell name: the labels as a JSON list. */
  readonly cells: ReadonlyMap<string, OracleCell>;
}

interface Drop {
  readonly operand: Operand;
  /** `few`: satisfied by nobody, because both sides together are under 2k − 1 units. */
  readonly how: 'neutral' | 'never' | 'few';
}

/** Monomials whose moves are counted together; `decides`: too few units here are enough to drop. */
interface Part {
  readonly monomials: readonly number[];
  readonly decides: boolean;
}

/** A second gate over one canonical text: exact SQL on the raw tables, no buckets, no code of the first one. Source: gate.md §6, gate-examples.md D3–D5, D8, D14, D20. */
export class SecondGate {
  readonly #raw: RawTables;
  readonly #query: ShownQuery;
  readonly #units: readonly UnitInstance[];
  readonly #k: number;
  readonly #known = new Map<string, Promise<readonly Contributions[]>>();
  readonly #ids = new Map<Operand, number>();
  readonly #alike = new Map<Dropped, Promise<Alike>>();

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
    return {
      query: this.#query,
      cells: disclosed(
        this.#query,
        cells,
        this.#k,
        this.#units.every((unit) => unit.oneRow),
      ),
    };
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
    const sides = (roots: readonly Operand[]): readonly Drop[] =>
      (['few', 'never', 'neutral'] as const).flatMap((how) => roots.map((operand): Drop => ({ operand, how })));
    const deep = deepOperands(this.#query);
    const adding = deep.filter((operand) => placeOf(this.#query, operand) === 'adding');
    const nested = deep.filter((operand) => placeOf(this.#query, operand) === 'other');
    const inner = (roots: readonly Operand[], but: readonly Operand[]): readonly Drop[] =>
      inOrder(roots)
        .filter((operand) => !but.includes(operand))
        .map(neutral);
    return [
      ...inner(pieces, pieces),
      ...sides(pieces),
      ...inner(deep, [...adding, ...nested]),
      ...sides(adding),
      ...nested.map((operand): Drop => ({ operand, how: 'never' })),
      ...nested.map(neutral),
      ...(where === null ? [] : inner([where], [])),
    ];
  }

  async #cell(name: string): Promise<OracleCell> {
    let dropped = WHOLE;
    const texts: string[] = [];
    const decisions: Decision[] = [];
    const withheld = new Set<number>();
    for (const drop of this.#drops()) {
      if (!this.#stands(drop.operand, dropped)) continue;
      const parts = this.#parts(drop, dropped);
      if (parts.length === 0) continue;
      const then = withDrop(dropped, drop);
      const needed = drop.how === 'few' ? 2 * this.#k - 1 : this.#k;
      const units: number[] = [];
      for (const part of parts) units.push(await this.#moves(name, drop, part, dropped, then));
      for (const [at, count] of units.entries())
        decisions.push({ about: `${drop.how} ${at} ${drop.operand.text}`, rule: 'moves', passes: count >= needed, units: count });
      const isDropped = units.every((count) => count < needed) || units.some((count, at) => count < needed && parts[at]?.decides === true);
      const lost = isDropped ? this.#lost(drop) : parts.flatMap((part, at) => ((units[at] ?? 0) < needed ? part.monomials : []));
      for (const index of lost) withheld.add(index);
      if (!isDropped) continue;
      dropped = then;
      texts.push(drop.how === 'neutral' ? drop.operand.text : `${drop.operand.text} (nobody)`);
    }
    return this.#judge(name, dropped, texts, decisions, withheld);
  }

  /** Of a piece of too few units on both sides nothing is told. */
  #lost(drop: Drop): readonly number[] {
    const { monomials, pieces } = this.#query;
    if (drop.how !== 'few') return [];
    return monomials.flatMap((monomial, index) => (monomial.piece !== null && pieces[monomial.piece] === drop.operand ? [index] : []));
  }

  /** What a drop may change. Source: docs/adr/0015. */
  #parts({ operand }: Drop, now: Dropped): readonly Part[] {
    const { monomials, pieces, where } = this.#query;
    const pieceOf = (index: number): Operand | undefined => {
      const piece = monomials[index]?.piece ?? null;
      return piece === null ? undefined : pieces[piece];
    };
    const open = [...monomials.keys()].filter((index) => !now.never.has(pieceOf(index) ?? operand) || pieceOf(index) === undefined);
    if (deepOperands(this.#query).some((item) => contains(item, operand)))
      return open
        .filter((index) => canChange(this.#query, operand, monomials[index] ?? { kind: 'rows', piece: null }))
        .map((index) => ({ monomials: [index], decides: false }));
    const isEverywhere = where !== null && contains(where, operand);
    const affected = open.filter((index) => {
      const piece = pieceOf(index);
      return isEverywhere || (piece !== undefined && contains(piece, operand));
    });
    const isUnit = (index: number): boolean => monomials[index]?.kind === 'unit' && this.#countsUnits();
    const [rows, units] = [affected.filter((index) => !isUnit(index)), affected.filter(isUnit)];
    return [
      { monomials: rows, decides: true },
      { monomials: units, decides: false },
    ].filter((part) => part.monomials.length > 0);
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

  /** The least number of units, over instances and the monomials of a part, whose contribution changes. */
  async #moves(name: string, drop: Drop, part: Part, now: Dropped, then: Dropped): Promise<number> {
    const isDeep = deepOperands(this.#query).some((item) => contains(item, drop.operand));
    const open = withDrop(now, { ...drop, how: 'neutral' });
    const [before, after] = [await this.#contributions(drop.how === 'few' ? open : now), await this.#contributions(then)];
    const { monomials } = this.#query;
    const counts: number[] = [];
    for (const index of part.monomials) {
      const monomial = monomials[index] ?? { kind: 'rows', piece: null };
      for (const instance of this.#units.keys()) {
        const [a, b] = [before[instance]?.get(name), after[instance]?.get(name)];
        const units = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])].filter((unit) => unit !== '');
        const isGross = drop.how === 'few' && !isDeep;
        const moves = (unit: string): boolean => {
          const [own = NOTHING, other = NOTHING] = [a?.get(unit)?.[index], b?.get(unit)?.[index]];
          if (isGross) return monomial.kind === 'value' ? own.absolute !== 0n : isContributing(monomial, own);
          return this.#figure(monomial, own) !== this.#figure(monomial, other);
        };
        counts.push(units.filter(moves).length);
      }
    }
    return Math.min(...counts);
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

  async #judge(
    name: string,
    dropped: Dropped,
    droppedTexts: readonly string[],
    moves: readonly Decision[],
    withheld: ReadonlySet<number>,
  ): Promise<OracleCell> {
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
    this.#alike.set(dropped, this.#alike.get(dropped) ?? alikeIn(this.#query, this.#units, dropped, this.#k, this.#raw));
    const isTold = (index: number): boolean => results[index] === true && !withheld.has(index);
    const alike = (await this.#alike.get(dropped))?.(name, isTold) ?? new Map<number, number>();
    const passes = outputs.map((output) => {
      const standing = output.rests.filter((index) => !emptied(monomials[index] ?? { kind: 'rows', piece: null }));
      const isWithheld = [...output.rests, ...output.beside].some((index) => withheld.has(index));
      return !isWithheld && standing.length > 0 && standing.every((index) => results[index] === true);
    });
    const units = this.#units.map(
      (_, instance) => [...(contributions[instance]?.get(name)?.keys() ?? [])].filter((unit) => unit !== '').length,
    );
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
    const areNumbers = [...withheld].every((index) => monomials[index]?.kind !== 'value');
    return {
      dropped,
      droppedTexts,
      hasNumbersApart: withheld.size > 0 && withheld.size < monomials.length && areNumbers,
      isEmpty,
      units: Math.min(...units),
      figures: await this.#figures(name, dropped, alike),
      passes,
      decisions: [...moves, ...decisions],
      given: contributions[0]?.get(name) ?? new Map(),
      alike,
    };
  }

  async #figures(name: string, dropped: Dropped, alike: ReadonlyMap<number, number>): Promise<readonly (string | null)[]> {
    const { keys, outputs } = this.#query;
    const sql = (output: Output): string => toldSql(this.#query, output, alike, dropped) ?? print(output.sql, dropped);
    const items = [...keys.map((key, index) => `${key} AS key${index}`), ...outputs.map((output, index) => `${sql(output)} AS a${index}`)];
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

/**
 * A sensitive label beside which fewer than k units have another, among the rows that share all other labels, is as good
 * as everybody's. Where units have several rows, those of several labels may be the same.
 */
function disclosed(query: ShownQuery, cells: ReadonlyMap<string, OracleCell>, k: number, oneRow: boolean): ReadonlyMap<string, OracleCell> {
  const result = new Map(cells);
  for (const [position, key] of query.keys.entries()) {
    if (!/"(ill|points)"/.test(key)) continue;
    const others = (name: string): string => JSON.stringify((JSON.parse(name) as readonly unknown[]).filter((_, at) => at !== position));
    const groups = new Map<string, string[]>();
    for (const [name, cell] of cells) if (!cell.isEmpty) groups.set(others(name), [...(groups.get(others(name)) ?? []), name]);
    for (const [name, cell] of cells) {
      const counts = (groups.get(others(name)) ?? []).flatMap((other) => (other === name ? [] : [cells.get(other)?.units ?? 0]));
      const beside = oneRow ? counts.reduce((sum, count) => sum + count, 0) : Math.max(0, ...counts);
      const alone = beside < k && !cell.isEmpty;
      const decision: Decision = { about: name, rule: 'class', passes: !alone, units: beside };
      result.set(name, {
        ...cell,
        passes: alone ? cell.passes.map(() => false) : (result.get(name)?.passes ?? cell.passes),
        decisions: [...(result.get(name)?.decisions ?? []), decision],
      });
    }
  }
  return result;
}
