import { cut, inside, split } from './scan.ts';

/** SQL with operands in it, which print by what was dropped. */
export type Template = readonly (string | Operand)[];

/** A node of a condition as the canonical text shows it. Every node is an object of its own, however it reads. */
export interface Operand {
  readonly kind: 'leaf' | 'and' | 'or';
  readonly text: string;
  readonly items: readonly Operand[];
  /** Of a leaf: its SQL; a semi-join holds conditions of its own. */
  readonly sql: Template;
}

/** What was dropped: as neutral, or as satisfied by nobody. */
export interface Dropped {
  readonly neutral: ReadonlySet<Operand>;
  readonly never: ReadonlySet<Operand>;
}

export const WHOLE: Dropped = { neutral: new Set(), never: new Set() };

/** Columns that join; whatever else is compared with a column is a predicate. */
const KEY = /^"\w+"\."(person_id|firm_id|area|k\d+|c\d+)" = "\w+"\."(person_id|firm_id|area|k\d+|c\d+)"$/;

/** Conditions of ON or of a semi-join: the keys, which are never dropped, and the rest. */
export function splitKeys(text: string): { readonly keys: readonly string[]; readonly rest: string | null } {
  const parts = split(text, ' AND ');
  const keys = parts.filter((part) => KEY.test(part));
  const rest = parts.filter((part) => !KEY.test(part));
  return { keys, rest: rest.length === 0 ? null : rest.join(' AND ') };
}

/** Reads a printed condition. AND of several may stand without brackets, as after WHERE. */
export function readCondition(text: string): Operand {
  const within = inside(text);
  const body = within !== null && !isBin(within) ? within : text;
  for (const [kind, word] of [
    ['or', ' OR '],
    ['and', ' AND '],
  ] as const) {
    const parts = split(body, word);
    if (parts.length > 1) return { kind, text: `(${body})`, items: parts.map(readCondition), sql: [] };
  }
  return { kind: 'leaf', text: body, items: [], sql: leafSql(body) };
}

function leafSql(text: string): Template {
  const semi = /^(NOT )?EXISTS \(/.exec(text);
  if (semi === null) return [text];
  const parts = cut(text.slice(semi[0].length, -1), ' WHERE ');
  if (parts === null) return [text];
  const { keys, rest } = splitKeys(parts[1]);
  const head = `${semi[0]}${parts[0]} WHERE ${keys.join(' AND ')}`;
  return rest === null ? [`${head})`] : [`${head} AND `, readCondition(rest), ')'];
}

const MANTISSAS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Whether the text is one comparison with a bin (`=` after rounding): bounds on one column that are grid neighbours. */
function isBin(text: string): boolean {
  const [lower, upper, more] = split(text, ' AND ');
  const low = /^(.+) >= (.+)$/.exec(lower ?? '');
  const high = /^(.+) < (.+)$/.exec(upper ?? '');
  if (low === null || high === null || more !== undefined || low[1] !== high[1]) return false;
  const [from = '', to = ''] = [low[2], high[2]];
  if (from.startsWith('DATE')) return monthsOf(to) - monthsOf(from) === 1;
  const [a, b] = [Number(from), Number(to)];
  if (a === 0 && b <= 1) return true;
  if (a < 0) return true; // bins of negative numbers are shifted by a step; nothing else of the generator looks like them
  const power = 10 ** Math.floor(Math.log10(a) + 1e-9);
  const place = MANTISSAS.findIndex((mantissa) => Math.abs(mantissa * power - a) < 1e-9 * a);
  return place >= 0 && Math.abs((MANTISSAS[place + 1] ?? 0) * power - b) < 1e-9 * b;
}

function monthsOf(date: string): number {
  const [, year, month] = /(\d{4})-(\d\d)-01/.exec(date) ?? [];
  return Number(year) * 12 + Number(month);
}

/** The SQL of a template without what was dropped. */
export function print(template: Template, dropped: Dropped): string {
  return template.map((part) => (typeof part === 'string' ? part : printOperand(part, dropped, 'TRUE'))).join('');
}

function printOperand(operand: Operand, dropped: Dropped, neutral: 'TRUE' | 'FALSE'): string {
  if (dropped.never.has(operand)) return 'FALSE';
  if (dropped.neutral.has(operand)) return neutral;
  if (operand.kind === 'leaf') return print(operand.sql, dropped);
  const [word, own] = operand.kind === 'and' ? [' AND ', 'TRUE' as const] : [' OR ', 'FALSE' as const];
  return `(${operand.items.map((item) => printOperand(item, dropped, own)).join(word)})`;
}

export function operandsIn(template: Template): readonly Operand[] {
  return template.filter((part) => typeof part !== 'string');
}

/** Parts of a node in which another may stand. */
export function partsOf(operand: Operand): readonly Operand[] {
  return operand.kind === 'leaf' ? operandsIn(operand.sql) : operand.items;
}

export function contains(operand: Operand, wanted: Operand): boolean {
  return operand === wanted || partsOf(operand).some((part) => contains(part, wanted));
}

/** D20, leaves before their parents: leaves by text, then inner nodes, the deeper first. */
export function inOrder(roots: readonly Operand[]): readonly Operand[] {
  const leaves: Operand[] = [];
  const inner: { readonly operand: Operand; readonly depth: number }[] = [];
  const walk = (operand: Operand, depth: number): void => {
    const parts = partsOf(operand);
    if (parts.length === 0) leaves.push(operand);
    else inner.push({ operand, depth });
    for (const part of parts) walk(part, depth + 1);
  };
  for (const root of roots) walk(root, 0);
  const byText = (a: Operand, b: Operand): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
  leaves.sort(byText);
  inner.sort((a, b) => b.depth - a.depth || byText(a.operand, b.operand));
  return [...leaves, ...inner.map((item) => item.operand)];
}
