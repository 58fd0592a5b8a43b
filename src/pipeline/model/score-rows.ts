import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { chooseSplits, type RowClass, type SlotForm, type Split, standIn } from '../../sandbox/models/score/choose-splits.ts';
import {
  boundsSql,
  classesSql,
  encodedSql,
  influenceSql,
  levelsSql,
  meanSql,
  partedSql,
  type ScoredSource,
  sidesSql,
  sizesSql,
  withScoresSql,
} from '../../sandbox/models/score/class-sql.ts';
import type { Scorer } from '../../sandbox/models/score/scorer.ts';
import { roundToBits } from '../../sandbox/models/significant-bits.ts';
import { type Ask, forgetTable, keepTable } from '../../sandbox/models/train/kept-table.ts';
import { NOTHING_DROPPED } from '../../sandbox/sql/model/condition.ts';
import { fromSql, where, whereSql } from '../../sandbox/sql/statements/relation.ts';
import type { RunStatement } from '../enclave-fault.ts';
import { averagedSql } from './cohort.ts';
import type { ScoredQuery } from './scored-query.ts';

const MOST_CLASSES = 2_048;
const MOST_ROUNDS = 24;
const MOST_LEVELS = 200;
/** Elementary steps of the model for all classes together. */
const MOST_STEPS = 4_000_000_000;
const POINTS = 17;
const SCORE_BITS = 16;
/** No unit may have more of the rows of a class, whatever looser rule the policy has. */
const LARGEST_SHARE = 0.5;
/** Bounds, and middles that stand for a mean, are told in this part of the spread. */
const COARSE = 32;

/** A model gave something else than a number for a class. */
export class ScoreRefused extends Error {}

/**
 * Gives every row of the table the score of its class, in the worker's memory, and a runner that reads the table with it. Rows are parted into
 * classes of at least k units; the model is asked about means and middle levels of classes only, in this process, and what goes back into the
 * worker is one number for each class. No row leaves the worker, and no model can tell fewer than k units apart. Throws ScoreRefused, and what
 * the worker throws. Source: ADR 0030; issue "Models" (scores stay in the enclave).
 */
export async function scoreRows(
  query: Pick<ScoredQuery, 'program' | 'places' | 'table' | 'column'>,
  scorer: Scorer,
  { policy, pause }: { readonly policy: DisclosurePolicy; readonly pause: () => Promise<void> },
  run: RunStatement,
): Promise<RunStatement> {
  const ask: Ask = async (sql) => {
    await pause();
    return (await run(sql)).rows;
  };
  const source = sourceOf(query);
  const { k } = policy;
  const [sizes = []] = await ask(sizesSql(source, policy.dominance.units));
  const forms: SlotForm[] = [];
  for (const [slot, { isKey }] of query.places.entries()) {
    if (isKey) {
      const levels = (await ask(levelsSql(source, slot, k, MOST_LEVELS))).map(([level]) => String(level)).sort();
      forms.push({ kind: 'levels', levels, isText: scorer.slots[slot]?.isText === true });
    } else {
      forms.push(await numberForm(ask, source, slot, policy));
    }
  }
  const parted = await partRows(await keepTable(ask, encodedSql(source, forms)), source, forms, scorer, { policy, ask });
  const told = isShared(sizes, policy) ? await withoutFew(ask, parted, source.units.length, forms, k) : [];
  const scores = await scoresOf(told, forms, scorer, k);
  const table = quoteName(query.table);
  const scored = await keepTable(ask, withScoresSql(table, quoteName(query.column), parted.table, scores));
  await forgetTable(ask, parted.table);
  return (sql) => run(readingInstead(sql, table, `"${scored}"`));
}

/** Whether at least k units share rows such that none of them, nor the few that the policy names, has most of them. */
function isShared([units, largest, few]: readonly unknown[], { k, dominance }: DisclosurePolicy): boolean {
  const isFew = (share: unknown, limit: number): boolean => !(Number(share ?? 1) < limit);
  return Number(units ?? 0) >= k && !isFew(largest, LARGEST_SHARE + 1e-9) && !isFew(few, dominance.share);
}

/** A number nobody can be told by: bounds that k units stand on or beyond, in coarse steps; nothing at all where too few units have a value. */
async function numberForm(ask: Ask, source: ScoredSource, slot: number, policy: DisclosurePolicy): Promise<SlotForm> {
  const [found = []] = await ask(boundsSql(source, slot, policy.k, policy.dominance.units));
  const [units = 0, least = 0, most = 0] = [found[0], found[3], found[4]].map((value) => Number(value ?? 0));
  if (units < 3 * policy.k || least > most) return { kind: 'number', low: 0, high: 0, missing: 0 };
  const step = 2 ** Math.floor(Math.log2((most - least) / COARSE));
  const [low, high] = most === least ? [least, most] : [Math.ceil(least / step) * step, Math.floor(most / step) * step];
  const middle = (low + high) / 2;
  if (!isShared(found, policy)) return { kind: 'number', low, high, missing: middle };
  const [mean = middle] = await numbersOf(ask, meanSql(source, slot, low, high));
  return { kind: 'number', low, high, missing: low + coarse(mean - low, (high - low) / 1_000) };
}

const coarse = (value: number, step: number): number => (step > 0 ? Math.round(value / step) * step : 0);

/** The classes with a middle in the place of a mean that fewer than k units, or one of them mostly, make what it is. */
async function withoutFew(
  ask: Ask,
  { table, classes }: Parted,
  units: number,
  forms: readonly SlotForm[],
  k: number,
): Promise<readonly RowClass[]> {
  const slots = forms.flatMap((form, slot) => (form.kind === 'number' ? [slot] : []));
  if (slots.length === 0) return classes;
  const found = new Map((await ask(influenceSql(table, units, slots))).map(([id, ...figures]) => [Number(id), figures.map(Number)]));
  return classes.map((item) => {
    const figures = found.get(item.id);
    if (figures === undefined) return { ...item, units: 0 };
    const [middle, deviation] = [[...item.middle], [...item.deviation]];
    for (const [at, slot] of slots.entries()) {
      const [beside = 0, share = 1, value = 0] = figures.slice(at * 3, at * 3 + 3);
      const form = forms[slot];
      if ((beside >= k && share < LARGEST_SHARE) || deviation[slot] === 0 || form?.kind !== 'number') continue;
      middle[slot] = form.low + coarse(value - form.low, (form.high - form.low) / COARSE);
      deviation[slot] = 0;
    }
    return { ...item, middle, deviation };
  });
}

function sourceOf({ program, places }: Pick<ScoredQuery, 'program' | 'places'>): ScoredSource {
  const from = fromSql(program, null, NOTHING_DROPPED);
  const alias = /" AS (t\d+)\b/.exec(from)?.[1] ?? 't0';
  // The first output is the number of rows.
  const slots = places.map(({ isKey, at }) =>
    isKey ? (program.keys[at]?.sql ?? 'NULL') : averagedSql(program, program.outputs[at + 1]?.functional, NOTHING_DROPPED),
  );
  return {
    from: ` FROM ${from}${where([whereSql(program, NOTHING_DROPPED)])}`,
    row: `${alias}.rowid`,
    units: program.units.map(({ number }) => number),
    slots,
  };
}

async function numbersOf(ask: Ask, sql: string): Promise<readonly number[]> {
  const [row = []] = await ask(sql);
  return row.map((value) => Number(value ?? 0));
}

interface Parted {
  readonly table: string;
  readonly classes: readonly RowClass[];
}

async function partRows(
  start: string,
  { units }: ScoredSource,
  forms: readonly SlotForm[],
  scorer: Scorer,
  { policy, ask }: { readonly policy: DisclosurePolicy; readonly ask: Ask },
): Promise<Parted> {
  const most = Math.max(16, Math.min(MOST_CLASSES, Math.floor(MOST_STEPS / (2 * POINTS * forms.length * Math.max(1, scorer.stepsPerRow)))));
  const blocked = new Set<string>();
  let [table, next] = [start, 1];
  let classes = await classesOf(ask, table, units.length, forms);
  for (let round = 0; round < MOST_ROUNDS && classes.length < most; round += 1) {
    const wanted = (await chooseSplits(classes, forms, scorer, { k: policy.k, blocked })).slice(0, most - classes.length);
    if (wanted.length === 0) break;
    const sides = await ask(sidesSql(table, units.length, wanted, policy.dominance.units));
    const enough = wanted.filter((split) => hasBothSides(split, sides, policy));
    for (const { id, slot } of wanted.filter((split) => !enough.includes(split))) blocked.add(`${id}:${slot}`);
    if (enough.length === 0) continue;
    const parted = await keepTable(ask, partedSql(table, units.length, forms.length, enough, next));
    await forgetTable(ask, table);
    [table, next] = [parted, next + enough.length];
    classes = await classesOf(ask, table, units.length, forms);
  }
  return { table, classes };
}

function hasBothSides({ id }: Split, sides: readonly (readonly unknown[])[], policy: DisclosurePolicy): boolean {
  const own = sides.filter(([of]) => Number(of) === id);
  return own.length === 2 && own.every(([, , ...shares]) => isShared(shares, policy));
}

async function classesOf(ask: Ask, table: string, units: number, forms: readonly SlotForm[]): Promise<readonly RowClass[]> {
  const rows = await ask(classesSql(table, units, forms));
  return rows.map(([id, least, ...figures]) => {
    const figure = (slot: number, at: number): number => Number(figures[slot * 3 + at] ?? 0);
    const mean = forms.map((_, slot) => figure(slot, 0));
    return {
      id: Number(id),
      units: Number(least),
      mean,
      deviation: forms.map((_, slot) => figure(slot, 1)),
      middle: forms.map((form, slot) => (form.kind === 'levels' ? figure(slot, 2) : (mean[slot] ?? 0))),
    };
  });
}

async function scoresOf(
  classes: readonly RowClass[],
  forms: readonly SlotForm[],
  scorer: Scorer,
  k: number,
): Promise<readonly { readonly id: number; readonly score: number }[]> {
  const kept = classes.filter(({ units }) => units >= k);
  const scores = await scorer.score(kept.map((item) => standIn(item, forms)));
  return kept.map(({ id }, at) => {
    const score = scores[at] ?? Number.NaN;
    if (!Number.isFinite(score)) throw new ScoreRefused();
    return { id, score: roundToBits(score, SCORE_BITS) };
  });
}

const TEXT = /('(?:[^']|'')*')/;

/** A printed statement that reads the table with scores wherever it read the sealed one. What is not of these forms fails in the worker, for want of the column. */
function readingInstead(sql: string, table: string, scored: string): string {
  const parts = sql.split(TEXT);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      let [text, last] = ['', 0];
      for (let at = part.indexOf(table); at !== -1; at = part.indexOf(table, at + table.length)) {
        const isTable =
          /(^|FROM |JOIN |\()$/.test(part.slice(0, at)) && /^( AS t\d+\b| LIMIT 0| WHERE |$)/.test(part.slice(at + table.length));
        if (!isTable) continue;
        text += part.slice(last, at) + scored;
        last = at + table.length;
      }
      return text + part.slice(last);
    })
    .join('');
}
