import { type Condition, leafCount } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';

/** WHERE in two: what chooses among labels, and what chooses among the rows of a cell. */
export interface SplitWhere {
  /** Conjuncts that are the same for all rows of a cell: they say which cells there are, and no unit moves by them. */
  readonly labels: readonly Condition[];
  /** The other conjuncts: the operands. */
  readonly rest: Condition | null;
}

const COLUMN = /\bt\d+\."(?:[^"]|"")+"/g;

/**
 * Splits WHERE. A conjunct chooses among labels if every column in it is a grouping key by itself: in each cell it is
 * the same for everybody, whoever is in the data, so that it is neither moved nor dropped. Whatever is not certainly
 * one is an operand. Source: gate.md §6 (never operands).
 */
export function splitWhere(program: Pick<GateProgram, 'where' | 'keys' | 'told'>): SplitWhere {
  const { where } = program;
  if (where === null) return { labels: [], rest: null };
  const keys = new Set(program.keys.map((key) => key.sql));
  const conjuncts = where.kind === 'and' ? where.items : [where];
  const labels = conjuncts.filter((item) => program.told?.has(item.id) === true || isOfLabels(item, keys));
  if (labels.length === 0) return { labels, rest: where };
  const others = conjuncts.filter((item) => !labels.includes(item));
  const [only] = others;
  if (only === undefined) return { labels, rest: null };
  if (others.length === 1) return { labels, rest: only };
  return { labels, rest: { kind: 'and', id: where.id, text: `(${others.map((item) => item.text).join(' AND ')})`, items: others } };
}

/** No condition of a statement has this number. */
const JOINED = -1;

/** The program with the operands of WHERE under one node, so that they can be dropped without the labels' conditions. */
export function withLabelsApart(program: GateProgram): GateProgram {
  const { labels, rest } = splitWhere(program);
  if (labels.length === 0 || rest === null || program.where?.kind !== 'and' || program.where.id === JOINED) return program;
  return { ...program, where: { kind: 'and', id: JOINED, text: program.where.text, items: [...labels, rest] } };
}

function isOfLabels(condition: Condition, keys: ReadonlySet<string>): boolean {
  if (condition.kind !== 'leaf') return leafCount(condition) > 0 && condition.items.every((item) => isOfLabels(item, keys));
  const [text, ...more] = condition.sql;
  if (typeof text !== 'string' || more.length > 0) return false;
  if (isOfWholePeriods(text, keys)) return true;
  const bare = text.replace(/'(?:[^']|'')*'/g, "''");
  const columns = bare.match(COLUMN) ?? [];
  const isPlain = !bare.replace(COLUMN, '').includes('"') && !/\bselect\b/i.test(bare);
  return columns.length > 0 && isPlain && columns.every((column) => keys.has(column));
}

const SINCE = /^(t\d+\."(?:[^"]|"")+") (?:<|>=) (?:DATE '\d{4}-(\d\d)-(\d\d)'|TIMESTAMP '\d{4}-(\d\d)-(\d\d) 00:00:00')$/;

/** A day compared where the rows are grouped by years or months: where one begins on it, it is the same in all of each. */
function isOfWholePeriods(text: string, keys: ReadonlySet<string>): boolean {
  const [, column = '', ...digits] = SINCE.exec(text) ?? [];
  const [month, day] = digits.filter((item) => item !== undefined);
  if (day !== '01') return false;
  const years = [`year(${column})`, `date_part('year', ${column})`, `date_trunc('year', ${column})`];
  return keys.has(`date_trunc('month', ${column})`) || (month === '01' && years.some((key) => keys.has(key)));
}
