import { quoteName } from '../../catalog/identifier.ts';
import { chooseSplits, type RowClass, type SlotForm, type Split, standIn } from '../../sandbox/models/score/choose-splits.ts';
import {
  boundsSql,
  classesSql,
  encodedSql,
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
import { type Ask, forgetTable, keepTable } from '../../sandbox/models/train/sql-aggregates.ts';
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

/** A model gave something else than a number for a class. */
export class ScoreRefused extends Error {}

/**
 * Gives every row of the table the score of its class, in the worker's memory, and a runner that reads the table with it. Rows are parted into
 * classes of at least k units; the model is asked about means and middle levels of classes only, in this process, and what goes back into the
 * worker is one number for each class. No row leaves the worker, and no model can tell fewer than k units apart. Throws ScoreRefused, and what
 * the worker throws. Source: ADR 0030; issue "Models" (scores stay in the enclave).
 */
export async function scoreRows(
  query: Pick<ScoredQuery, 'program' | 'asKey' | 'table' | 'column'>,
  scorer: Scorer,
  { k, pause }: { readonly k: number; readonly pause: () => Promise<void> },
  run: RunStatement,
): Promise<RunStatement> {
  const ask: Ask = async (sql) => {
    await pause();
    return (await run(sql)).rows;
  };
  const source = sourceOf(query);
  const [units = 0, rows = 0, most = 0] = await numbersOf(ask, sizesSql(source));
  const forms: SlotForm[] = [];
  const share = rows === 0 ? 0 : Math.min(0.25, (k * most) / rows);
  for (const [slot, isKey] of query.asKey.entries()) {
    if (isKey) {
      const levels = (await ask(levelsSql(source, slot, k, MOST_LEVELS))).map(([level]) => String(level)).sort();
      forms.push({ kind: 'levels', levels, isText: scorer.slots[slot]?.isText === true });
    } else {
      forms.push(await numberForm(ask, source, slot, share));
    }
  }
  const parted = await partRows(await keepTable(ask, encodedSql(source, forms)), source, forms, scorer, { k, ask });
  const scores = units < k ? [] : await scoresOf(parted.classes, forms, scorer, k);
  const table = quoteName(query.table);
  const scored = await keepTable(ask, withScoresSql(table, quoteName(query.column), parted.table, scores));
  await forgetTable(ask, parted.table);
  return (sql) => run(readingInstead(sql, table, `"${scored}"`));
}

async function numberForm(ask: Ask, source: ScoredSource, slot: number, share: number): Promise<SlotForm> {
  const found = (await numbersOf(ask, boundsSql(source, slot, share))).map((value) => roundToBits(value, SCORE_BITS));
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const [mean = low] = await numbersOf(ask, meanSql(source, slot, low, high));
  return { kind: 'number', low, high, missing: roundToBits(mean, SCORE_BITS) };
}

function sourceOf({ program, asKey }: Pick<ScoredQuery, 'program' | 'asKey'>): ScoredSource {
  const from = fromSql(program, null, NOTHING_DROPPED);
  const alias = /" AS (t\d+)\b/.exec(from)?.[1] ?? 't0';
  let [key, figure] = [0, 1];
  const slots = asKey.map((isKey) =>
    isKey ? (program.keys[key++]?.sql ?? 'NULL') : averagedSql(program, program.outputs[figure++]?.functional, NOTHING_DROPPED),
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
  { k, ask }: { readonly k: number; readonly ask: Ask },
): Promise<Parted> {
  const most = Math.max(16, Math.min(MOST_CLASSES, Math.floor(MOST_STEPS / (2 * POINTS * forms.length * Math.max(1, scorer.stepsPerRow)))));
  const blocked = new Set<string>();
  let [table, next] = [start, 1];
  let classes = await classesOf(ask, table, units.length, forms);
  for (let round = 0; round < MOST_ROUNDS && classes.length < most; round += 1) {
    const wanted = (await chooseSplits(classes, forms, scorer, { k, blocked })).slice(0, most - classes.length);
    if (wanted.length === 0) break;
    const sides = await ask(sidesSql(table, units.length, wanted));
    const enough = wanted.filter((split) => hasBothSides(split, sides, k));
    for (const { id, slot } of wanted.filter((split) => !enough.includes(split))) blocked.add(`${id}:${slot}`);
    if (enough.length === 0) continue;
    const parted = await keepTable(ask, partedSql(table, units.length, forms.length, enough, next));
    await forgetTable(ask, table);
    [table, next] = [parted, next + enough.length];
    classes = await classesOf(ask, table, units.length, forms);
  }
  return { table, classes };
}

function hasBothSides({ id }: Split, sides: readonly (readonly unknown[])[], k: number): boolean {
  const own = sides.filter(([of]) => Number(of) === id);
  return own.length === 2 && own.every(([, , units]) => Number(units) >= k);
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
