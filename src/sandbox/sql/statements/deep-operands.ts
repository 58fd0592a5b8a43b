import { NOTHING_DROPPED, printTemplate, type SqlTemplate } from '../model/condition.ts';
import type { GateProgram, Term } from '../model/program.ts';

/**
 * Where a condition stands inside FROM, as far as it tells which terms it cannot change whatever is in the data.
 * `branch`: WHERE of a branch of UNION ALL. `feature`: FILTER of one column of a table per unit. `optional`: somewhere in
 * what a LEFT JOIN brings, `single` if that brings at most one row. `other`: it may change anything.
 */
export type DeepPlace =
  | { readonly kind: 'branch' }
  | { readonly kind: 'other' }
  | { readonly kind: 'feature'; readonly column: string }
  | { readonly kind: 'optional'; readonly alias: string; readonly single: boolean };

const OTHER: DeepPlace = { kind: 'other' };

/** A bracket that is open at some place of the text. */
interface Bracket {
  readonly start: number;
  readonly isSelect: boolean;
  readonly isFilter: boolean;
  /** Conditions inside, with the column of this SELECT that they decide, once it is known. */
  readonly waiting: { readonly id: number; inFilter: boolean; inWhere: boolean; column: string | null }[];
  hasUnion: boolean;
  readonly keys: string[];
}

interface Joined {
  readonly alias: string;
  readonly isLeft: boolean;
  /** Conditions in the source and in ON. */
  readonly inside: Bracket['waiting'];
  readonly keys: readonly string[];
  readonly hasUnion: boolean;
  readonly isSelect: boolean;
  on: string;
}

/**
 * The place of every condition in FROM, by its number; one that stands in several places is `other`. Reads the text that
 * `compile` prints (`derived.ts`, `derived-rows.ts`, `rows.ts`); whatever does not look like it is `other`.
 * Source: gate.md §6 (neutral operands), docs/adr/0015.
 */
export function deepPlaces(program: Pick<GateProgram, 'from'>): ReadonlyMap<number, DeepPlace> {
  const found = new Map<number, DeepPlace>();
  const note = (id: number, place: DeepPlace): void => {
    const known = found.get(id);
    found.set(id, known === undefined || JSON.stringify(known) === JSON.stringify(place) ? place : OTHER);
  };
  const joined = joinedIn(program.from);
  for (const [index, item] of joined.entries()) {
    const isLast = joined.slice(index + 1).every((other) => other.isLeft);
    const single =
      item.isSelect && !item.hasUnion && item.keys.length > 0 && item.keys.every((key) => item.on.includes(`${item.alias}.${key}`));
    for (const { id, inFilter, inWhere, column } of item.inside) {
      if (inFilter && column !== null) note(id, { kind: 'feature', column: `${item.alias}.${column}` });
      else if (item.hasUnion) note(id, inWhere ? { kind: 'branch' } : OTHER);
      else note(id, item.isLeft && isLast ? { kind: 'optional', alias: item.alias, single } : OTHER);
    }
  }
  return found;
}

const MARK = '\u0001';

/** The joined tables of a FROM, each with the conditions it holds. */
function joinedIn(from: SqlTemplate): readonly Joined[] {
  const text = from.map((part) => (typeof part === 'string' ? part : `${MARK}${part.id}${MARK}`)).join('');
  const top: Joined[] = [];
  const stack: Bracket[] = [];
  let last: Bracket | null = null;
  let isLeft = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const rest = text.slice(at, at + 80);
    const bracket = stack.at(-1);
    if (char === "'" || char === '"') {
      const end = text.indexOf(char, at + 1);
      if (end < 0) return [];
      const current = top.at(-1);
      if (bracket === undefined && current !== undefined) current.on += text.slice(at, end + 1);
      at = end;
    } else if (char === '(') {
      stack.push({
        start: at,
        isSelect: rest.startsWith('(SELECT '),
        isFilter: text.slice(0, at).endsWith(' FILTER ') && rest.startsWith('(WHERE '),
        waiting: [],
        hasUnion: false,
        keys: [],
      });
    } else if (char === ')') {
      const closed = stack.pop();
      if (closed === undefined) return [];
      const outer = stack.at(-1);
      if (outer === undefined) last = closed;
      // What a nested SELECT decides is not followed further.
      else
        outer.waiting.push(
          ...closed.waiting.map((item) => (closed.isSelect ? { ...item, inFilter: false, inWhere: false, column: '' } : item)),
        );
    } else if (char === MARK) {
      const end = text.indexOf(MARK, at + 1);
      const item = {
        id: Number(text.slice(at + 1, end)),
        inFilter: bracket?.isFilter === true,
        inWhere: text.slice(0, at).endsWith(' WHERE '),
        column: null,
      };
      if (bracket !== undefined) bracket.waiting.push(item);
      else top.at(-1)?.inside.push({ ...item, inFilter: false, inWhere: false, column: '' });
      at = end;
    } else if (bracket?.isSelect === true) {
      if (rest.startsWith(' UNION ALL ')) bracket.hasUnion = true;
      const [, name] = /^ AS ("(?:[^"]|"")+")/.exec(rest) ?? [];
      if (name !== undefined) {
        for (const item of bracket.waiting) item.column ??= name;
        if (/^"k\d+"$/.test(name)) bracket.keys.push(name);
      }
    } else if (bracket === undefined) {
      const [join] = /^ (LEFT )?JOIN /.exec(rest) ?? [];
      if (join !== undefined) {
        [last, isLeft] = [null, join.includes('LEFT')];
        at += join.length - 2;
        continue;
      }
      const [, alias] = /^ AS (t\d+)\b/.exec(rest) ?? [];
      if (alias !== undefined) {
        const source = last;
        top.push({
          alias,
          isLeft,
          inside: [...(source?.waiting ?? [])],
          keys: source?.keys ?? [],
          hasUnion: source?.hasUnion ?? false,
          isSelect: source?.isSelect ?? false,
          on: '',
        });
        [last, isLeft] = [null, false];
      }
      const current = top.at(-1);
      if (current !== undefined && alias === undefined) current.on += char;
    }
  }
  return top;
}

/** Whether a term may change if a condition at this place is dropped. */
export function mayChange(program: GateProgram, term: Term, place: DeepPlace): boolean {
  if (place.kind !== 'feature' && place.kind !== 'optional') return true;
  const name = place.kind === 'feature' ? place.column : `${place.alias}.`;
  const mentions = (template: SqlTemplate): boolean => printTemplate(template, NOTHING_DROPPED).includes(name);
  const everywhere = [...(program.where === null ? [] : [program.where]), ...program.keys.map((key) => key.sql)];
  if (mentions(everywhere)) return true;
  // The name stands once in FROM where it is joined; more often, something there is computed from it.
  if (place.kind === 'feature' && mentions(program.from)) return true;
  const piece = term.piece === null ? undefined : program.pieces[term.piece];
  if (piece !== undefined && mentions([piece])) return true;
  if (term.kind === 'unit') return place.kind === 'optional' && (program.units[term.unit]?.number ?? name).includes(name);
  const own = 'sql' in term ? term.sql : '';
  if (own.includes(name)) return true;
  return place.kind === 'optional' && !place.single;
}
